"""Looks that carry secrets: resolved for each look, put into its target, masked in what it saw."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from probes.env import Env
from probes.failure import LookError
from probes.masking import Mask
from probes.observation import Observation
from probes.secrets import Resolve, Secret, SecretFault
from probes.stopwatch import Stopwatch
from probes.target import Target
from probes.verdict import observe

Look = Callable[[Any, float, Env], Awaitable[Observation]]
# From the resolved values by reference to a target that carries them. Raises SecretFault.
Arm = Callable[[Mapping[str, Secret]], Any]


class Need(NamedTuple):
    """A secret that a target needs: the key that names it, such as ``auth.bearer``, and the reference."""

    key: str
    ref: str


class Armed(NamedTuple):
    """A target with its secrets, and what takes them out again."""

    values: tuple[Secret, ...]
    target: Any
    mask: Mask


@dataclass(slots=True, eq=False)
class Arming:
    """How a target gets its secrets. What was made of the last values is kept until they change."""

    needs: tuple[Need, ...]
    arm: Arm
    _last: Armed | None = None

    async def armed(self, resolve: Resolve) -> Armed:
        """The target with what the references give now. Raises SecretFault."""
        values = tuple([await resolve(need.ref) for need in self.needs])
        if self._last is None or self._last.values != values:
            self._last = None
            target = self.arm({one.ref: one for one in values})
            self._last = Armed(values, target, Mask(one.reveal() for one in values))
        return self._last


class Secretive(Target, Protocol):
    """A target that may need secrets; ``arming`` is None where it needs none."""

    @property
    def arming(self) -> Arming | None: ...


def needs_of(target: object) -> tuple[Need, ...]:
    """The secrets that a target needs."""
    arming = getattr(target, "arming", None)
    return arming.needs if isinstance(arming, Arming) else ()


def with_secrets(look: Look) -> Look:
    """``look``, for targets that may need secrets; one that needs none is looked at directly."""

    def looked(target: Secretive, deadline: float, env: Env) -> Awaitable[Observation]:
        if target.arming is None:
            return look(target, deadline, env)
        return _look(look, target, target.arming, deadline, env)

    return looked


async def _look(look: Look, target: Secretive, arming: Arming, deadline: float, env: Env) -> Observation:
    started, loop = env.wall(), asyncio.get_running_loop()
    begun = loop.time()
    try:
        armed = await arming.armed(env.secrets)
    except SecretFault as fault:
        return observe(target, started, Stopwatch(), LookError("credential_missing", None, **fault.params))
    # How long a keyring takes says nothing about the target.
    seen = await look(armed.target, deadline + loop.time() - begun, env)
    return armed.mask.observation(seen)
