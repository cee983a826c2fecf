"""From the schedule to the looks: one job a second plans the coming second in beats.

A wake-up costs more than a look, so looks that are due close together start in one beat. But what
starts in one beat shares one processor: a cap keeps the crowd small, so that a look in a beat measures
what a look alone would (`tests/bench` compares the two).
"""

import asyncio
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Generic, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from opsconsole.engine.schedule import Schedule, Turn

BEAT_SECONDS = 0.05
# How many looks start together. More start only when a second holds more than its beats can take.
TOGETHER = 10
TICK_SECONDS = 1
# Planned beyond the next tick, so that a tick that comes late leaves no hole.
_AHEAD_SECONDS = TICK_SECONDS + 0.25
# A little more than the average, or the queue of a busy second would never end.
_SLACK = 1.5
_TICK = "tick"

K = TypeVar("K", bound=Hashable)


class Beats(Generic[K]):
    """Starts what is due. ``start(key, turn)`` is called in the loop, once for each turn."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, schedule: Schedule[K], start: Callable[[K, Turn], None]
    ) -> None:
        self._loop = loop
        self._schedule = schedule
        self._start = start
        self._beats: dict[int, list[tuple[Turn, K]]] = {}
        self._until = 0.0
        self._jobs = AsyncIOScheduler(event_loop=loop, timezone=UTC)

    def run(self) -> None:
        """Plan the first second now and each later one as it comes."""
        self._until = self._loop.time()
        self._jobs.start()
        self.restart()

    def restart(self) -> None:
        """Tick from now on. The job keeps wall time, so a step of the clock must begin it anew."""
        now = datetime.now(UTC)
        trigger = IntervalTrigger(seconds=TICK_SECONDS, start_date=now + timedelta(seconds=TICK_SECONDS))
        self._jobs.add_job(
            self._tick,
            trigger,
            id=_TICK,
            replace_existing=True,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        self.plan()

    def stop(self) -> None:
        """Start nothing any more."""
        self._beats.clear()
        self._until = float("-inf")
        if self._jobs.running:
            self._jobs.shutdown(wait=False)

    def put(self, key: K, turn: Turn) -> None:
        """Plan a turn; one within what is planned already goes to its beat directly."""
        if turn.due <= self._until:
            self._place(turn, key, TOGETHER)
        else:
            self._schedule.put(key, turn)

    def remove(self, key: K) -> None:
        """Take back the turn of ``key``, planned or not."""
        self._schedule.remove(key)
        for beat in self._beats.values():
            beat[:] = [(turn, other) for turn, other in beat if other != key]

    def plan(self) -> None:
        """Move what is due until a little after the next tick into its beats."""
        now = self._loop.time()
        self._until = now + _AHEAD_SECONDS
        due = self._schedule.take(self._until)
        together = max(TOGETHER, ceil(len(due) * BEAT_SECONDS / TICK_SECONDS * _SLACK))
        for turn, key in due:
            self._place(turn, key, together)

    async def _tick(self) -> None:
        self.plan()

    def _place(self, turn: Turn, key: K, together: int) -> None:
        beat = ceil(max(turn.due, self._loop.time()) / BEAT_SECONDS)
        while len(waiting := self._beats.get(beat, ())) >= together:
            beat += 1
        if not waiting:
            self._beats[beat] = [(turn, key)]
            self._loop.call_at(beat * BEAT_SECONDS, self._beat, beat)
        else:
            self._beats[beat].append((turn, key))

    def _beat(self, beat: int) -> None:
        for turn, key in self._beats.pop(beat, ()):
            self._start(key, turn)
