"""Open and closed: Fridays, Ramadan, days off, midnight, other zones."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.base.paths import example_office
from opsconsole.inventory.calendar import Calendar, make_calendar
from opsconsole.inventory.load import load
from opsconsole.inventory.model import CalendarFile
from tests.inventory.offices import MakeOffice

WIB = ZoneInfo("Asia/Jakarta")
CALENDAR = """\
ramadan = [{ first = 2026-02-19, last = 2026-03-20 }]

[[hours]]
name = "loket"
week = [
  { days = "mon-thu", open = ["07:30-16:00"] },
  { days = "fri", open = ["07:30-11:30", "13:00-16:30"] },
]
ramadan = [{ days = "mon-fri", open = ["08:00-15:00"] }]

[[hours]]
name = "malam"
week = [{ days = "mon-sun", open = ["21:00-05:00"] }]
holidays = "open"

[[hours]]
name = "jumat-malam"
week = [{ days = "fri", open = ["22:00-24:00"] }, { days = "sat", open = ["00:00-02:00"] }]

[[hours]]
name = "terus"
week = [{ days = "mon-sun", open = ["00:00-24:00"] }]
holidays = "open"

[[hours]]
name = "tutup"
week = [{ days = "mon", open = [] }]

[[hours]]
name = "timur"
zone = "Asia/Jayapura"
week = [{ days = "mon-fri", open = ["08:00-16:00"] }]

[[hours]]
name = "berlin"
zone = "Europe/Berlin"
week = [{ days = "sun", open = ["01:00-04:00"] }]

[holidays]
2026-08-17 = "Hari Kemerdekaan"

