"""Steps, suspends and stalls, on clocks that a test moves."""

import asyncio

from opsconsole.engine.clockwatch import TICK_SECONDS, ClockWatch


class HandClock:
    """Wall and monotonic time, moved apart by hand; also as much of a loop as the watch needs."""

    def __init__(self) -> None:
        self.wall, self.mono = 1_795_520_000.0, 50.0
        self.due: float | None = None

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def time(self) -> float:
        return self.mono

    def call_at(self, when: float, callback: object) -> asyncio.TimerHandle:
        self.due = when
        return None  # type: ignore[return-value]

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.mono += seconds


def make() -> tuple[HandClock, ClockWatch, list[float]]:
    clock, steps = HandClock(), []
    return clock, ClockWatch(clock, clock, steps.append), steps  # type: ignore[arg-type]


def test_time_that_passes_is_no_step():
    clock, watch, steps = make()
    for _ in range(100):
        clock.pass_time(TICK_SECONDS)
        clock.wall += 0.01  # what NTP slews
        watch.tick()
    assert steps == []


def test_a_step_is_noticed_at_the_next_tick_and_told_once():
    for jump in (3600.0, -3600.0, 5.0, -5.0):
        clock, watch, steps = make()
        clock.pass_time(TICK_SECONDS)
        clock.wall += jump
        watch.tick()
        clock.pass_time(TICK_SECONDS)
        watch.tick()
        assert [round(step) for step in steps] == [jump]


def test_a_suspend_shows_as_a_step_forward():
    clock, watch, steps = make()
    clock.wall += 600
    clock.pass_time(TICK_SECONDS)
    watch.tick()
    assert [round(step) for step in steps] == [600]


def test_a_stall_is_remembered_for_the_looks_that_ran_through_it():
    clock, watch, _steps = make()
    clock.pass_time(TICK_SECONDS)
    watch.tick()
    started = clock.mono
    clock.pass_time(TICK_SECONDS + 2.0)
    assert watch.lag_since(started) == 2.0  # before the watch's own tick has run
    watch.tick()
    for _ in range(8):
        clock.pass_time(TICK_SECONDS)
        watch.tick()
    assert watch.lag_since(started) == 2.0
    assert watch.lag_since(clock.mono - 0.1) == 0.0
    assert watch.recent_lag() == 0.0
