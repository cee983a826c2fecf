"""One look, as the tests of the probes make it."""

import asyncio
from pathlib import Path
from string import Formatter
from typing import Any

from probes.env import Env
from probes.observation import Observation
from probes.reasons import BY_CODE
from probes.registry import KINDS

GRACE_S = 0.5
_TICKS = 50


async def look(
    kind: str = "http", /, *, env: Env | None = None, folder: Path | None = None, **keys: Any
) -> Observation:
    """Configure a probe with ``keys`` as a file would, and look once. It may end half a second late."""
    registered = KINDS[kind]
    spec = registered.spec.model_validate({"kind": kind, **keys})
    target = registered.target(spec, folder or Path())
    deadline = asyncio.get_running_loop().time() + spec.timeout
    looking = asyncio.ensure_future(registered.look(target, deadline, env or Env()))
    overdue = asyncio.ensure_future(_grace_is_over(deadline))
    await asyncio.wait({looking, overdue}, return_when=asyncio.FIRST_COMPLETED)
    overdue.cancel()
    if not looking.done():
        looking.cancel()
        raise AssertionError(f"still looking {GRACE_S} s after the deadline")
    observation = looking.result()
    wanted = {field for _, field, _, _ in Formatter().parse(BY_CODE[observation.reason].template) if field}
    assert wanted <= set(observation.params), f"{observation.reason} leaves its sentence unfilled"
    return observation


async def _grace_is_over(deadline: float) -> None:
    """Counted in turns of the event loop: what a busy machine takes away is not held late."""
    await asyncio.sleep(deadline - asyncio.get_running_loop().time())
    for _ in range(_TICKS):
        await asyncio.sleep(GRACE_S / _TICKS)
