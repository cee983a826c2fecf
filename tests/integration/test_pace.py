"""Days, paces, and how many times one the other is."""

from datetime import date

import pytest

from opsconsole.integration import rules
from opsconsole.integration.days import Counted, count
from opsconsole.integration.road import as_of, seal
from opsconsole.inventory.road_model import Definition, Milestone
from tests.integration.roads import KINDS, facts, gain, loss, many, opd, register

OFF = frozenset({date(2026, 12, 25)})
TEN = Counted(10, "calendar")


def test_calendar_days_count_after_one_day_up_to_another():
    assert count(date(2019, 9, 23), date(2019, 12, 31), "calendar", ()) == (99, "calendar", ())
    assert count(date(2019, 12, 31), date(2020, 3, 31), "calendar", ()).days == 91
    assert count(date(2020, 3, 31), date(2020, 3, 31), "working", ()).days == 0
    assert count(date(2020, 4, 1), date(2020, 3, 31), "calendar", ()).days == 0


def test_working_days_leave_out_weekends_and_days_off():
    assert count(date(2026, 12, 20), date(2026, 12, 27), "working", OFF) == (4, "working", ())


def test_a_year_without_a_calendar_makes_all_days_calendar_days_and_is_named():
    assert count(date(2026, 12, 24), date(2027, 1, 3), "working", OFF) == (10, "calendar", (2027,))


def test_what_is_needed_a_day():
    assert rules.required_pace(30.0, 10.0, TEN) == 2.0
    assert rules.required_pace((4.0, 5.0), 0.0, TEN) == (0.4, 0.5)
    assert rules.required_pace(30.0, (4.0, 5.0), TEN) == (2.5, 2.6)
    assert rules.required_pace(5.0, 9.0, TEN) == 0.0
    assert rules.required_pace(5.0, 0.0, Counted(0, "calendar")) is None


def test_the_ratio_takes_both_from_the_same_assumption():
    assert rules.pace_ratio((0.4, 0.5), (2.5, 2.6)) == pytest.approx((5.0, 6.5))
    assert rules.pace_ratio(0.5, 1.0) == 2.0
    assert rules.pace_ratio(0.0, 1.0) is None
    assert rules.pace_ratio(None, 1.0) is None
    assert rules.pace_ratio(1.0, None) is None


def test_the_actual_pace_is_gains_minus_falls():
    assert rules.actual_pace(3, 1, TEN) == 0.2
    assert rules.actual_pace(3, 1, Counted(0, "working")) == 0.0


GOAL = Milestone(
    id="goal",
    name="Goal",
    date=date(2026, 12, 31),
    start=date(2026, 1, 1),
    measure="integrated",
    target="all",
)


def test_the_pace_counts_what_fell_too():
    road = as_of(
        facts(
            many(10),
            gain("2026-10-01", "OPD1"),
            gain("2026-10-02", "OPD2"),
            loss("2026-11-02", "OPD1"),
            milestones=[GOAL],
        ),
        date(2026, 11, 24),
    )
    assert (road.gains, road.falls, road.done, road.remaining) == (2, 1, 1, 9)
    assert road.actual_pace == pytest.approx(1 / 90)
    assert road.required_pace == pytest.approx(9 / 38)


def test_whoever_is_integrated_is_connected():
    road = as_of(
        facts(many(3), gain("2026-10-01", "OPD1"), gain("2026-10-01", "OPD2", "connected")), date(2026, 11, 1)
    )
    assert (road.connected, road.integrated) == (2, 1)


def test_an_opd_that_ends_leaves_both_lines_and_is_no_fall():
    known = register(opd("A", "2017-01-01", "2026-10-31"), opd("B"), opd("C", "2026-11-01", "", "A"))
    road = as_of(facts(known, gain("2026-10-01", "A"), milestones=[GOAL]), date(2026, 11, 24))
    assert (road.scope, road.done, road.falls) == (2, 0, 0)
    assert [(one.day, one.scope, one.done) for one in road.burn_up[-3:]] == [
        (date(2026, 10, 1), 2, 1),
        (date(2026, 11, 1), 2, 0),
        (date(2026, 11, 24), 2, 0),
    ]


def test_an_office_without_a_road_says_what_it_can():
    road = as_of(facts(many(2)), date(2026, 11, 24))
    assert (road.definition, road.scope, road.current, road.required_pace) == ("v1", 2, "", None)
    assert road.forecast_why == "thin"


def test_before_the_first_milestone_begins_its_pace_is_that_of_its_plan():
    road = as_of(facts(many(10), milestones=[GOAL]), date(2025, 6, 1))
    assert road.current == "goal"
    assert road.required_pace == pytest.approx(10 / 364)


def test_a_milestone_that_was_met_says_so():
    [goal] = as_of(facts(many(1), gain("2026-02-01", "OPD0"), milestones=[GOAL]), date(2027, 2, 1)).milestones
    assert (goal.met, goal.phase, goal.done) == (True, "past", 1)


def test_a_definition_that_says_something_else_has_another_seal():
    one = Definition(version="v1", kinds=KINDS)
    assert seal(one) == seal(Definition(version="v1", kinds=KINDS))
    assert seal(one) != seal(Definition(version="v1", kinds=KINDS, connected_level=1))
