"""The strip of an application's past: one glyph for each cell, honest figures, times under their cells."""

from datetime import UTC, datetime, timedelta

from opsconsole.client.history import SECONDS, Bucket, History, Window, step_of
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.strip import cells_in, percent, strip_lines, strip_rule
from tests.console.rows import NIGHT, VIEW, view


def history(window: Window = "24h", width: int = 80, **fields: object) -> History:
    step = step_of(window, cells_in(width))
    start = NIGHT - timedelta(seconds=SECONDS[window])
    usual = {
        "buckets": tuple(
            Bucket(
                at=start + timedelta(seconds=number * step), state=State.UP, p95_ms=100.0, looks=20,
                answered=20,
            )
            for number in range(SECONDS[window] // step)
        ),
        "low_pct": 100.0, "high_pct": 100.0, "slow_over_s": 3.0,
    }  # fmt: skip
    return History(
        application="siak", probe="", window=window, start=start, end=NIGHT, step_s=step,
        **(usual | fields),  # type: ignore[arg-type]
    )  # fmt: skip


def lines(found: History, at: datetime | None = None) -> list[str]:
    return [plain(line) for line in strip_lines(found, at, VIEW)]


def test_each_cell_has_the_glyph_of_its_state_and_of_its_latency() -> None:
    looks = (
        (State.UP, 700, 20, 20), (State.UP, 1400, 20, 20), (State.WARN, 2900, 20, 20),
        (State.WARN, 3100, 20, 20), (State.DOWN, 0, 20, 0), (State.UNKNOWN, 0, 0, 0),
        (State.MAINT, 0, 20, 20),
    )  # fmt: skip
    buckets = tuple(
        Bucket(at=NIGHT, state=state, p95_ms=p95, looks=n, answered=k) for state, p95, n, k in looks
    )
    states, latencies, _axis = lines(history(buckets=buckets))
    assert states == " state  ++~~!?="
    assert latencies == " p95    .:|#x ."


def test_without_a_limit_the_slowest_cell_is_the_measure() -> None:
    buckets = tuple(
        Bucket(at=NIGHT, state=State.UP, p95_ms=p95, looks=1, answered=1) for p95 in (10, 50, 100)
    )
    assert lines(history(buckets=buckets, slow_over_s=0.0))[1] == " p95    .:|"


def test_it_fits_the_screen_that_it_is_drawn_for() -> None:
    for window in SECONDS:
        for width in (60, 80, 100, 132, 200):
            found = history(window, width)
            drawn = [strip_rule(found, window, view(width)), *strip_lines(found, None, view(width))]
            assert all(len(plain(line)) <= width for line in drawn)


def test_the_times_stand_under_their_cells_in_the_offices_zone() -> None:
    axis = lines(history())[2]
    # The window begins at 02:14: the first cell that holds 03:00 is the third, of twenty minutes each.
    assert axis.index("03") == 8 + 2
    assert axis.split() == ["03", "06", "09", "12", "15", "18", "21", "00"]
    assert lines(history("1h"))[2].split() == ["01:20", "01:30", "01:40", "01:50", "02:00"]
    assert "23 Nov" in lines(history("7d"))[2]


def test_a_place_is_marked_where_it_lies_and_nowhere_else() -> None:
    axis = lines(history(), NIGHT - timedelta(hours=24) + timedelta(minutes=41))[2]
    assert axis[8 + 2] == "^"
    assert lines(history(), NIGHT)[2].endswith("^")
    assert "^" not in lines(history(), NIGHT - timedelta(days=2))[2]


def test_what_is_not_whole_is_never_shown_as_whole() -> None:
    assert percent(99.999) == "99.99"
    assert percent(100.0) == "100.00"
    assert percent(98.61) == "98.61"
    rule = plain(strip_rule(history(low_pct=98.619, high_pct=98.705, p95_ms=1900.0), "24h", VIEW))
    assert "available 98.61-98.70 %  p95 1.9s" in rule
    assert "available 98.61 %" in plain(strip_rule(history(low_pct=98.612, high_pct=98.617), "24h", VIEW))
    assert "nothing counts" in plain(strip_rule(history(low_pct=None, high_pct=None), "24h", VIEW))


def test_before_it_is_read_the_strip_says_so() -> None:
    assert "reading" in plain(strip_lines(None, datetime(2026, 1, 1, tzinfo=UTC), VIEW)[0])
    assert "7 DAYS" in plain(strip_rule(None, "7d", VIEW))
