"""Working time and days, shifts and peak seasons: Fridays, Ramadan, days off, other zones, new year."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import example_office
from opsconsole.inventory.load import load
from tests.incidents.policies import calendar, wib
from tests.inventory.offices import MakeOffice

CALENDAR = calendar()
HOURS = st.sampled_from(["kantor", "malam", "berlin", "always"])
# Over two years, to the second.
MOMENTS = st.integers(0, 730 * 86_400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
SPANS = st.integers(0, 40 * 86_400)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-11-24T09:00", 7200, "2026-11-24T11:00"),
        ("2026-11-24T11:00", 7200, "2026-11-24T14:00"),
        # The Friday prayer, in an ordinary week and in Ramadan.
        ("2026-11-27T11:00", 7200, "2026-11-27T14:30"),
        ("2026-02-27T11:00", 7200, "2026-02-27T14:00"),
        # Over a weekend; over Idulfitri with its collective leave; over the year's end.
        ("2026-11-27T16:00", 7200, "2026-11-30T09:00"),
        ("2026-03-17T14:00", 7200, "2026-03-25T08:30"),
        ("2026-12-31T15:00", 7200, "2027-01-04T08:30"),
        # What comes at night begins to count in the morning, and ends at the very close.
        ("2026-11-24T02:00", 7200, "2026-11-24T09:30"),
        ("2026-11-23T20:00", 27_000, "2026-11-24T16:00"),
        ("2026-11-24T09:00", 0, "2026-11-24T09:00"),
    ],
)
def test_working_time_ends_when_so_much_of_it_has_passed(start: str, seconds: float, end: str):
    assert CALENDAR.working_end(wib(start), seconds, "kantor") == wib(end)
    assert CALENDAR.working_seconds(wib(start), wib(end), "kantor") == seconds


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-24T09:00", 1, "2026-11-25T09:00"),
        ("2026-11-24T09:00", 5, "2026-12-01T09:00"),
        # On a Friday that ends later than Monday does; into the Friday prayer; from the break.
        ("2026-11-27T16:20", 1, "2026-11-30T16:00"),
        ("2026-11-26T11:45", 1, "2026-11-27T13:00"),
        ("2026-11-26T12:30", 1, "2026-11-27T13:00"),
        # At night it counts from the morning on.
        ("2026-11-24T02:00", 2, "2026-11-26T07:30"),
        ("2026-11-28T10:00", 1, "2026-12-01T07:30"),
        # Into Ramadan, which opens later; over Idulfitri; over the year's end.
        ("2026-02-18T07:40", 1, "2026-02-19T08:00"),
        ("2026-03-17T10:00", 1, "2026-03-25T10:00"),
        ("2026-12-31T10:00", 1, "2027-01-04T10:00"),
    ],
)
def test_working_days_end_at_the_same_time_of_day(start: str, days: int, end: str):
    assert CALENDAR.working_days_end(wib(start), days, "kantor") == wib(end)


def test_hours_that_never_open_again_stop_no_clock():
    start = wib("2026-11-24T09:00")
    assert CALENDAR.working_end(start, 7200, "tutup") == start + timedelta(hours=2)
    assert CALENDAR.working_days_end(start, 2, "tutup") == start + timedelta(days=2)
    assert CALENDAR.working_days_end(start, 2, "always") == start + timedelta(days=2)
    assert CALENDAR.working_days_end(start, 9000, "kantor") == start + timedelta(days=9000)
    assert CALENDAR.working_seconds(start, start + timedelta(days=9), "tutup") == 0
    assert CALENDAR.working_seconds(start, start - timedelta(days=9), "kantor") == 0


@given(HOURS, MOMENTS, SPANS)
def test_the_end_lies_so_much_working_time_after_the_start(hours: str, start: datetime, seconds: int):
    end = CALENDAR.working_end(start, seconds, hours)
    assert end.tzinfo is UTC
    assert CALENDAR.working_seconds(start, end, hours) == seconds
    assert end >= start + timedelta(seconds=seconds)


@given(HOURS, MOMENTS, SPANS, SPANS)
def test_working_time_adds_up(hours: str, start: datetime, first: int, then: int):
    middle, end = start + timedelta(seconds=first), start + timedelta(seconds=first + then)
    parts = CALENDAR.working_seconds(start, middle, hours), CALENDAR.working_seconds(middle, end, hours)
    assert CALENDAR.working_seconds(start, end, hours) == sum(parts)
    assert 0 <= sum(parts) <= first + then


@given(st.sampled_from(["kantor", "malam"]), MOMENTS, st.integers(1, 15), SPANS)
def test_what_is_opened_later_is_due_no_earlier(hours: str, start: datetime, days: int, later: int):
    due = CALENDAR.working_days_end(start, days, hours)
    assert due <= CALENDAR.working_days_end(start + timedelta(seconds=later), days, hours)
    assert due < CALENDAR.working_days_end(start, days + 1, hours)
    # It is no moment at which nobody is there: open, or the close of a day.
    assert CALENDAR.open_at(hours, due) or CALENDAR.open_at(hours, due - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("when", "name", "start", "end"),
    [
        ("2026-11-24T04:59:59", "malam", "2026-11-23T21:00", "2026-11-24T05:00"),
        ("2026-11-24T05:00", "pagi", "2026-11-24T05:00", "2026-11-24T13:00"),
        ("2026-11-24T12:00", "pagi", "2026-11-24T05:00", "2026-11-24T13:00"),
        ("2026-11-24T20:59", "siang", "2026-11-24T13:00", "2026-11-24T21:00"),
        ("2026-12-31T23:00", "malam", "2026-12-31T21:00", "2027-01-01T05:00"),
    ],
)
def test_without_any_named_the_shifts_are_those_of_112(when: str, name: str, start: str, end: str):
    assert CALENDAR.shift_at(wib(when)) == (name, wib(start), wib(end))


def test_an_office_names_its_own_shifts():
    one = calendar('shifts = [{ name = "sehari", start = "07:00" }]')
    assert one.shift_at(wib("2026-11-24T06:00")) == (
        "sehari",
        wib("2026-11-23T07:00"),
        wib("2026-11-24T07:00"),
    )
    unsorted = 'shifts = [{ name = "b", start = "19:00" }, { name = "a", start = "07:00" }]'
    assert calendar(unsorted).shift_at(wib("2026-11-24T08:00")).name == "a"


@given(MOMENTS, st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York"]))
def test_every_moment_is_in_one_shift_which_the_next_follows(when: datetime, zone: str):
    there = calendar('shifts = [{ name = "a", start = "02:30" }, { name = "b", start = "14:00" }]', zone=zone)
    shift = there.shift_at(when)
    assert shift.start <= when < shift.end
    assert there.shift_at(shift.end).start == shift.end
    assert there.shift_at(shift.start) == shift


@pytest.mark.parametrize(
    ("when", "row_id", "holds"),
    [
        ("2026-05-10T23:59", "spmb", False),
        ("2026-05-11T00:00", "spmb", True),
        ("2026-07-10T23:59", "spmb", True),
        ("2026-06-01T12:00", "portal", False),
        ("2026-06-01T12:00", "", False),
        ("2027-01-02T12:00", "portal", True),
        ("2027-01-02T12:00", "", True),
    ],
)
def test_a_season_holds_for_what_it_names(when: str, row_id: str, holds: bool):
    assert CALENDAR.in_season(wib(when), row_id) is holds


def test_the_example_office_has_its_shifts_seasons_and_hours():
    example = load(example_office()).calendar
    assert example.sla_hours == "kantor"
    assert example.shift_at(wib("2026-11-24T03:00")).name == "malam"
    assert example.in_season(wib("2026-12-15T03:00"), "lpse")
    assert not example.in_season(wib("2026-12-15T03:00"), "spmb")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'sla_hours = "kantro"',
            'calendar.toml:1: sla_hours: found "kantro", but there are no hours of that',
        ),
        (
            'sla_hours = "t"\nhours = [{ name = "t", week = [{ days = "mon", open = [] }] }]',
            'calendar.toml:1: sla_hours: found "t", which are never open',
        ),
        (
            'shifts = [{ name = "a", start = "05:00" }, { name = "b", start = "05:00" }]',
            'start: found "05:00", which calendar.toml has already',
        ),
        ('shifts = [{ name = "a", start = "25:00" }]', 'start: found "25:00", want a time of day'),
        (
            'seasons = [{ name = "a", first = 2026-05-02, last = 2026-05-01, applies_to = ["*"] }]',
            "last: found 2026-05-01, want first 2026-05-02 or later",
        ),
        (
            'seasons = [{ name = "a", first = 2026-05-02, last = 2026-05-03, applies_to = ["simpsu"] }]',
            'found "simpsu", but no application or service has this id; nearest: simpus',
        ),
    ],
)
def test_what_the_calendar_can_not_mean_is_refused(make_office: MakeOffice, text: str, told: str):
    with pytest.raises(Invalid) as error:
        load(make_office(calendar=text))
    (line,) = error.value.lines
    assert told in line
