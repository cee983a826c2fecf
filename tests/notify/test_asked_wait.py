"""How long a receiver asks to be left alone."""

import httpx
import pytest

from opsconsole.notify.asked_wait import asked_wait

# Wed, 21 Oct 2026 07:28:00 GMT
NOW = 1_792_567_680.0


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("", 0),
        ("0", 0),
        ("120", 120),
        ("9" * 5000, float("inf")),
        ("-120", 0),
        ("1e9", 0),
        ("soon", 0),
        ("\u0661\u0662", 0),
        ("Wed, 21 Oct 2026 07:30:00 GMT", 120),
        ("Wednesday, 21-Oct-26 07:30:00 GMT", 120),
        ("Wed Oct 21 07:30:00 2026", 120),
        ("Wed, 21 Oct 2026 14:30:00 +0700", 120),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0),
        ("Wed, 41 Oct 2026 07:30:00 GMT", 0),
        ("Wed, 21 Oct 99999 07:30:00 GMT", 0),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0),
        ("Wed, 21 Oct 2026 07:30:00 GMT" + " " * 100 + "x", 0),
    ],
)
def test_seconds_and_dates_are_understood_and_anything_else_asks_for_nothing(asked: str, seconds: float):
    headers = httpx.Headers([(b"Retry-After", asked.encode())], encoding="utf-8")
    assert asked_wait(headers, NOW) == seconds


def test_a_receiver_whose_clock_is_wrong_asks_by_his_own():
    late = {"date": "Wed, 21 Oct 2026 05:00:00 GMT", "retry-after": "Wed, 21 Oct 2026 05:01:00 GMT"}
    assert asked_wait(late, NOW) == 60
    assert asked_wait({**late, "date": "yesterday"}, NOW) == 0
