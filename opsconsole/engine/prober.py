"""The probes of an office kept going: planned, started in beats, run within bounds, judged, planned again."""

import asyncio
from collections.abc import Callable, Iterable
from ipaddress import ip_network

from opsconsole.base.clock import Clock
from opsconsole.client.planned import Cause
from opsconsole.engine.beats import Beats
from opsconsole.engine.judge import Judge
from opsconsole.engine.log import Logger
from opsconsole.engine.misses import Gap, Misses, gap, missed_by
from opsconsole.engine.office import Changes, Office
from opsconsole.engine.runner import Ran, Runner
from opsconsole.engine.schedule import RECHECK, SCHEDULE, SWEEP, Schedule, Turn, windows
from opsconsole.engine.watched import Tally, WatchedProbe
from opsconsole.inventory.model import Settings
from probes.env import Env
from probes.secrets import Resolve

# What still runs when the engine is told to end is given so long to end by itself.
LAST_LOOKS_SECONDS = 0.5
# What may have recovered with its parent is looked at within a minute, as Icinga 2 does it.
SOON_SECONDS = 60.0
# A look asked for by hand so soon after the last one that was is answered with what that one saw.
BRAKE_SECONDS = 2.0


class Prober:
    """Everything is called in the loop. Counts since the start: ``looks``, ``missed`` turns that had no
    look, ``overrun`` looks that took longer than their interval; ``misses`` are the day's.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        settings: Settings,
        judge: Judge,
        misses: Misses,
        *,
        lag_since: Callable[[float], float],
        resolve: Resolve,
        log: Logger,
    ) -> None:
        self._clock = clock
        self._judge = judge
        self.misses = misses
        self._lag_since = lag_since
        self._resolve_secret = resolve
        self._log = log
        self._probes: set[WatchedProbe] = set()
        self._hurried: set[WatchedProbe] = set()
        self._by_hand: dict[WatchedProbe, Ran] = {}
        self._beats: Beats[WatchedProbe] = Beats(loop, Schedule(), self._start)
        self._runner = Runner(
            loop,
            clock,
            self._env(settings),
            self._ended,
            concurrency=settings.engine.concurrency,
            per_host=settings.engine.per_host,
        )
        self.looks = self.missed = self.overrun = 0

    @property
    def running(self) -> int:
        """Looks that run now."""
        return self._runner.running

    @property
    def slow_lane(self) -> int:
        """Looks that run or wait in the slow lane."""
        return self._runner.slow_lane

    def start(self, office: Office) -> None:
        """Take up where the last run ended: due times follow from the last looks, spread as they were."""
        self._probes = set(office.probes.values())
        self._resume(probe for probe in self._probes if probe.pause is None)
        self._beats.run()
        self.look_soon(self._hurried & self._probes)

    def take(self, office: Office, changes: Changes) -> None:
        """Go on with another configuration; what did not change keeps its turn and its running look."""
        settings = office.inventory.settings
        self._runner.rebound(
            self._env(settings), concurrency=settings.engine.concurrency, per_host=settings.engine.per_host
        )
        self._probes = set(office.probes.values())
        self._hurried &= self._probes
        self.rest((*changes.dropped, *changes.planned))
        self.plan(changes.planned)

    def rest(self, probes: Iterable[WatchedProbe]) -> None:
        """Make no more looks at these; one that runs or waits is dropped."""
        for probe in probes:
            self._beats.remove(probe)
            self._runner.cancel(probe)
            self._hurried.discard(probe)
            probe.turn = None

    def plan(self, probes: Iterable[WatchedProbe]) -> None:
        """Look at these soon, as at new ones, but not at those that are paused."""
        waiting = [probe for probe in probes if probe.pause is None]
        now, wall = self._now()
        within = windows(len(waiting), 0)
        for probe in waiting:
            self._put(probe, probe.rhythm.resume(None, now, wall, within, soft=False))

    def looked_by_hand(self, probe: WatchedProbe) -> bool:
        """Whether it was looked at by hand just now, so that it is not looked at again yet."""
        ran = self._by_hand.get(probe)
        return ran is not None and self._clock.monotonic() - ran.ended < BRAKE_SECONDS

    def look_now(self, probes: Iterable[WatchedProbe]) -> "list[asyncio.Future[Ran]]":
        """Look at these at once, whenever they are due; `looked_by_hand` answers with that look."""
        waiting = []
        for probe in probes:
            if self.looked_by_hand(probe):
                waiting.append(self._just_seen(probe))
                continue
            if probe.turn is not None:
                self._beats.remove(probe)
                probe.turn = None
            waiting.append(self._runner.look_now(probe))
        return waiting

    def look_soon(self, probes: Iterable[WatchedProbe]) -> None:
        """Look at these within a minute, each at its own place in it; after the look that runs now."""
        now = self._clock.monotonic()
        for probe in tuple(probes):
            due = now + probe.rhythm.share * min(SOON_SECONDS, probe.rhythm.every)
            if probe.pause is not None:
                continue
            if probe.turn is None:
                self._hurried.add(probe)
            elif due < probe.turn.due:
                self._beats.remove(probe)
                self._put(probe, Turn(due, False, SWEEP))

    def second(self) -> None:
        """What is to be done each second."""
        self._runner.sort_lanes()
        self.misses.turn(self._clock.now())
        if self._by_hand:
            self._by_hand = {probe: ran for probe, ran in self._by_hand.items() if self.looked_by_hand(probe)}

    def stepped(self, seconds: float) -> Gap:
        """The wall clock jumped by so much, or the machine slept: make up for what was missed meanwhile."""
        self._beats.restart()
        wall = self._clock.now()
        missed = gap(self._probes, wall - max(seconds, 0.0), wall)
        self.missed += missed.missed
        self.misses.all("clock", missed)
        if seconds > 0:
            waiting = [probe for probe in self._probes if probe.turn is not None]
            late = [p for p in waiting if p.rhythm.overdue(p.state.looked_at, wall, soft=_soft(p))]
            for probe in late:
                self._beats.remove(probe)
            self._resume(late)
        return missed

    async def stop(self) -> None:
        """Start nothing more, and let what runs end for a moment."""
        self._beats.stop()
        await self._runner.stop(LAST_LOOKS_SECONDS)

    def _just_seen(self, probe: WatchedProbe) -> "asyncio.Future[Ran]":
        seen: asyncio.Future[Ran] = asyncio.get_running_loop().create_future()
        seen.set_result(self._by_hand[probe])
        return seen

    def _resume(self, probes: Iterable[WatchedProbe]) -> None:
        now, wall = self._now()
        probes = list(probes)
        first = sum(probe.state.looked_at is None for probe in probes)
        overdue = sum(p.rhythm.overdue(p.state.looked_at, wall, soft=_soft(p)) for p in probes)
        within = windows(first, overdue)
        for probe in probes:
            self._put(probe, probe.rhythm.resume(probe.state.looked_at, now, wall, within, soft=_soft(probe)))

    def _now(self) -> tuple[float, float]:
        return self._clock.monotonic(), self._clock.now()

    def _env(self, settings: Settings) -> Env:
        networks = tuple(ip_network(text) for text in settings.engine.allow_networks)
        return Env(allow_networks=networks, secrets=self._resolve_secret, wall=self._clock.now)

    def _put(self, probe: WatchedProbe, turn: Turn) -> None:
        probe.turn = turn
        self._beats.put(probe, turn)

    def _start(self, probe: WatchedProbe, turn: Turn) -> None:
        probe.turn = None
        self._runner.start(probe, turn)

    def _ended(self, ran: Ran) -> None:
        probe = ran.probe
        self.looks += 1
        probe.looks += 1
        if ran.turn.trigger == RECHECK:
            self._by_hand[probe] = ran
        try:
            self._judge.look(ran, self._lag_since(ran.started))
        except Exception:
            # A mistake of ours in judging one look must not end the looks of that probe.
            self._log.exception("look.judge", application=probe.row_id, probe=probe.name)
        if probe not in self._probes:
            return
        now, wall = self._now()
        self._count(ran, wall - now)
        self._put(probe, probe.rhythm.next(ran.turn, ran.started, now, wall, soft=_soft(probe)))
        if probe in self._hurried:
            self._hurried.discard(probe)
            self.look_soon([probe])

    def _count(self, ran: Ran, ahead: float) -> None:
        """Count what this look cost; wall time is ``ahead`` of the monotonic one."""
        probe, planned = ran.probe, ran.turn.trigger == SCHEDULE
        tally, first = missed_by(probe.rhythm.every, ran.turn.due, ran.started, ran.ended, planned=planned)
        if not any(tally):
            return
        self.missed += tally.missed
        self.overrun += tally.overrun
        probe.tally = Tally(probe.tally.missed + tally.missed, probe.tally.overrun + tally.overrun)
        cause: Cause = "overrun" if tally.overrun else "late"
        self.misses.probe(probe, cause, tally, first + ahead, ran.ended + ahead)


def _soft(probe: WatchedProbe) -> bool:
    """Whether a failure of it is unconfirmed, so that it is looked at again sooner."""
    return probe.state.attempt > 0
