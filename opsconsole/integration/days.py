"""Days counted: calendar days, or working days where the calendar knows every year of them. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal, NamedTuple

Days = Literal["calendar", "working"]
_FRIDAY = 4


class Counted(NamedTuple):
    """How many days, of which kind; ``missing`` are the years for which no working-day calendar is there."""

    days: int
    kind: Days
    missing: tuple[int, ...] = ()


def count(after: date, until: date, wanted: Days, days_off: Collection[date]) -> Counted:
    """The days after one day up to and with another; 0 where that is not later.

    Working days are Monday to Friday without ``days_off``; a year of which none is listed has no calendar,
    and then all of them are calendar days.
    """
    whole = max(0, (until - after).days)
    if wanted == "calendar" or not whole:
        return Counted(whole, wanted)
    days = [after + timedelta(days=number) for number in range(1, whole + 1)]
    known = {day.year for day in days_off}
    missing = tuple(sorted({day.year for day in days} - known))
    if missing:
        return Counted(whole, "calendar", missing)
    return Counted(sum(day.weekday() <= _FRIDAY and day not in days_off for day in days), "working")
