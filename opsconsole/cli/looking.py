"""Looks that a command makes in its own process, with the caller's own rights and secrets."""

import asyncio
from collections.abc import Sequence

from opsconsole.base.secrets.store import SecretStore
from probes.env import Env
from probes.observation import Observation
from probes.registry import KINDS
from probes.target import Target


def look_at(targets: Sequence[Target]) -> list[Observation]:
    """What each target showed, in order; they are looked at together, each within its own timeout."""
    return asyncio.run(_look_together(targets))


async def _look_together(targets: Sequence[Target]) -> list[Observation]:
    env = Env(secrets=SecretStore().value)
    return await asyncio.gather(*(_look(target, env) for target in targets))


async def _look(target: Target, env: Env) -> Observation:
    deadline = asyncio.get_running_loop().time() + target.spec.timeout
    return await KINDS[target.kind].look(target, deadline, env)
