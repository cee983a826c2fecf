"""Times as people type them, in the office's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.errors import Invalid
from opsconsole.client.moments import parse_moment

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)  # Tuesday 02:14 in Jakarta


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("01:30", "2026-11-23T18:30+00:00"),
        ("1.30", "2026-11-23T18:30+00:00"),
        ("02:14", "2026-11-23T19:14+00:00"),
        ("23:10", "2026-11-23T16:10+00:00"),
        ("02:13:58", "2026-11-23T19:13:58+00:00"),
        ("2026-11-23 22:00", "2026-11-23T15:00+00:00"),
        ("2026-11-24", "2026-11-23T17:00+00:00"),
        ("2026-11-23T15:00:00Z", "2026-11-23T15:00+00:00"),
        (" 2h ", "2026-11-23T17:14+00:00"),
        ("7d", "2026-11-16T19:14+00:00"),
    ],
)
def test_a_time_is_the_last_one_of_its_kind_in_the_offices_zone(text: str, wanted: str) -> None:
    assert parse_moment(text, WIB, NOW) == datetime.fromisoformat(wanted)


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "01:60", "2026-13-01", "-2h", "2w", "0001-01-01", "١:٣٠"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is no time"):
        parse_moment(text, WIB, NOW)


@pytest.mark.parametrize("text", ["2026-11-24 02:15", "2027-01-01"])
def test_what_has_not_come_yet_is_said(text: str) -> None:
    with pytest.raises(Invalid, match="has not come yet"):
        parse_moment(text, WIB, NOW)


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    try:
        assert parse_moment(text, WIB, NOW) <= NOW
    except Invalid:
        pass


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_lies_within_the_last_day(hour: int, minute: int) -> None:
    found = parse_moment(f"{hour:02}:{minute:02}", WIB, NOW)
    assert timedelta(0) <= NOW - found < timedelta(days=1)
    assert (found.astimezone(WIB).hour, found.astimezone(WIB).minute) == (hour, minute)
