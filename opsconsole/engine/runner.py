"""Runs looks within bounds: overall, per host, and a lane of its own for hosts that keep us waiting.

A look holds its place in the fast lane for a second at most; then it moves to the slow lane, and the
next looks at that host start there, as places become free. So hosts that swallow packets wait for each
other, and healthy ones never wait behind them. What has no place yet waits, in order; a deadline begins
when a look starts, never while it waits.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from opsconsole.base.clock import Clock
from opsconsole.engine.schedule import RECHECK, Turn
from opsconsole.engine.watched import WatchedProbe, Work
from probes.env import Env
from probes.observation import Observation, Param, Verdict, utc
from probes.reasons import sentence
from probes.text import safe_text

# A look that answers takes tens of milliseconds; what holds a place for a second is waiting for a timeout.
PATIENCE_SECONDS = 1.0
# A look that waits for a timeout is an open file and costs nothing else, so that lane is so much wider.
SLOW_LANE_WIDTH = 3


class Ran(NamedTuple):
    """One finished look. ``due``, ``asked``, ``started``, ``ended`` are monotonic, ``at`` is wall time.

    ``turn`` is the one it was made for, ``asked`` when it would have started but for the bounds.
    """

    probe: WatchedProbe
    observation: Observation
    turn: Turn
    asked: float
    started: float
    ended: float
    at: float


@dataclass(slots=True, eq=False)
class _Lane:
    bound: int
    running: int = 0
    waiting: deque["_Look"] = field(default_factory=deque)


@dataclass(slots=True, eq=False)
class _Host:
    places: int = 0
    slow: bool = False
    waiting: deque["_Look"] = field(default_factory=deque)


@dataclass(slots=True, eq=False)
class _Look:
    probe: WatchedProbe
    turn: Turn
    asked: float
    host: _Host
    lane: _Lane
    hurried: bool
    started: float = 0.0
    task: asyncio.Task[None] | None = None
    begun: bool = False
    waiters: list[asyncio.Future[Ran]] = field(default_factory=list)


class Runner:
    """All looks of the engine that wait or run. ``ended(ran)`` is called in the loop for each."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        env: Env,
        ended: Callable[[Ran], None],
        *,
        concurrency: int,
        per_host: int,
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._env = env
        self._ended = ended
        self._per_host = per_host
        self._fast = _Lane(concurrency)
        self._slow = _Lane(concurrency * SLOW_LANE_WIDTH)
        self._hosts: dict[str, _Host] = {}
        self._looks: dict[WatchedProbe, _Look] = {}

    @property
    def running(self) -> int:
        """Looks that run now, in both lanes."""
        return self._fast.running + self._slow.running

    @property
    def slow_lane(self) -> int:
        """Looks that run or wait in the slow lane."""
        return self._slow.running + len(self._slow.waiting)

    def rebound(self, env: Env, *, concurrency: int, per_host: int) -> None:
        """Take new bounds and a new environment for the looks that start from now on."""
        self._env = env
        self._fast.bound = concurrency
        self._slow.bound = concurrency * SLOW_LANE_WIDTH
        self._per_host = per_host

    def start(self, probe: WatchedProbe, turn: Turn) -> None:
        """Start a look, or queue it; a probe that runs or waits already is left alone."""
        if probe in self._looks:
            return
        host = self._hosts.get(probe.host_key)
        if host is None:
            host = self._hosts[probe.host_key] = _Host()
        look = _Look(probe, turn, self._loop.time(), host, self._fast, turn.trigger == RECHECK)
        self._looks[probe] = look
        self._enter_host(look)

    def look_now(self, probe: WatchedProbe) -> "asyncio.Future[Ran]":
        """Look at once, before whatever waits; the look that runs or waits already, if one does."""
        waiter: asyncio.Future[Ran] = self._loop.create_future()
        waiting = self._looks.get(probe)
        if waiting is None:
            self.start(probe, Turn(self._loop.time(), False, RECHECK))
        elif waiting.task is None:
            self._hurry(waiting)
        self._looks[probe].waiters.append(waiter)
        return waiter

    def cancel(self, probe: WatchedProbe) -> None:
        """Drop a look that waits or runs; nothing is recorded of it."""
        look = self._looks.pop(probe, None)
        if look is None:
            return
        probe.work = None
        for waiter in look.waiters:
            waiter.cancel()
        if look.task is not None:
            look.task.cancel()
            if not look.begun:  # such a task never gets to the end that gives its places back
                self._give_back(look)
        elif look in look.host.waiting:
            look.host.waiting.remove(look)
        else:
            look.lane.waiting.remove(look)
            self._leave_host(look)

    def sort_lanes(self) -> None:
        """Move what has run for longer than a healthy look takes to the slow lane. Called each second."""
        before = self._loop.time() - PATIENCE_SECONDS
        for look in self._looks.values():
            if self._slow.running >= self._slow.bound:
                break
            if look.task is not None and look.lane is self._fast and look.started < before:
                look.host.slow = True
                look.lane = self._slow
                look.probe.work = Work("slow", look.started)
                self._slow.running += 1
                self._fast.running -= 1
        self._fill(self._fast)

    async def stop(self, seconds: float) -> None:
        """Let what runs end within ``seconds``, then drop the rest."""
        tasks = [look.task for look in self._looks.values() if look.task is not None]
        for look in list(self._looks.values()):
            if look.task is None:
                self.cancel(look.probe)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for probe in list(self._looks):
            self.cancel(probe)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _enter_host(self, look: _Look) -> None:
        if look.host.places >= self._per_host:
            look.probe.work = Work("host", look.asked)
            _queue(look.host.waiting, look)
        else:
            look.host.places += 1
            self._enter_lane(look)

    def _enter_lane(self, look: _Look) -> None:
        look.lane = self._slow if look.host.slow else self._fast
        if look.lane.running >= look.lane.bound:
            look.probe.work = Work("place", look.asked)
            _queue(look.lane.waiting, look)
        else:
            look.lane.running += 1
            look.started = self._loop.time()
            look.probe.work = Work("slow" if look.lane is self._slow else "fast", look.started)
            look.task = self._loop.create_task(self._run(look))

    def _hurry(self, look: _Look) -> None:
        look.hurried = True
        queue = look.host.waiting if look in look.host.waiting else look.lane.waiting
        queue.remove(look)
        _queue(queue, look)

    def _leave_host(self, look: _Look) -> None:
        look.host.places -= 1
        if look.host.waiting:
            self._enter_host(look.host.waiting.popleft())

    def _fill(self, lane: _Lane) -> None:
        while lane.waiting and lane.running < lane.bound:
            self._enter_lane(lane.waiting.popleft())

    def _give_back(self, look: _Look) -> None:
        look.lane.running -= 1
        self._leave_host(look)
        self._fill(look.lane)

    async def _run(self, look: _Look) -> None:
        probe, look.begun = look.probe, True
        at = self._clock.now()
        started = look.started = self._loop.time()
        try:
            observation = await probe.look(probe.target, started + probe.timeout, self._env)
        except Exception as error:  # a probe promises not to raise; one that does must not end its schedule
            observation = _our_own_error(probe, at, error)
        finally:
            ended = self._loop.time()
            look.host.slow = ended - started >= PATIENCE_SECONDS
            self._give_back(look)
        del self._looks[probe]
        probe.work = None
        ran = Ran(probe, observation, look.turn, look.asked, started, ended, at)
        self._ended(ran)
        for waiter in look.waiters:
            if not waiter.done():
                waiter.set_result(ran)


def _queue(waiting: deque[_Look], look: _Look) -> None:
    if look.hurried:
        waiting.appendleft(look)
    else:
        waiting.append(look)


def _our_own_error(probe: WatchedProbe, at: float, error: Exception) -> Observation:
    params: dict[str, Param] = {"seen": safe_text(f"{type(error).__name__}: {error}")}
    return Observation(
        kind=probe.configured.spec.kind,
        target=probe.configured.target.label,
        started_at=utc(at),
        duration_ms=0.0,
        verdict=Verdict.UNKNOWN,
        reason="internal_error",
        params=params,
        detail=sentence("internal_error", params),
    )
