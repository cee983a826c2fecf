"""Bounds, lanes and order of looks. Nothing here waits for time: looks end when they are told to."""

import asyncio
from typing import Any

from opsconsole.base.clock import SystemClock
from opsconsole.engine import runner as runner_module
from opsconsole.engine.runner import Ran, Runner
from opsconsole.engine.schedule import RECHECK, Turn
from probes.env import Env
from probes.observation import Observation
from tests.engine.looking import HeldProbe, turns

DUE = Turn(0.0, True)


def make(concurrency: int = 100, per_host: int = 2) -> tuple[Runner, list[Ran]]:
    ended: list[Ran] = []
    loop = asyncio.get_running_loop()
    runner = Runner(loop, SystemClock(), Env(), ended.append, concurrency=concurrency, per_host=per_host)
    return runner, ended


async def test_looks_are_bounded_overall_and_wait_in_order():
    runner, ended = make(concurrency=3)
    probes = [HeldProbe(f"p{number}") for number in range(5)]
    for probe in probes:
        runner.start(probe, DUE)
    await turns()
    assert [probe.started for probe in probes] == [1, 1, 1, 0, 0]
    probes[1].finish()
    await turns()
    assert [probe.started for probe in probes] == [1, 1, 1, 1, 0]
    assert [ran.probe for ran in ended] == [probes[1]]
    assert runner.running == 3
    await runner.stop(0)


async def test_looks_are_bounded_per_host_and_other_hosts_do_not_wait():
    runner, _ended = make(per_host=2)
    same = [HeldProbe(f"p{number}", "host-a") for number in range(4)]
    other = HeldProbe("other", "host-b")
    for probe in (*same, other):
        runner.start(probe, DUE)
    await turns()
    assert [probe.started for probe in same] == [1, 1, 0, 0]
    assert other.started == 1
    same[0].finish()
    await turns()
    assert [probe.started for probe in same] == [1, 1, 1, 0]
    await runner.stop(0)


async def test_a_probe_never_overlaps_itself():
    runner, ended = make()
    probe = HeldProbe("p")
    for _ in range(3):
        runner.start(probe, DUE)
    await turns()
    probe.finish()
    await turns()
    assert (probe.started, probe.at_once, len(ended)) == (1, 1, 1)
    runner.start(probe, DUE)
    await turns()
    assert (probe.started, probe.at_once, len(ended)) == (2, 1, 2)


