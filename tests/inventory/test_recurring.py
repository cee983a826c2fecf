"""Declared maintenance: by the wall clock of its zone, through DST, over days and months."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.base.errors import Invalid
from opsconsole.inventory.load import load
from opsconsole.inventory.model import RecurringMaintenance
from opsconsole.inventory.recurring import Occurrence, Recurring, make_recurring
from tests.inventory.offices import MakeOffice

JAKARTA = ZoneInfo("Asia/Jakarta")


def rule(**keys: object) -> Recurring:
    written = {"name": "jendela", "applies_to": ["simpus"], "start": "22:00", "lasts": "4h"} | keys
    return make_recurring(RecurringMaintenance.model_validate(written), JAKARTA)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def starts(one: Recurring, when: str, number: int) -> list[str]:
    """The next starts after ``when``, in the rule's own zone."""
    found, moment = [], at(when)
    for _ in range(number):
        coming = one.coming(moment)
        assert coming is not None
        moment = coming.start
        found.append(f"{moment.astimezone(one.zone):%a %d %b %Y %H:%M}")
    return found


# name: keys, after, the next starts
PATTERNS: dict[str, tuple[dict[str, object], list[str]]] = {
    "a day of the week": ({"days": "sun"}, ["Sun 29 Nov 2026 22:00", "Sun 06 Dec 2026 22:00"]),
    "several days": (
        {"days": "tue-wed"},
        ["Tue 24 Nov 2026 22:00", "Wed 25 Nov 2026 22:00", "Tue 01 Dec 2026 22:00"],
    ),
    "the first Sunday": ({"days": "sun", "nth": 1}, ["Sun 06 Dec 2026 22:00", "Sun 03 Jan 2027 22:00"]),
    "the fifth Friday, where there is one": (
        {"days": "fri", "nth": 5},
        ["Fri 29 Jan 2027 22:00", "Fri 30 Apr 2027 22:00"],
    ),
    "the last Friday": ({"days": "fri", "nth": -1}, ["Fri 27 Nov 2026 22:00", "Fri 25 Dec 2026 22:00"]),
    "a day of the month": ({"day_of_month": 5}, ["Sat 05 Dec 2026 22:00", "Tue 05 Jan 2027 22:00"]),
    "the 31st, where there is one": (
        {"day_of_month": 31},
        ["Thu 31 Dec 2026 22:00", "Sun 31 Jan 2027 22:00", "Wed 31 Mar 2027 22:00"],
    ),
    "the last day": (
        {"day_of_month": -1},
        ["Mon 30 Nov 2026 22:00", "Thu 31 Dec 2026 22:00", "Sun 31 Jan 2027 22:00", "Sun 28 Feb 2027 22:00"],
    ),
    "from a day on": ({"days": "mon", "first": date(2028, 2, 29)}, ["Mon 06 Mar 2028 22:00"]),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_when_it_begins(name: str):
    keys, wanted = PATTERNS[name]
    assert starts(rule(**keys), "2026-11-24T12:00:00+07:00", len(wanted)) == wanted


def test_after_its_last_day_there_is_none():
    one = rule(days="mon-sun", last=date(2026, 11, 24))
    assert starts(one, "2026-11-24T12:00:00+07:00", 1) == ["Tue 24 Nov 2026 22:00"]
    assert one.coming(at("2026-11-24T22:00:00+07:00")) is None
    # What began on it lasts its time.
    assert one.running(at("2026-11-25T01:59:59+07:00"))
    assert not one.running(at("2026-11-25T02:00:00+07:00"))


# Gatus' faults: its test of "yesterday's window" knows hours only, and 24 h at most.
EDGES: dict[str, tuple[dict[str, object], str, bool]] = {
    "before the start": ({"days": "mon-sun", "start": "10:30", "lasts": "30m"}, "2026-11-24T10:29:59", False),
    "at the start": ({"days": "mon-sun", "start": "10:30", "lasts": "30m"}, "2026-11-24T10:30:00", True),
    "at the end": ({"days": "mon-sun", "start": "10:30", "lasts": "30m"}, "2026-11-24T11:00:00", False),
    "yesterday's, to the minute": (
        {"days": "mon", "start": "10:30", "lasts": "24h"},
        "2026-11-24T10:29",
        True,
    ),
    "yesterday's, over": ({"days": "mon", "start": "10:30", "lasts": "24h"}, "2026-11-24T10:30", False),
    "the same hour of yesterday": (
        {"days": "mon", "start": "10:30", "lasts": "1h"},
        "2026-11-24T10:45",
        False,
    ),
    "a weekend of 60 h, begun": ({"days": "fri", "lasts": "60h"}, "2026-11-27T22:00", True),
    "a weekend of 60 h, on Sunday": ({"days": "fri", "lasts": "60h"}, "2026-11-29T12:00", True),
    "a weekend of 60 h, its last minute": ({"days": "fri", "lasts": "60h"}, "2026-11-30T09:59", True),
    "a weekend of 60 h, over": ({"days": "fri", "lasts": "60h"}, "2026-11-30T10:00", False),
    "past midnight": ({"days": "tue"}, "2026-11-25T01:00", True),
}


@pytest.mark.parametrize("name", EDGES)
def test_whether_it_runs(name: str):
    keys, when, runs = EDGES[name]
    assert bool(rule(**keys).running(at(when).replace(tzinfo=JAKARTA))) is runs


# Berlin put its clock from 02:00 to 03:00 on 28 March 2027 and from 03:00 to 02:00 on 31 October 2027.
CLOCK_CHANGES: dict[str, tuple[str, str, str, str]] = {
    "a start that the clock passes over comes an hour later": (
        "2027-03-28", "02:30", "2027-03-28T01:30:00+00:00", "2027-03-28T03:30:00+00:00",
    ),
    "a start that the clock shows twice is the first": (
        "2027-10-31", "02:30", "2027-10-31T00:30:00+00:00", "2027-10-31T02:30:00+00:00",
    ),
    "two hours over the change in spring are two hours": (
        "2027-03-28", "01:30", "2027-03-28T00:30:00+00:00", "2027-03-28T02:30:00+00:00",
    ),
    "two hours over the change in autumn are two hours": (
        "2027-10-31", "01:30", "2027-10-30T23:30:00+00:00", "2027-10-31T01:30:00+00:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_through_a_change_of_the_clock(name: str):
    day, start, begins, ends = CLOCK_CHANGES[name]
    one = rule(zone="Europe/Berlin", days="sun", start=start, lasts="2h")
    wanted = Occurrence(at(begins).astimezone(UTC), at(ends).astimezone(UTC))
    assert one.coming(at(f"{day}T00:00:00+01:00") - timedelta(hours=2)) == wanted
    assert one.running(wanted.start) == [wanted]
    assert one.running(wanted.end) == []


def by_hand(one: Recurring, first: datetime, minutes: int) -> list[bool]:
    """Minute by minute: what a person with the wall clock in view and a stop-watch in hand would say."""
    length = int(one.lasts.total_seconds() // 60)
    lead = length + 2 * 1440
    walls = [(first + timedelta(minutes=number)).astimezone(one.zone) for number in range(-lead, minutes)]
    begun: dict[date, int] = {}
    for number, wall in enumerate(walls):
        wanted = datetime.combine(wall.date(), one.start)
        if wall.date() in begun or not matches(one, wall.date()):
            continue
        shown = wall.replace(tzinfo=None)
        if shown == wanted:
            begun[wall.date()] = number
        elif number and shown > wanted and walls[number - 1].replace(tzinfo=None) < wanted:
            # Passed over: as much later as the clock was put on.
            before = walls[number - 1].replace(tzinfo=None)
            begun[wall.date()] = number - 1 + int((wanted - before).total_seconds() // 60)
    runs = [False] * len(walls)
    for start in begun.values():
        runs[start : start + length] = [True] * len(runs[start : start + length])
    return runs[lead:]


def matches(one: Recurring, day: date) -> bool:
    if not one.first <= day <= one.last:
        return False
    in_month = [day.replace(day=number) for number in range(1, last_of(day) + 1)]
    if not one.days:
        wanted = (
            [in_month[-1]] if one.day_of_month == -1 else in_month[one.day_of_month - 1 : one.day_of_month]
        )
        return day in wanted
    if one.nth == 0:
        return day.weekday() in one.days
    for weekday in one.days:
        same = [other for other in in_month if other.weekday() == weekday]
        place = one.nth - 1 if one.nth > 0 else -1
        if place < len(same) and same[place] == day:
            return True
    return False


def last_of(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


ZONES = ("Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "UTC")
# Days around which clocks change somewhere, and ordinary ones.
DAYS = st.sampled_from(
    [date(2027, 3, 26), date(2027, 10, 29), date(2026, 4, 3), date(2026, 9, 4), date(2026, 11, 24)]
)


@st.composite
def rules(draw: st.DrawFn) -> Recurring:
    weekly = draw(st.booleans())
    return Recurring(
        name="acak",
        applies_to=("*",),
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)) if weekly else frozenset(),
        nth=draw(st.sampled_from([0, 0, 1, 4, 5, -1])) if weekly else 0,
        day_of_month=0 if weekly else draw(st.sampled_from([1, 15, 28, 29, 30, 31, -1])),
        start=time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 1, 15, 30, 59]))),
        lasts=timedelta(minutes=draw(st.sampled_from([1, 45, 60, 240, 1440, 1500, 3600]))),
        first=draw(st.sampled_from([date(1970, 1, 1), date(2026, 9, 6), date(2027, 3, 28)])),
        last=draw(st.sampled_from([date(9000, 1, 1), date(2027, 10, 30)])),
    )


@settings(max_examples=25, deadline=None)
@given(rules(), DAYS)
def test_it_runs_when_a_person_with_a_clock_would_say_so(one: Recurring, day: date):
    first, minutes = datetime.combine(day, time(), UTC), 3 * 1440
    wanted = by_hand(one, first, minutes)
    moments = [first + timedelta(minutes=number) for number in range(minutes)]
    # Each turn of the answer, the minute before it, and every hour.
    asked = {number for number in range(minutes) if number % 60 == 0}
    asked |= {n + back for n in range(1, minutes) if wanted[n] is not wanted[n - 1] for back in (0, -1)}
    for number in asked:
        assert bool(one.running(moments[number])) is wanted[number], moments[number]


@settings(max_examples=60, deadline=None)
@given(rules(), DAYS, st.integers(0, 2880))
def test_nothing_begins_before_what_is_said_to_come_next(one: Recurring, day: date, minute: int):
    when = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
    coming = one.coming(when)
    last = when + timedelta(days=10)
    if coming is not None:
        assert coming.start > when
        assert coming in one.running(coming.start)
        last = min(last, coming.start)
    running = set(one.running(when))
    while (when := when + timedelta(minutes=97)) < last:
        assert set(one.running(when)) <= running


WRITTEN = """\
[[maintenance]]
name = "cadangan"
applies_to = ["simpus", "opd:dinkes", "*"]
days = "sun"
start = "01:00"
lasts = "4h"
"""


def test_it_is_read_from_the_calendar(make_office: MakeOffice):
    (one,) = load(make_office(calendar=WRITTEN)).calendar.maintenance
    assert (one.name, one.zone, one.lasts) == ("cadangan", JAKARTA, timedelta(hours=4))
    assert one.applies_to == ("simpus", "opd:dinkes", "*")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"simpus"', '"simpuss"', 'calendar.toml:3: applies_to: found "simpuss", but no application'),
        ("opd:dinkes", "opd:dinkess", "there is no opd/dinkess.toml; nearest: DINKES"),
        ('days = "sun"\n', "", 'calendar.toml:1: days: want either "days" of the week or a "day_of_month"'),
        ('days = "sun"', 'days = "sun"\nday_of_month = 1', 'day_of_month: want either "days"'),
        ('days = "sun"', "day_of_month = 1\nnth = 1", 'calendar.toml:5: nth: is for "days" of the week'),
        ('lasts = "4h"', 'lasts = "31d"', 'lasts: found "31d", want a duration between 1m and 30d'),
        ('lasts = "4h"', 'lasts = "1s"', 'lasts: found "1s", want a duration between 1m and 30d'),
        ('start = "01:00"', 'start = "25:00"', 'calendar.toml:5: start: found "25:00", want a time of day'),
        ('lasts = "4h"', 'lasts = "4h"\nfirst = 2026-02-01\nlast = 2026-01-01', "calendar.toml:8: last: "),
        (WRITTEN, WRITTEN + WRITTEN, 'calendar.toml:8: name: found "cadangan"'),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(make_office: MakeOffice, old: str, new: str, line: str):
    folder: Path = make_office(calendar=WRITTEN.replace(old, new))
    with pytest.raises(Invalid) as refused:
        load(folder)
    assert any(line in one for one in refused.value.lines), refused.value.lines
