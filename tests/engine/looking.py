"""Probes whose looks a test holds in its hand: they end when, and as, it says."""

import asyncio
from pathlib import Path
from typing import Any

from opsconsole.engine.watched import WatchedProbe
from opsconsole.health.model import ProbeState
from opsconsole.inventory.office import ConfiguredProbe
from probes.env import Env
from probes.observation import Observation, Verdict, utc
from probes.tcp import TcpSpec, tcp_target


class HeldProbe(WatchedProbe):
    """A probe at ``host`` whose looks wait for `finish`. ``started`` counts them, ``at_once`` is the most."""

    __slots__ = ("at_once", "released", "running", "started")

    def __init__(self, name: str, host: str = "", **keys: Any) -> None:
        spec = TcpSpec.model_validate({"kind": "tcp", "host": "127.0.0.1", "port": 9, **keys})
        configured = ConfiguredProbe("app", name, spec, tcp_target(spec, Path()))
        super().__init__(1, "app", name, ProbeState(since=0.0), configured)
        self.host_key = host or name
        self.look = self._look
        self.started = self.running = self.at_once = 0
        self.released = asyncio.Event()

    def finish(self) -> None:
        """Let the look that runs, and all later ones, end."""
        self.released.set()

    async def _look(self, target: Any, deadline: float, env: Env) -> Observation:
        self.started += 1
        self.running += 1
        self.at_once = max(self.at_once, self.running)
        try:
            await self.released.wait()
        finally:
            self.running -= 1
        return observation()


def observation(verdict: Verdict = Verdict.UP, reason: str = "ok", **params: Any) -> Observation:
    """What a look saw."""
    return Observation(
        kind="tcp",
        target="127.0.0.1:9",
        started_at=utc(1_795_520_000.0),
        duration_ms=1.0,
        verdict=verdict,
        reason=reason,
        params=params,
    )


async def turns() -> None:
    """Let everything that can run now run."""
    for _ in range(20):
        await asyncio.sleep(0)
