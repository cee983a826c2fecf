"""The shifts of the people on duty: by the wall clock of the office's zone, each until the next begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from opsconsole.inventory.model import ShiftRow

_DAY = timedelta(days=1)
# The shifts of Ngalam 112, which hold where calendar.toml names none.
USUAL = ((time(5), "pagi"), (time(13), "siang"), (time(21), "malam"))


class Shift(NamedTuple):
    """One shift of one day: aware UTC times, the end no longer in it."""

    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shifts:
    """What each day is divided into. Every moment is in exactly one shift."""

    zone: ZoneInfo
    starts: tuple[tuple[time, str], ...]

    def at(self, when: datetime) -> Shift:
        """The shift that runs at an aware time."""
        # A day on both sides: a shift may have begun yesterday, and the next one begin tomorrow.
        begun = sorted(self._around(when))
        ahead = next(number for number, (start, _name) in enumerate(begun) if start > when)
        (start, name), (end, _next) = begun[ahead - 1], begun[ahead]
        return Shift(name, start, end)

    def _around(self, when: datetime) -> Iterable[tuple[datetime, str]]:
        today = when.astimezone(self.zone).date()
        for day in (today - _DAY, today, today + _DAY):
            for start, name in self.starts:
                yield datetime.combine(day, start, self.zone).astimezone(UTC), name


def make_shifts(rows: Iterable[ShiftRow], zone: ZoneInfo) -> Shifts:
    """The shifts that a file names, or the usual ones."""
    return Shifts(zone, tuple((one.start, one.name) for one in rows) or USUAL)
