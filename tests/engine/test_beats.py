"""From the schedule to starts, on the loop's own clock but without waiting for it."""

import asyncio
from collections.abc import Callable
from typing import Any

from opsconsole.engine.beats import BEAT_SECONDS, TOGETHER, Beats
from opsconsole.engine.schedule import Schedule, Turn


class HandLoop:
    """A loop's clock and timers, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self._timers: list[tuple[float, Callable[..., None], tuple[Any, ...]]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., None], *args: Any) -> None:
        self._timers.append((when, callback, args))

    def advance(self, seconds: float) -> None:
        """Fire what is due within ``seconds``, each at its time."""
        end = self.now + seconds
        while due := sorted((one for one in self._timers if one[0] <= end), key=lambda one: one[0]):
            self._timers.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1](*due[0][2])
        self.now = end


def make() -> tuple[HandLoop, Beats[str], list[tuple[float, str]]]:
    loop, started = HandLoop(), []
    beats: Beats[str] = Beats(
        loop,  # type: ignore[arg-type]
        Schedule(),
        lambda key, _turn: started.append((loop.now, key)),
    )
    return loop, beats, started


def test_looks_start_within_a_beat_of_when_they_are_due():
    loop, beats, started = make()
    dues = {f"p{number}": 100.0 + number * 0.0137 for number in range(60)}
    for key, due in dues.items():
        beats.put(key, Turn(due, True))
    beats.plan()
    loop.advance(1.0)
    assert len(started) == 60
    assert all(0 <= at - dues[key] <= BEAT_SECONDS + 1e-6 for at, key in started)


def test_a_crowd_is_cut_into_small_beats():
    loop, beats, started = make()
    for number in range(40):
        beats.put(f"p{number}", Turn(100.1, True))
    beats.plan()
    loop.advance(1.0)
    at = [when for when, _key in started]
    assert len(at) == 40
    assert max(at.count(when) for when in at) == TOGETHER


def test_more_than_the_beats_of_a_second_hold_still_start_within_it():
    loop, beats, started = make()
    for number in range(1000):
        beats.put(f"p{number}", Turn(100.0 + number / 1000, True))
    beats.plan()
    loop.advance(1.1)
    assert len(started) == 1000


def test_a_turn_within_what_is_planned_starts_without_waiting_for_the_next_tick():
    loop, beats, started = make()
    beats.plan()
    beats.put("soon", Turn(100.2, False))
    beats.put("later", Turn(130.0, False))
    loop.advance(0.3)
    assert [key for _at, key in started] == ["soon"]


def test_a_turn_that_is_taken_back_does_not_start():
    loop, beats, started = make()
    beats.plan()
    beats.put("planned", Turn(100.2, True))
    beats.put("scheduled", Turn(105.0, True))
    beats.remove("planned")
    beats.remove("scheduled")
    beats.put("planned", Turn(100.3, True))
    loop.now = 104.5
    beats.plan()
    loop.advance(2.0)
    assert [key for _at, key in started] == ["planned"]


async def test_one_job_ticks_however_many_probes_there_are():
    started = asyncio.Event()
    beats: Beats[str] = Beats(asyncio.get_running_loop(), Schedule(), lambda _key, _turn: started.set())
    for number in range(500):
        beats.put(f"p{number}", Turn(asyncio.get_running_loop().time() + 600, True))
    beats.run()
    beats.restart()
    assert len(beats._jobs.get_jobs()) == 1
    # Beyond what is planned at the start: only a tick can bring it.
    beats.put("next", Turn(asyncio.get_running_loop().time() + 1.5, True))
    await asyncio.wait_for(started.wait(), 10)
    beats.stop()
