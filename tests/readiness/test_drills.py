"""When people may be drilled, and until when an answer counts."""

from datetime import datetime
from pathlib import Path

import pytest

from opsconsole.inventory.load import load
from opsconsole.readiness.drills import Drill, Quiet, begin, quiet, result
from tests.readiness.town import at, rules

# The office of the example: its hours, its Ramadan, its days off of 2026.
OFFICE = load(Path(__file__).parents[2] / "config")
CALENDAR, RULES = OFFICE.calendar, OFFICE.readiness


def due(tier: int, day: str, clock: str) -> str:
    found = begin(RULES, CALENDAR, tier, at(day, clock))
    if isinstance(found, Quiet):
        return found.why
    until = datetime.fromtimestamp(found.due_at, CALENDAR.zone)
    return f"{found.hours} {until:%a %H:%M}"


@pytest.mark.parametrize(
    ("tier", "day", "clock", "wanted"),
    [
        (1, "2026-11-24", "09:00", "inside Tue 09:15"),
        (2, "2026-11-24", "09:00", "inside Tue 10:00"),
        (2, "2026-11-24", "11:30", "inside Tue 13:30"),  # the break does not count
        (2, "2026-11-20", "16:00", "inside Mon 08:00"),  # nor does the weekend
        (3, "2026-11-24", "09:00", "inside Wed 09:00"),
        (4, "2026-11-20", "10:00", "inside Mon 10:00"),
        (1, "2026-11-24", "22:00", "outside Tue 22:30"),
        (1, "2026-11-21", "09:00", "outside Sat 09:30"),
        (2, "2026-11-24", "22:00", "outside"),
    ],
)
def test_an_answer_counts_within_the_target_of_its_tier(tier: int, day: str, clock: str, wanted: str):
    assert due(tier, day, clock) == wanted


@pytest.mark.parametrize(
    ("day", "clock", "why"),
    [
        ("2026-11-27", "11:29", ""),
        ("2026-11-27", "11:30", "quiet"),  # Friday prayer
        ("2026-11-27", "12:59", "quiet"),
        ("2026-11-27", "13:00", ""),
        ("2026-11-26", "12:00", ""),
        ("2026-03-03", "12:15", "quiet"),  # Ramadan
        ("2026-03-03", "18:00", "quiet"),
        ("2026-03-03", "10:00", ""),
        ("2026-08-17", "10:00", "holiday"),
    ],
)
def test_nobody_is_drilled_at_prayer_in_the_breaks_of_ramadan_and_on_days_off(day: str, clock: str, why: str):
    found = quiet(RULES, CALENDAR, at(day, clock))
    assert (found.why if found else "") == why


def test_an_office_may_drill_on_days_off():
    assert quiet(rules("on_holidays = true"), CALENDAR, at("2026-08-17", "10:00")) is None


def test_a_tier_without_a_target_is_not_drilled():
    only = rules('[[drills]]\ntiers = [1]\ninside = "15m"\n')
    assert begin(only, CALENDAR, 2, at("2026-11-24", "09:00")) == Quiet("outside")
    assert isinstance(begin(only, CALENDAR, 1, at("2026-11-24", "09:00")), Drill)


def test_an_answer_after_its_time_is_late_and_none_is_missed():
    assert [result(10.0, answered) for answered in (9.0, 10.0, 10.1, None)] == [
        "pass",
        "pass",
        "late",
        "missed",
    ]
