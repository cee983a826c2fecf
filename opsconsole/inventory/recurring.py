"""Maintenance that comes again and again, as calendar.toml declares it: by the wall clock of an IANA zone.

A window begins when the clock on the wall says so and lasts as long as a stop-watch says. A start that
the clock passes over, in spring, comes later by as much as the clock is put on; one that it shows twice,
in autumn, is the first of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from opsconsole.inventory.model import RecurringMaintenance

_DAY = timedelta(days=1)
# The rarest day there is, a fifth weekday or a 31st, comes again well within a year.
_HORIZON = timedelta(days=366)
_LAST = -1
# For a window without a first or a last day; no arithmetic leads out of the calendar from there.
_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)


class Occurrence(NamedTuple):
    """One of its windows, aware UTC times; the end is no longer in it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Recurring:
    """One declared maintenance.

    ``days`` are days of the week, Monday 0, of which ``nth`` is the place in the month: 0 for every one,
    -1 for the last. Where there are none, ``day_of_month`` is the day, -1 the last. A month without that
    day has no window. ``first`` and ``last`` are days on which it may begin.
    """

    name: str
    applies_to: tuple[str, ...]
    zone: ZoneInfo
    days: frozenset[int]
    nth: int
    day_of_month: int
    start: time
    lasts: timedelta
    first: date
    last: date

    def running(self, when: datetime) -> list[Occurrence]:
        """Its windows that hold at ``when``; several where one begins before another ends."""
        # Two days to spare: for the zone's own date, and for a start that the clock passes over.
        since = when - self.lasts - 2 * _DAY
        return [one for one in self._from(since, when + 2 * _DAY) if one.start <= when < one.end]

    def coming(self, when: datetime) -> Occurrence | None:
        """Its first window that begins after ``when``; None when there is none any more."""
        begins = max(when, datetime.combine(self.first, time(), UTC)) - 2 * _DAY
        found = (one for one in self._from(begins, begins + _HORIZON) if one.start > when)
        return next(found, None)

    def _from(self, since: datetime, until: datetime) -> Iterator[Occurrence]:
        day, end = max(since.date(), self.first), min(until.date(), self.last)
        while day <= end:
            if self._holds(day):
                start = datetime.combine(day, self.start, self.zone).astimezone(UTC)
                yield Occurrence(start, start + self.lasts)
            day += _DAY

    def _holds(self, day: date) -> bool:
        if not self.days:
            ends_month = (day + _DAY).day == 1
            return ends_month if self.day_of_month == _LAST else day.day == self.day_of_month
        if day.weekday() not in self.days:
            return False
        if self.nth == _LAST:
            return (day + 7 * _DAY).month != day.month
        return self.nth in (0, (day.day + 6) // 7)


def make_recurring(written: RecurringMaintenance, zone: ZoneInfo) -> Recurring:
    """What a file declares, in the office's zone where it names no other."""
    return Recurring(
        name=written.name,
        applies_to=tuple(written.applies_to),
        zone=ZoneInfo(written.zone) if written.zone else zone,
        days=frozenset(written.days or ()),
        nth=written.nth,
        day_of_month=written.day_of_month,
        start=written.start,
        lasts=timedelta(seconds=written.lasts),
        first=written.first or _EARLIEST,
        last=written.last or _LATEST,
    )
