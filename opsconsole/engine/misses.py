"""Looks that were not made, and looks that took longer than their interval: counted, with when and why.

What this run notes is kept in memory, for the day in the office's zone; what earlier runs of the day left
is found again in their looks and events. The loop alone writes here and replaces what it keeps, so that
the API's thread may read at any time.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.planned import Cause, Missed
from opsconsole.engine.watched import Tally, WatchedProbe
from opsconsole.store import events, looks

# Periods listed at most; the counts go on beyond them.
MOST_PERIODS = 200
# Misses of one probe so many intervals apart, or closer, are one period.
_TOGETHER_INTERVALS = 3
_LONG_SECONDS = 3600.0
GAPS = ("engine.started", "clock.stepped")


# Whose misses (0 for all), why, since when (wall time).
_Key = tuple[int, Cause, float]


class Gap(NamedTuple):
    """A time in which nothing was looked at: how many turns fell into it, and when the first was due."""

    since: float
    until: float
    missed: int
    first_at: float

    def body(self) -> dict[str, object]:
        """What an event tells of it, so that the next run finds it again."""
        if not self.missed:
            return {}
        return {"missed": self.missed, "from": _text(self.since), "first_at": _text(self.first_at)}


def gap(probes: Iterable[WatchedProbe], since: float, until: float) -> Gap:
    """What the probes missed between two wall times, those left out that were paused or never looked at."""
    missed, first = 0, until
    for probe in probes:
        looked_at, every = probe.state.looked_at, probe.rhythm.every
        # One that was last looked at long before was not configured then.
        if looked_at is None or looked_at < since - max(_LONG_SECONDS, _TOGETHER_INTERVALS * every):
            continue
        start = max(since, looked_at)
        if probe.pause is not None:
            start = max(start, probe.pause.until)
        turns, first_turn = probe.rhythm.turns(start, until)
        if turns:
            missed += turns
            first = min(first, first_turn)
    return Gap(since, until, missed, first)


class Misses:
    """The misses of one day, from ``day_began`` to ``day_ends`` (wall time).

    ``periods`` are oldest first, ``more`` earlier ones are left out of them. ``tallies`` are those of each
    probe by its number, ``shared`` the turns that all of them missed together.
    """

    def __init__(self, zone: str, now: float) -> None:
        self._zone = ZoneInfo(zone)
        self.periods: dict[_Key, Missed] = {}
        self.more = 0
        self.tallies: dict[int, Tally] = {}
        self.shared = 0
        self._begin(now)

    def take(self, zone: str) -> None:
        """Count the days of another zone from the next midnight on."""
        self._zone = ZoneInfo(zone)

    def turn(self, now: float) -> None:
        """Begin a new day when it has come, or when the clock was set to another. Called each second."""
        if not self.is_of(now):
            self.periods, self.tallies = {}, {}
            self.more = self.shared = 0
            self._begin(now)

    def is_of(self, now: float) -> bool:
        """Whether these are the misses of the day of ``now``."""
        return self.day_began <= now < self.day_ends

    def probe(self, probe: WatchedProbe, cause: Cause, tally: Tally, first_at: float, until: float) -> None:
        """One probe missed turns, or overran."""
        self._count({probe.id: tally})
        last = next(
            (key for key in reversed(self.periods) if key[:2] == (probe.id, cause)),
            None,
        )
        if last is not None:
            before = self.periods[last]
            if first_at - before.until.timestamp() <= _TOGETHER_INTERVALS * probe.rhythm.every:
                joined = replace(
                    before,
                    until=utc(until),
                    missed=before.missed + tally.missed,
                    overrun=before.overrun + tally.overrun,
                )
                self.periods = {**self.periods, last: joined}
                return
        self._add((probe.id, cause, first_at), _period(probe, cause, tally, first_at, until))

    def all(self, cause: Cause, found: Gap) -> None:
        """Nothing at all was looked at for a while."""
        if found.missed:
            self.shared += found.missed
            self._add((0, cause, found.since), _of_gap(cause, found))

    def recall(self, earlier: "Misses") -> None:
        """Put before this what earlier runs of the same day left."""
        if earlier.day_began != self.day_began:
            return
        self._count(earlier.tallies)
        self.shared += earlier.shared
        periods = {**earlier.periods, **self.periods}
        over = max(len(periods) - MOST_PERIODS, 0)
        self.more += earlier.more + over
        self.periods = dict(list(periods.items())[over:])

    def _begin(self, now: float) -> None:
        local = datetime.fromtimestamp(now, self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self.day_began = midnight.timestamp()
        self.day_ends = (midnight + timedelta(days=1)).timestamp()

    def _count(self, more: Mapping[int, Tally]) -> None:
        tallies = dict(self.tallies)
        for number, tally in more.items():
            before = tallies.get(number, Tally())
            tallies[number] = Tally(before.missed + tally.missed, before.overrun + tally.overrun)
        self.tallies = tallies

    def _add(self, key: _Key, period: Missed) -> None:
        periods = {**self.periods, key: period}
        if len(periods) > MOST_PERIODS:
            del periods[next(iter(periods))]
            self.more += 1
        self.periods = periods


def earlier_today(conn: Connection, probes: Mapping[int, WatchedProbe], zone: str, started: float) -> Misses:
    """What the runs before ``started`` (wall time) left of that day, read from the store."""
    found = Misses(zone, started)
    begun = found.day_began
    for event in events.of_kinds(conn, GAPS, begun, started):
        told = _gap_of(event)
        if told is not None:
            found.all("clock" if event.kind == "clock.stepped" else "stopped", told)
    intervals = {number: probe.rhythm.every for number, probe in probes.items()}
    for look in looks.overdue(conn, intervals, begun, started):
        probe = probes[look.probe_id]
        tally, first_at = missed_by(probe.rhythm.every, look.due, look.at, look.ended, planned=look.planned)
        found.probe(probe, "overrun" if tally.overrun else "late", tally, first_at, look.ended)
    found.periods = dict(sorted(found.periods.items(), key=lambda item: item[1].since))
    return found


def missed_by(
    every: float, due: float, started: float, ended: float, *, planned: bool
) -> tuple[Tally, float]:
    """What one look cost: the turns that passed until it ended, whether it overran, and when that began.

    ``planned``: it was made for a turn of the schedule, not by hand or as a retry. All times are of one
    clock.
    """
    missed = int(max(ended - due, 0.0) // every) if planned else 0
    overran = ended - started >= every
    return Tally(missed, int(overran)), due + every if missed else started


def _period(probe: WatchedProbe, cause: Cause, tally: Tally, first_at: float, until: float) -> Missed:
    return Missed(
        since=utc(first_at),
        until=utc(until),
        first_at=utc(first_at),
        cause=cause,
        missed=tally.missed,
        overrun=tally.overrun,
        application=probe.row_id,
        probe=probe.name,
    )


def _of_gap(cause: Cause, found: Gap) -> Missed:
    return Missed(
        since=utc(found.since),
        until=utc(found.until),
        first_at=utc(found.first_at),
        cause=cause,
        missed=found.missed,
    )


class _Told(msgspec.Struct):
    missed: int
    from_: datetime = msgspec.field(name="from")
    first_at: datetime


def _gap_of(event: events.StoredEvent) -> Gap | None:
    """The gap that an event tells of, where it tells of one."""
    if "missed" not in event.body:
        return None
    told = msgspec.convert(event.body, _Told)
    return Gap(told.from_.timestamp(), event.at, told.missed, told.first_at.timestamp())


def _text(at: float) -> str:
    return utc(at).isoformat(timespec="milliseconds")