[collective_leave]
2026-12-24 = "Natal"
"""


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.fixture
def calendar(make_office: MakeOffice) -> Calendar:
    return load(make_office(calendar=CALENDAR)).calendar


@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        ("always", "2026-08-17T03:00", True),
        ("loket", "2026-11-24T07:29:59", False),
        ("loket", "2026-11-24T07:30", True),
        ("loket", "2026-11-24T15:59:59", True),
        ("loket", "2026-11-24T16:00", False),
        ("loket", "2026-11-27T11:29", True),
        ("loket", "2026-11-27T12:00", False),
        ("loket", "2026-11-27T13:00", True),
        ("loket", "2026-11-28T10:00", False),
        ("loket", "2026-08-17T10:00", False),
        ("loket", "2026-12-24T10:00", False),
        ("loket", "2026-02-18T07:45", True),
        ("loket", "2026-02-19T07:45", False),
        ("loket", "2026-03-20T12:00", True),
        ("loket", "2026-03-23T07:45", True),
        ("malam", "2026-08-17T20:59", False),
        ("malam", "2026-08-17T21:00", True),
        ("malam", "2026-08-18T04:59", True),
        ("malam", "2026-08-18T05:00", False),
        ("jumat-malam", "2026-11-28T00:30", True),
        ("jumat-malam", "2026-11-27T00:30", False),
        ("tutup", "2026-11-23T10:00", False),
        ("timur", "2026-11-24T06:30", True),
        ("timur", "2026-11-24T14:30", False),
    ],
)
def test_open_at(calendar: Calendar, hours: str, when: str, is_open: bool):
    assert calendar.open_at(hours, wib(when)) is is_open
    assert calendar.open_at(hours, wib(when).astimezone(UTC)) is is_open


@pytest.mark.parametrize(
    ("hours", "when", "change"),
    [
        ("loket", "2026-11-24T03:00", "2026-11-24T07:30"),
        ("loket", "2026-11-24T07:30", "2026-11-24T16:00"),
        ("loket", "2026-11-27T12:00", "2026-11-27T13:00"),
        ("loket", "2026-11-27T20:00", "2026-11-30T07:30"),
        ("loket", "2026-08-14T17:00", "2026-08-18T07:30"),
        ("loket", "2026-02-18T17:00", "2026-02-19T08:00"),
        ("malam", "2026-11-24T23:00", "2026-11-25T05:00"),
        ("jumat-malam", "2026-11-27T22:00", "2026-11-28T02:00"),
        ("always", "2026-11-24T00:00", None),
        ("terus", "2026-11-24T00:00", None),
        ("tutup", "2026-11-24T00:00", None),
    ],
)
def test_the_next_change(calendar: Calendar, hours: str, when: str, change: str | None):
    assert calendar.next_change(hours, wib(when)) == (wib(change) if change else None)


@pytest.fixture(scope="module")
def example() -> Calendar:
    return load(example_office()).calendar


@pytest.mark.parametrize(
    ("hours", "monday", "open_hours"),
    [
        ("kantor", "2026-11-23", 37.5),
        ("kantor", "2026-02-23", 32.5),
        # A holiday and a collective leave take their days out of it: 24 and 25 December.
        ("kantor", "2026-12-21", 22.5),
        ("loket", "2026-11-23", 41.5),
        ("puskesmas", "2026-02-23", 32.5),
    ],
)
def test_the_weeks_of_the_example_office_are_those_of_the_decree(
    example: Calendar, hours: str, monday: str, open_hours: float
):
    quarters = [wib(f"{monday}T00:00") + timedelta(minutes=15 * number) for number in range(7 * 96)]
    assert sum(example.open_at(hours, when) for when in quarters) / 4 == open_hours


@pytest.mark.parametrize(
    ("when", "change"),
    [
        # The Friday prayer, in an ordinary week and in Ramadan.
        ("2026-11-27T09:00", "2026-11-27T11:30"),
        ("2026-11-27T11:30", "2026-11-27T13:00"),
        ("2026-02-27T11:30", "2026-02-27T12:30"),
        ("2026-02-27T13:00", "2026-02-27T15:00"),
        # The last evening before Ramadan, and Idulfitri with its collective leave.
        ("2026-02-18T16:00", "2026-02-19T08:00"),
        ("2026-03-17T15:00", "2026-03-25T07:30"),
    ],
)
def test_the_office_opens_and_closes_when_people_do(example: Calendar, when: str, change: str):
    assert example.next_change("kantor", wib(when)) == wib(change)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        ("2026-11-30", []),
        ("2026-12-01", [("holidays", 2027), ("ramadan", 2027)]),
        ("2027-01-01", [("holidays", 2027), ("ramadan", 2027)]),
        ("2027-12-01", [(key, year) for key in ("holidays", "ramadan") for year in (2027, 2028)]),
    ],
)
def test_what_is_not_listed_of_a_year_is_known(example: Calendar, today: str, missing: list[tuple[str, int]]):
    assert example.missing(date.fromisoformat(today)) == missing


def test_who_has_no_hours_or_none_for_ramadan_lacks_nothing_of_it():
    assert make_calendar(CalendarFile(), "UTC").missing(date(2026, 1, 1)) == []
    plain = '[[hours]]\nname = "x"\nweek = [{ days = "fri", open = ["08:00-09:00"] }]\n'
    calendar = make_calendar(CalendarFile.model_validate(tomllib.loads(plain)), "UTC")
    assert calendar.missing(date(2026, 1, 1)) == [("holidays", 2026)]
    # A Ramadan that begins in December belongs to both years.
    over = CALENDAR.replace("first = 2026-02-19, last = 2026-03-20", "first = 2030-12-26, last = 2031-01-24")
    calendar = make_calendar(CalendarFile.model_validate(tomllib.loads(over)), "UTC")
    assert [one.key for one in calendar.missing(date(2030, 12, 1))] == ["holidays", "holidays"]


def test_clocks_that_are_put_forward_or_back(calendar: Calendar):
    spring, autumn = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    assert calendar.next_change("berlin", spring) == spring.replace(hour=2)
    assert calendar.next_change("berlin", autumn) == autumn.replace(hour=3)


def test_hours_that_nobody_named(calendar: Calendar):
    with pytest.raises(KeyError):
        calendar.open_at("lokte", wib("2026-11-24T10:00"))


@given(st.sampled_from(["loket", "malam", "jumat-malam", "timur"]), st.integers(0, 500 * 24 * 60))
def test_nothing_changes_before_the_next_change(hours: str, minutes: int):
    calendar = make_calendar(CalendarFile.model_validate(tomllib.loads(CALENDAR)), "Asia/Jakarta")
    when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    change = calendar.next_change(hours, when)
    assert change is not None and when < change
    before = calendar.open_at(hours, when)
    step = (change - when) / 7
    assert {calendar.open_at(hours, when + part * step) for part in range(7)} == {before}
    assert calendar.open_at(hours, change) is not before
