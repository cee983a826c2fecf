"""Windows of maintenance: fixed, flexible, triggered, nested; who is covered, and when that changes."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.health.maintenance import Kind, Subject, Window, cover, next_edge, params, turn

SIMRS, SIAK, PDN = Subject("simrs", "RSUD"), Subject("siak", "DUKCAPIL"), Subject("service:pdn")
ROWS = (SIMRS, SIAK, PDN)


def fixed(key: str = "1", start: float = 100.0, end: float = 200.0, *subjects: str) -> Window:
    return Window(key=key, subjects=subjects or ("simrs",), start=start, end=end, by="budi", why="uji")


def flexible(key: str = "1", start: float = 100.0, end: float = 200.0, lasts: float = 60.0) -> Window:
    return Window(key=key, subjects=("simrs",), kind=Kind.FLEXIBLE, start=start, end=end, lasts=lasts)


def triggered(key: str, row: str, parent: Subject, lasts: float = 0.0) -> Window:
    return Window(
        key=key, subjects=(row,), kind=Kind.TRIGGERED, start=0.0, end=900.0, lasts=lasts, parent=parent
    )


class Run:
    """Windows turned again and again, each time with what the turn before left."""

    def __init__(self, *windows: Window) -> None:
        self.windows = windows
        self.told: list[tuple[float, str, str]] = []

    def at(self, now: float, *troubled: Subject) -> dict[str, float]:
        """Until when each covered row is, at ``now``."""
        turned = turn(self.windows, now, lambda window: any(window.covers(one) for one in troubled))
        self.windows = turned.windows
        self.told += [(now, "begun", one.key) for one in turned.begun]
        self.told += [(now, "over" if one.runs else "never", one.key) for one in turned.over]
        shown = {row.id: cover(self.windows, row) for row in ROWS}
        return {row_id: window.ends for row_id, window in shown.items() if window is not None}


def test_a_fixed_window_holds_from_its_start_until_just_before_its_end():
    run = Run(fixed())
    assert run.at(99.999) == {}
    assert run.at(100.0) == run.at(199.999) == {"simrs": 200.0}
    assert run.at(200.0) == {}
    assert run.told == [(100.0, "begun", "1"), (200.0, "over", "1")]


@pytest.mark.parametrize(
    ("subject", "covered"),
    [
        ("simrs", ["simrs"]),
        ("service:pdn", ["service:pdn"]),
        ("opd:RSUD", ["simrs"]),
        ("opd:rsud", ["simrs"]),
        ("opd:", []),
        ("*", ["simrs", "siak", "service:pdn"]),
        ("sim", []),
    ],
)
def test_a_subject_is_a_row_an_agency_or_everything(subject: str, covered: list[str]):
    assert list(Run(fixed("1", 100.0, 200.0, subject)).at(150.0)) == covered


def test_a_flexible_window_begins_with_the_first_trouble_and_lasts_past_its_end():
    run = Run(flexible())
    assert run.at(50.0, SIMRS) == run.at(120.0) == run.at(150.0, SIAK) == {}
    assert run.at(190.0, SIMRS) == {"simrs": 250.0}
    assert run.at(249.0) == {"simrs": 250.0}
    assert run.at(250.0, SIMRS) == {}
    assert run.told == [(190.0, "begun", "1"), (250.0, "over", "1")]


def test_a_flexible_window_begins_at_its_start_where_the_trouble_is_there_already():
    assert Run(flexible()).at(100.0, SIMRS) == {"simrs": 160.0}


def test_a_flexible_window_without_trouble_never_begins():
    run = Run(flexible())
    assert run.at(150.0) == run.at(200.0, SIMRS) == {}
    assert run.told == [(200.0, "never", "1")]


def test_a_triggered_window_begins_and_ends_with_its_parents():
    run = Run(fixed("1", 100.0, 200.0, "service:pdn"), triggered("2", "siak", PDN))
    assert run.at(50.0) == {}
    assert run.at(100.0) == {"service:pdn": 200.0, "siak": 200.0}
    assert run.at(200.0) == {}
    assert [told[1:] for told in run.told] == [("begun", "1"), ("begun", "2"), ("over", "1"), ("over", "2")]


def test_a_triggered_window_may_last_on_its_own():
    run = Run(fixed("1", 100.0, 200.0, "service:pdn"), triggered("2", "siak", PDN, lasts=300.0))
    assert run.at(120.0) == {"service:pdn": 200.0, "siak": 420.0}
    assert run.at(300.0) == {"siak": 420.0}
    assert run.at(420.0) == {}


def test_a_triggered_window_goes_on_as_long_as_any_maintenance_of_its_parent():
    windows = (fixed("1", 100.0, 200.0, "*"), fixed("3", 150.0, 400.0, "service:pdn"))
    run = Run(*windows, triggered("2", "siak", PDN))
    assert run.at(120.0)["siak"] == 200.0
    assert run.at(150.0)["siak"] == 400.0
    assert run.at(300.0) == {"service:pdn": 400.0, "siak": 400.0}
    # What the parent's was ended early, by command, ends it too.
    run.windows = tuple(one for one in run.windows if one.key != "3")
    assert run.at(310.0) == {}


def test_triggers_follow_each_other_and_two_that_trigger_each_other_do_not_hold_on():
    chain = (triggered("3", "simrs", SIAK), triggered("2", "siak", PDN))
    run = Run(*chain, fixed("1", 100.0, 200.0, "service:pdn"))
    assert run.at(100.0) == {"service:pdn": 200.0, "siak": 200.0, "simrs": 200.0}
    assert run.at(200.0) == {}
    run = Run(triggered("2", "siak", SIMRS), triggered("3", "simrs", SIAK), fixed())
    assert run.at(150.0) == {"simrs": 200.0, "siak": 200.0}
    assert run.at(200.0) == {}


def test_a_trigger_whose_parent_is_never_worked_on_is_over_at_its_end():
    run = Run(triggered("2", "siak", PDN))
    assert run.at(899.0) == {}
    assert run.at(900.0) == {}
    assert run.told == [(900.0, "never", "2")]


def test_windows_that_overlap_nest_and_the_last_to_end_is_shown():
    run = Run(fixed("1", 100.0, 200.0), fixed("2", 150.0, 180.0), fixed("3", 190.0, 300.0))
    assert [run.at(now) for now in (100.0, 160.0, 185.0, 190.0, 250.0, 300.0)] == [
        *[{"simrs": 200.0}] * 3,
        *[{"simrs": 300.0}] * 2,
        {},
    ]


def test_a_window_that_began_by_a_clock_that_was_set_back_has_not_begun():
    run = Run(fixed(), flexible("2", 100.0, 400.0))
    assert run.at(150.0, SIMRS) == {"simrs": 210.0}
    assert run.at(90.0) == {}
    assert run.at(110.0) == {"simrs": 200.0}


def test_what_is_shown_of_a_window():
    Run(window := fixed()).at(150.0)
    began = turn([window], 150.0, lambda _window: False).windows[0]
    assert params(began) == {"until": "1970-01-01T00:03:20Z", "by": "budi", "why": "uji"}


NEVER: Callable[[Window], bool] = lambda _window: False  # noqa: E731
times = st.integers(0, 120)


@st.composite
def many(draw: st.DrawFn) -> list[Window]:
    windows = []
    for number in range(draw(st.integers(1, 6))):
        start = draw(times)
        subject = draw(st.sampled_from(["simrs", "siak", "opd:RSUD", "service:pdn", "*"]))
        windows.append(fixed(str(number), float(start), float(start + draw(st.integers(1, 60))), subject))
    return windows


def by_hand(windows: list[Window], row: Subject, minute: int) -> bool:
    """Whether somebody with the list in hand would say that it is under maintenance."""
    covering = {
        "simrs": ("simrs", "opd:RSUD", "*"),
        "siak": ("siak", "*"),
        "service:pdn": ("service:pdn", "*"),
    }
    return any(one.subjects[0] in covering[row.id] and one.start <= minute < one.end for one in windows)


@settings(max_examples=100, deadline=None)
@given(many(), st.sampled_from([1, 7, 33]))
def test_who_is_covered_is_what_the_list_says_minute_by_minute(windows: list[Window], stride: int):
    run = Run(*windows)
    for minute in range(0, 190, stride):
        assert set(run.at(float(minute))) == {row.id for row in ROWS if by_hand(windows, row, minute)}


@settings(max_examples=100, deadline=None)
@given(many(), times)
def test_nothing_changes_before_the_next_edge_and_something_does_at_it(windows: list[Window], minute: int):
    turned = turn(windows, float(minute), NEVER).windows
    edge = next_edge(turned, float(minute))
    running = {one.key for one in turned if one.runs}
    if edge is None:
        assert turned == ()
        return
    before = turn(turned, edge - 0.001, NEVER).windows
    assert {one.key for one in before if one.runs} == running
    assert {one.key for one in turn(turned, edge, NEVER).windows if one.runs} != running


@settings(max_examples=100, deadline=None)
@given(
    many(),
    st.lists(st.tuples(times, st.booleans()), max_size=12, unique_by=lambda look: look[0]),
    st.integers(1, 40),
    times,
)
def test_a_flexible_window_runs_for_its_time_from_the_first_trouble_in_it(
    others: list[Window], looks: list[tuple[int, bool]], lasts: int, start: int
):
    window = flexible("f", float(start), start + 30.0, float(lasts))
    run = Run(window, *others)
    looks = sorted(looks)
    first = next((at for at, bad in looks if bad and start <= at < start + 30), None)
    for at, bad in looks:
        run.at(float(at), *((SIMRS,) if bad else ()))
        runs = any(one.key == "f" and one.runs for one in run.windows)
        assert runs is (first is not None and first <= at < first + lasts)
