"""The probes of an office kept going: planned, started in beats, run within bounds, judged, planned again."""

import asyncio
from collections.abc import Callable, Iterable
from ipaddress import ip_network

from opsconsole.base.clock import Clock
from opsconsole.engine.beats import Beats
from opsconsole.engine.judge import Judge
from opsconsole.engine.log import Logger
from opsconsole.engine.office import Changes, Office
from opsconsole.engine.runner import Ran, Runner
from opsconsole.engine.schedule import Schedule, Turn, windows
from opsconsole.engine.watched import WatchedProbe
from opsconsole.inventory.model import Settings
from probes.env import Env

# What still runs when the engine is told to end is given so long to end by itself.
LAST_LOOKS_SECONDS = 0.5


class Prober:
    """Everything is called in the loop. Counts since the start: ``looks``, ``missed`` turns that had no
    look, ``overrun`` looks that took longer than their interval.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        settings: Settings,
        judge: Judge,
        *,
        lag_since: Callable[[float], float],
        log: Logger,
    ) -> None:
        self._clock = clock
        self._judge = judge
        self._lag_since = lag_since
        self._log = log
        self._probes: set[WatchedProbe] = set()
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
        self._resume(self._probes)
        self._beats.run()

    def take(self, office: Office, changes: Changes) -> None:
        """Go on with another configuration; what did not change keeps its turn and its running look."""
        settings = office.inventory.settings
        self._runner.rebound(
            self._env(settings), concurrency=settings.engine.concurrency, per_host=settings.engine.per_host
        )
        self._probes = set(office.probes.values())
        for probe in (*changes.dropped, *changes.planned):
            self._beats.remove(probe)
            self._runner.cancel(probe)
        now, wall = self._now()
        within = windows(len(changes.planned), 0)
        for probe in changes.planned:
            self._put(probe, probe.rhythm.resume(None, now, wall, within, soft=False))

    def look_now(self, probes: Iterable[WatchedProbe]) -> "list[asyncio.Future[Ran]]":
        """Look at these at once, whenever they are due."""
        waiting = []
        for probe in probes:
            if probe.turn is not None:
                self._beats.remove(probe)
                probe.turn = None
            waiting.append(self._runner.look_now(probe))
        return waiting

    def second(self) -> None:
        """What is to be done each second."""
        self._runner.sort_lanes()

    def stepped(self, seconds: float) -> None:
        """The wall clock jumped by so much, or the machine slept: make up for what is overdue."""
        self._beats.restart()
        if seconds > 0:
            wall = self._clock.now()
            waiting = [probe for probe in self._probes if probe.turn is not None]
            late = [p for p in waiting if p.rhythm.overdue(p.state.looked_at, wall, soft=_soft(p))]
            for probe in late:
                self._beats.remove(probe)
            self._resume(late)

    async def stop(self) -> None:
        """Start nothing more, and let what runs end for a moment."""
        self._beats.stop()
        await self._runner.stop(LAST_LOOKS_SECONDS)

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
        return Env(allow_networks=networks, wall=self._clock.now)

    def _put(self, probe: WatchedProbe, turn: Turn) -> None:
        probe.turn = turn
        self._beats.put(probe, turn)

    def _start(self, probe: WatchedProbe, turn: Turn) -> None:
        probe.turn = None
        self._runner.start(probe, turn)

    def _ended(self, ran: Ran) -> None:
        probe = ran.probe
        self.looks += 1
        try:
            self._judge.look(ran, self._lag_since(ran.started))
        except Exception:
            # A mistake of ours in judging one look must not end the looks of that probe.
            self._log.exception("look.judge", application=probe.row_id, probe=probe.name)
        if probe not in self._probes:
            return
        now, wall = self._now()
        self._count(ran, now)
        self._put(probe, probe.rhythm.next(ran.turn, ran.started, now, wall, soft=_soft(probe)))

    def _count(self, ran: Ran, now: float) -> None:
        every = ran.probe.rhythm.every
        if ran.turn.in_phase:
            self.missed += int(max(now - ran.turn.due, 0.0) // every)
        self.overrun += ran.ended - ran.started >= every


def _soft(probe: WatchedProbe) -> bool:
    """Whether a failure of it is unconfirmed, so that it is looked at again sooner."""
    return probe.state.attempt > 0
