"""When the office and its services are open: weeks, Ramadan, holidays, in IANA time zones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from opsconsole.inventory.fields import ALWAYS, EVERYTHING, Span
from opsconsole.inventory.model import CalendarFile, NamedHours, Period, Row, Season
from opsconsole.inventory.recurring import Recurring, make_recurring
from opsconsole.inventory.shifts import Shift, Shifts, make_shifts

_DAY = timedelta(days=1)
# Hours that have not changed for so long never do: a week, holidays and a Ramadan fit well inside.
_HORIZON_DAYS = 400
_FOREVER = datetime.max.replace(tzinfo=UTC)
_WEEKDAYS = 7
# From this month on the next year's days off should be there: the joint decree is out by then.
_NEXT_YEAR_FROM = 12

Week = tuple[tuple[Span, ...], ...]


class MissingYear(NamedTuple):
    """A year of which the calendar lists no day off, or no Ramadan though hours have rows for it."""

    key: Literal["holidays", "ramadan"]
    year: int

    @property
    def code(self) -> str:
        """As findings and notices name it."""
        return "year_missing" if self.key == "holidays" else "ramadan_missing"


class Stretch(NamedTuple):
    """Aware UTC times between which the state is the same; ``end`` may be the end of time."""

    start: datetime
    end: datetime
    open: bool


@dataclass(slots=True)
class ServiceHours:
    """One set of hours: spans of each day of the week, Monday first, outside and in Ramadan."""

    name: str
    zone: ZoneInfo
    week: Week
    ramadan: Week
    open_on_holidays: bool
    # The last answer: most questions are about the stretch that the one before was in.
    latest: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The office's calendar. Times given are aware; times returned are UTC.

    ``sla_hours`` names the hours that count as working time.
    """

    zone: ZoneInfo
    hours: Mapping[str, ServiceHours]
    shifts: Shifts
    sla_hours: str = ALWAYS
    ramadan: tuple[Period, ...] = ()
    days_off: frozenset[date] = frozenset()
    maintenance: tuple[Recurring, ...] = ()
    seasons: tuple[Season, ...] = ()

    def open_at(self, hours_name: str, when: datetime) -> bool:
        """Whether hours of this name are open at ``when``. Raises KeyError for a name not in the calendar."""
        return hours_name == ALWAYS or self._stretch(hours_name, when).open

    def next_change(self, hours_name: str, when: datetime) -> datetime | None:
        """The first moment after ``when`` at which they open or close; None when they never do."""
        if hours_name == ALWAYS:
            return None
        end = self._stretch(hours_name, when).end
        return None if end == _FOREVER else end

    def missing(self, today: date) -> list[MissingYear]:
        """What is not listed of this year, and from December on of the next.

        Without days off every weekday counts as a working day, without its Ramadan as an ordinary one. An
        office without hours needs neither.
        """
        if not self.hours:
            return []
        off = {day.year for day in self.days_off}
        fasting = {day.year for period in self.ramadan for day in (period.first, period.last)}
        has_rows = any(hours.ramadan != hours.week for hours in self.hours.values())
        years = [today.year] + [today.year + 1] * (today.month >= _NEXT_YEAR_FROM)
        return [
            *(MissingYear("holidays", year) for year in years if year not in off),
            *(MissingYear("ramadan", year) for year in years if has_rows and year not in fasting),
        ]

    def shift_at(self, when: datetime) -> Shift:
        """The shift that runs then."""
        return self.shifts.at(when)

    def in_season(self, when: datetime, row_id: str = "") -> bool:
        """Whether a peak season of this row, or of everything, holds on the office's day of ``when``."""
        today = when.astimezone(self.zone).date()
        return any(
            season.first <= today <= season.last
            for season in self.seasons
            if EVERYTHING in season.applies_to or row_id in season.applies_to
        )

    def working_end(self, start: datetime, seconds: float, hours_name: str) -> datetime:
        """When so many seconds of these hours have passed since ``start``.

        Hours that never open again end nothing: from there on the clock runs around the clock.
        """
        at, wanted = start, timedelta(seconds=seconds)
        while True:
            change = self.next_change(hours_name, at)
            if self.open_at(hours_name, at):
                if change is None or change - at >= wanted:
                    return (at + wanted).astimezone(UTC)
                wanted -= change - at
            elif change is None:
                return (at + wanted).astimezone(UTC)
            at = change

    def working_seconds(self, start: datetime, end: datetime, hours_name: str) -> float:
        """How much of the time between two moments lies in these hours; 0 where the end is not later."""
        at, passed = start, timedelta()
        while at < end:
            change = self.next_change(hours_name, at) or end
            until = min(change, end)
            if self.open_at(hours_name, at):
                passed += until - at
            at = until
        return passed.total_seconds()

    def working_days_end(self, start: datetime, days: int, hours_name: str) -> datetime:
        """So many working days later, at the time of day at which it began to count.

        What starts while they are closed counts from when they open. On a day that ends earlier, it is
        when that day closes; within a break, when that is over. Hours that never open again end nothing.
        """
        begins = start if self.open_at(hours_name, start) else self.next_change(hours_name, start)
        hours = self.hours.get(hours_name)
        if hours is None or begins is None:
            return (start + days * _DAY).astimezone(UTC)
        local = begins.astimezone(hours.zone)
        # Hours that go past midnight began on the day before.
        day, left = local.date(), days
        for number in range(1, _HORIZON_DAYS):
            spans = list(self._spans(hours, day + number * _DAY))
            left -= bool(spans)
            if spans and not left:
                wanted = _utc(datetime.combine(day + number * _DAY, local.time()), hours.zone)
                return _within(spans, wanted)
        return (start + days * _DAY).astimezone(UTC)

    def _stretch(self, name: str, when: datetime) -> Stretch:
        hours = self.hours[name]
        latest = hours.latest
        if latest is None or not latest.start <= when < latest.end:
            latest = hours.latest = self._find_stretch(hours, when)
        return latest

    def _find_stretch(self, hours: ServiceHours, when: datetime) -> Stretch:
        day = when.astimezone(hours.zone).date()
        since = when
        last_end: datetime | None = None
        for number in range(-1, _HORIZON_DAYS):
            for start, end in self._spans(hours, day + number * _DAY):
                if last_end is not None and start <= last_end:
                    last_end = max(last_end, end)
                    continue
                if last_end is not None and last_end > when:
                    return Stretch(since, last_end, True)
                if start > when:
                    return Stretch(since if last_end is None else last_end, start, False)
                since, last_end = start, end
        if last_end is not None and last_end > when:
            # Open without a gap for longer than anybody plans.
            return Stretch(since, _FOREVER, True)
        return Stretch(since if last_end is None else last_end, _FOREVER, False)

    def _spans(self, hours: ServiceHours, day: date) -> Iterable[tuple[datetime, datetime]]:
        """The open times that begin on a day, in UTC, in order."""
        if day in self.days_off and not hours.open_on_holidays:
            return
        in_ramadan = any(period.first <= day <= period.last for period in self.ramadan)
        midnight = datetime.combine(day, time())
        for start, end in (hours.ramadan if in_ramadan else hours.week)[day.weekday()]:
            yield _utc(midnight + start, hours.zone), _utc(midnight + end, hours.zone)


