"""A replay under the thresholds that were in force finds what was recorded, whatever happened."""

import asyncio
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsconsole.engine.watched import WatchedProbe
from probes.observation import Verdict
from tests.engine.inside import NOON, Inside
from tests.engine.looking import observation
from tests.engine.offices import application
from tests.engine.replays import announced, assert_same, job_of, recorded, replayed

KEYS = {"every": "60s", "retry": "10s"}
SEEN = {
    Verdict.UP: "ok",
    Verdict.DEGRADED: "slow",
    Verdict.DOWN: "connect_refused",
    Verdict.UNKNOWN: "credential_missing",
}
PAUSED = {"by": "budi", "until": "2026-11-24T06:00:00Z", "why": "uji"}
CANARY = '\n[self_check]\ncanaries = ["127.0.0.1:1"]\n'


def files() -> tuple[str, ...]:
    url = "http://127.0.0.1:9/"
    second = "\n".join(
        [
            "[[applications.probes]]",
            'id = "kedua"',
            'kind = "http"',
            f'url = "{url}"',
            "essential = false",
            "",
        ]
    )
    return (
        application("induk", url, probe=KEYS),
        application("kembar", url, probe=KEYS),
        application("anak", url, probe=KEYS, lines=['depends_on = ["induk"]']),
        application("cucu", url, probe=KEYS, lines=['depends_on = [{ any = ["induk", "kembar"] }, "anak"]']),
        application("dua", url, probe={**KEYS, "attempts": 2, "recoveries": 1}) + second,
    )


class Night:
    """A night of chance: looks, self-checks, storms, pauses, silences and restarts."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.chance = home, random.Random(seed)
        self.inside = Inside(home, *files(), settings=CANARY)
        self.mood: dict[str, float] = {}

    def restart(self) -> None:
        clock = self.inside.clock
        self.inside.close()
        self.inside = Inside(self.home, *files(), clock=clock, settings=CANARY)
        self.inside.judge.sweep()
        self.inside.board.settle()

    def look(self) -> None:
        inside, chance = self.inside, self.chance
        probe = chance.choice(list(inside.outset.office.probes.values()))
        if probe.state.paused:
            return
        if chance.random() < 0.1:
            self.mood[probe.row_id] = chance.choice([0.0, 0.0, 0.5, 0.95, 1.0])
        verdict = Verdict.UP
        if chance.random() < self.mood.get(probe.row_id, 0.0):
            verdict = chance.choice([Verdict.DOWN] * 6 + [Verdict.DEGRADED, Verdict.UNKNOWN])
        self.saw(probe, verdict, chance.choice([0.1, 0.1, 2.5]), chance.choice([0.0] * 9 + [1.5]))

    def saw(self, probe: WatchedProbe, verdict: Verdict, took: float, lag: float = 0.0) -> None:
        seen = observation(verdict, SEEN[verdict])
        seen = replace(seen, duration_ms=took * 1000, address=f"127.1.0.{probe.id}")
        self.inside.look_at(probe, seen, took=took, lag=lag)

    def storm(self) -> None:
        """Most hosts fail at once; they answer again, or a self-check passes."""
        probes = [one for one in self.inside.outset.office.probes.values() if not one.state.paused]
        for verdict in (Verdict.UP, Verdict.DOWN, self.chance.choice([Verdict.UP, Verdict.DOWN])):
            for probe in probes:
                self.saw(probe, verdict, 0.1)
            self.inside.clock.advance(self.chance.choice([1.0, 12.0]))

    def step(self) -> None:
        inside, chance = self.inside, self.chance
        inside.clock.advance(chance.choice([0.3, 1.0, 4.0, 11.0]))
        die = chance.random()
        if die < 0.80:
            self.look()
        elif die < 0.94:
            inside.fit("ok", passed_at=inside.clock.now() - chance.choice([0.1, 2.0]))
        elif die < 0.95:
            inside.fit("offline", passed_at=None)
            inside.clock.advance(1.0)
            self.look()
            inside.fit("ok", passed_at=inside.clock.now())
        elif die < 0.96:
            probe = chance.choice(list(inside.outset.office.probes.values()))
            inside.judge.resume(probe) if probe.state.paused else inside.judge.pause(probe, PAUSED)
        elif die < 0.97:
            inside.clock.advance(400.0)
            inside.judge.sweep()
        elif die < 0.975:
            inside.clock.advance(chance.choice([1.0, 300.0]))
            self.restart()
        elif die < 0.985:
            self.storm()
        self.inside.board.settle()


@pytest.mark.parametrize("seed", range(8))
async def test_a_night_of_chance_is_found_again(home: Path, seed: int) -> None:
    night = Night(home, seed)
    for number in range(600):
        night.step()
        if not number % 50:
            await asyncio.sleep(0)
    await night.inside.written()
    inside = night.inside
    job = job_of(inside.outset.office, NOON - 1, inside.clock.now())
    answer, found = replayed(inside.store, inside.outset.office, job)
    assert_same(found, recorded(inside.store))
    alarms = [(row.application, one.level) for row in answer.applications for one in row.alarms]
    told = [(row, after) for row, after, _before in announced(inside.store) if after in ("down", "warn")]
    assert sorted(alarms) == sorted(told)
    inside.close()