async def test_what_keeps_us_waiting_moves_to_a_lane_of_its_own_and_frees_the_fast_one(monkeypatch: Any):
    monkeypatch.setattr(runner_module, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(runner_module, "SLOW_LANE_WIDTH", 1)
    runner, _ended = make(concurrency=2)
    holes = [HeldProbe(f"hole{number}") for number in range(2)]
    healthy = HeldProbe("healthy")
    for probe in (*holes, healthy):
        runner.start(probe, DUE)
    await turns()
    assert healthy.started == 0
    runner.sort_lanes()
    await turns()
    assert healthy.started == 1
    assert runner.slow_lane == 2
    # The slow lane is full: the next look at a slow host waits there, one at another host does not.
    again = HeldProbe("again", "hole0")
    fresh = HeldProbe("fresh")
    runner.start(again, DUE)
    runner.start(fresh, DUE)
    await turns()
    assert (again.started, fresh.started) == (0, 1)
    assert runner.slow_lane == 3
    holes[1].finish()
    await turns()
    assert again.started == 1
    await runner.stop(0)


async def test_a_look_by_hand_goes_before_what_waits():
    runner, _ended = make(concurrency=1)
    running, waiting, asked = HeldProbe("running"), HeldProbe("waiting"), HeldProbe("asked")
    runner.start(running, DUE)
    runner.start(waiting, DUE)
    seen = runner.look_now(asked)
    await turns()
    running.finish()
    asked.finish()
    await turns()
    ran = await seen
    assert (ran.probe, ran.turn.trigger) == (asked, RECHECK)
    assert waiting.started == 1
    await runner.stop(0)


async def test_a_look_by_hand_joins_the_look_that_runs():
    runner, ended = make()
    probe = HeldProbe("p")
    runner.start(probe, DUE)
    await turns()
    seen = runner.look_now(probe)
    probe.finish()
    assert (await seen).probe is probe
    assert (probe.started, len(ended)) == (1, 1)


async def test_cancelling_what_waits_or_runs_leaves_its_place_to_others():
    runner, ended = make(concurrency=1, per_host=1)
    first, second, third = (HeldProbe(name, "host") for name in ("first", "second", "third"))
    for probe in (first, second, third):
        runner.start(probe, DUE)
    await turns()
    runner.cancel(second)
    runner.cancel(first)
    await turns()
    assert (first.running, second.started, third.started) == (0, 0, 1)
    assert ended == []
    await runner.stop(0)


async def test_cancelling_a_look_in_the_turn_that_started_it_leaves_its_place_too():
    runner, _ended = make(per_host=1)
    probe = HeldProbe("p", "host-a")
    runner.start(probe, DUE)
    runner.cancel(probe)
    await turns()
    assert (probe.started, runner.running) == (0, 0)
    runner.start(probe, DUE)
    await turns()
    assert probe.started == 1
    await runner.stop(0)


async def test_a_probe_that_breaks_its_promise_is_our_own_error_and_goes_on():
    runner, ended = make()
    probe = HeldProbe("p")

    async def broken(*_: Any) -> Observation:
        raise ValueError("a mistake\x1b[31m")

    probe.look = broken
    runner.start(probe, DUE)
    await turns()
    seen = ended[0].observation
    assert (seen.verdict, seen.reason) == ("unknown", "internal_error")
    assert "\x1b" not in seen.detail
    runner.start(probe, DUE)
    await turns()
    assert len(ended) == 2


async def test_the_end_waits_a_moment_for_looks_that_run_and_drops_the_rest():
    runner, ended = make(concurrency=2)
    quick, hangs, waits = HeldProbe("quick"), HeldProbe("hangs"), HeldProbe("waits")
    for probe in (quick, hangs, waits):
        runner.start(probe, DUE)
    await turns()
    quick.finish()
    await runner.stop(0.05)
    assert [ran.probe for ran in ended] == [quick]
    assert (hangs.running, waits.started, runner.running) == (0, 0, 0)


async def test_a_look_that_waits_is_moved_up_when_it_is_asked_for_by_hand():
    runner, ended = make(concurrency=1)
    running, first, second = HeldProbe("running"), HeldProbe("first"), HeldProbe("second")
    for probe in (running, first, second):
        runner.start(probe, DUE)
    await turns()
    assert [probe.work.lane if probe.work else "" for probe in (running, first, second)] == [
        "fast",
        "place",
        "place",
    ]
    seen = runner.look_now(second)
    running.finish()
    second.finish()
    await turns()
    # It stays the look that the schedule asked for, and is made once.
    assert (await seen).turn is DUE
    assert [ran.probe for ran in ended] == [running, second]
    assert (first.started, second.started) == (1, 1)
    await runner.stop(0)


async def test_a_look_that_waits_for_its_host_is_moved_up_there_and_in_its_lane():
    runner, ended = make(concurrency=2, per_host=1)
    busy, first, second = (HeldProbe(name, "host") for name in ("busy", "first", "second"))
    other, queued = HeldProbe("other"), HeldProbe("queued")
    for probe in (busy, other, first, second, queued):
        runner.start(probe, DUE)
    await turns()
    assert [probe.work.lane if probe.work else "" for probe in (first, second, queued)] == [
        "host",
        "host",
        "place",
    ]
    runner.look_now(second)
    second.finish()
    busy.finish()
    await turns()
    assert [ran.probe for ran in ended] == [busy, second]
    assert second.work is None
    await runner.stop(0)
