"""What held over a stretch of the past: exact sums, no gap, the worst of each cell."""

from hypothesis import given
from hypothesis import strategies as st

from opsconsole.client.history import ENGINE_OFF, SECONDS, WINDOWS, step_of
from opsconsole.client.shapes import State
from opsconsole.health.history import Account, Stretch, Turn, account, held, p95, worst

MINUTE = 60_000
ALWAYS = [(-(1 << 40), 1 << 40)]


def turn(at: int, before: State, after: State) -> Turn:
    return Turn(at, before, after, "no_response" if after is State.DOWN else "ok")


def words(stretches: list[Stretch]) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.state.value) for one in stretches]


def test_a_state_holds_from_its_change_to_the_next() -> None:
    turns = [
        turn(-50, State.PENDING, State.UP),
        turn(40, State.UP, State.DOWN),
        turn(70, State.DOWN, State.UP),
    ]
    found = held(turns, State.UP, -100, ALWAYS, (0, 100))
    assert words(found) == [(0, 40, "up"), (40, 70, "down"), (70, 100, "up")]
    assert found[1].reason == "no_response"


def test_what_never_changed_is_what_it_shows_now_since_it_was_configured() -> None:
    assert words(held([], State.OFF, 30, ALWAYS, (0, 100))) == [(0, 30, "pending"), (30, 100, "off")]
    assert words(held([], State.UP, 300, ALWAYS, (0, 100))) == [(0, 100, "pending")]


def test_before_the_first_known_change_it_was_what_that_change_ended() -> None:
    found = held([turn(60, State.WARN, State.UP)], State.UP, -5, ALWAYS, (0, 100))
    assert words(found) == [(0, 60, "warn"), (60, 100, "up")]


def test_nothing_is_known_of_the_time_when_the_engine_was_off() -> None:
    turns = [turn(0, State.PENDING, State.UP)]
    found = held(turns, State.UP, 0, [(5, 40), (60, 90), (85, 95)], (0, 100))
    assert words(found) == [
        (0, 5, "unknown"), (5, 40, "up"), (40, 60, "unknown"), (60, 95, "up"), (95, 100, "unknown"),
    ]  # fmt: skip
    assert {one.reason for one in found if one.state is State.UNKNOWN} == {ENGINE_OFF}
    assert words(held(turns, State.UP, 0, [], (0, 100))) == [(0, 100, "unknown")]


def test_each_state_counts_as_what_the_office_agreed_on() -> None:
    stretches = [Stretch(number * 10, number * 10 + 10, state) for number, state in enumerate(State)]
    assert account(stretches) == Account(up=20, down=20, unknown=30, excluded=30)


def test_availability_is_an_interval_with_its_coverage() -> None:
    low, high, coverage = Account(up=90, down=5, unknown=5, excluded=100).percentages() or (0, 0, 0)
    assert (round(low, 6), round(high, 6), round(coverage, 6)) == (90, 95, 95)
    assert Account(0, 0, 0, 100).percentages() is None


def test_the_worst_state_wins_a_cell_however_short_it_was() -> None:
    stretches = [
        Stretch(0, 19, State.UP), Stretch(19, 20, State.DOWN), Stretch(20, 45, State.UP),
        Stretch(45, 100, State.MAINT),
    ]  # fmt: skip
    cells = worst(stretches, 0, 20, 5)
    assert [cell.value for cell in cells] == ["down", "up", "maint", "maint", "maint"]


def test_the_95th_percentile_is_by_nearest_rank() -> None:
    assert p95([]) == 0
    assert p95([7.0]) == 7
    assert p95(range(1, 101)) == 95
    assert p95(range(1, 21)) == 19


def test_cells_are_whole_minutes_or_hours_that_fill_the_window() -> None:
    assert [step_of(window, 72) for window in WINDOWS] == [60, 1200, 10_800]
    assert step_of("7d", 84) == 7200
    for window in WINDOWS:
        for cells in range(1, 201):
            assert SECONDS[window] % step_of(window, cells) == 0


STATES = st.sampled_from(State)
TURNS = st.lists(st.tuples(st.integers(-50, 250), STATES, STATES), max_size=12).map(
    lambda rows: [Turn(at, before, after) for at, before, after in sorted(rows, key=lambda row: row[0])]
)
RUNS = st.lists(st.tuples(st.integers(-50, 250), st.integers(0, 120)), max_size=6).map(
    lambda rows: [(at, at + length) for at, length in rows]
)


@given(TURNS, STATES, st.integers(-100, 300), RUNS, st.integers(0, 100), st.integers(1, 150))
def test_the_four_always_add_up_to_the_window(
    turns: list[Turn], now: State, first: int, runs: list[tuple[int, int]], start: int, length: int
) -> None:
    window = (start, start + length)
    found = held(turns, now, first, runs, window)
    assert [found[0].start, *(one.end for one in found)] == [*(one.start for one in found), window[1]]
    assert all(one.start < one.end for one in found)
    assert sum(account(found)) == length
    inside = sum(any(a <= at < b for a, b in runs) for at in range(*window))
    off = sum(one.end - one.start for one in found if one.reason == ENGINE_OFF)
    assert off == length - inside
    # A cell is as bad as the worst moment in it.
    for number, state in enumerate(worst(found, start, 10, -(-length // 10))):
        cell = range(start + number * 10, min(start + number * 10 + 10, window[1]))
        moments = [next(one.state for one in found if one.start <= at < one.end) for at in cell]
        assert state is min(moments, key=lambda one: one.severity)