def make_calendar(written: CalendarFile, zone_name: str) -> Calendar:
    """The calendar that a file describes, in the office's zone where the file names no other."""
    zone = ZoneInfo(zone_name)
    return Calendar(
        zone=zone,
        hours={one.name: _service_hours(one, zone) for one in written.hours},
        ramadan=tuple(written.ramadan),
        days_off=frozenset({*written.holidays, *written.collective_leave}),
        maintenance=tuple(make_recurring(one, zone) for one in written.maintenance),
        shifts=make_shifts(written.shifts, zone),
        sla_hours=written.sla_hours,
        seasons=tuple(written.seasons),
    )


def _service_hours(written: NamedHours, zone: ZoneInfo) -> ServiceHours:
    return ServiceHours(
        name=written.name,
        zone=ZoneInfo(written.zone) if written.zone else zone,
        week=_week(written.week),
        ramadan=_week(written.ramadan or written.week),
        open_on_holidays=written.holidays == "open",
    )


def _week(rows: Iterable[Row]) -> Week:
    spans: list[list[Span]] = [[] for _day in range(_WEEKDAYS)]
    for row in rows:
        for day in row.days:
            spans[day] += row.open
    return tuple(tuple(sorted(day)) for day in spans)


def _within(spans: Sequence[tuple[datetime, datetime]], wanted: datetime) -> datetime:
    """``wanted`` itself where a span holds it, else the next start of one, at last the end of the day."""
    for start, end in spans:
        if wanted <= end:
            return max(wanted, start)
    return spans[-1][1]


def _utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
