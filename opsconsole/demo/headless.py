"""A demo without a screen: we are the engine's only console, and look at nothing."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place
from opsconsole.base.text import N_, _
from opsconsole.client.calls import AsyncClient
from opsconsole.demo.children import Child

_POLL_SECONDS = 0.1


async def hold(
    place: Place,
    children: Sequence[Child],
    seconds: float | None,
    asked_to_end: Callable[[], bool],
    say: Callable[[], None],
) -> None:
    """Keep the demo until ``seconds`` have passed or somebody asks to end.

    ``say`` is called once the engine counts us as a console: from then on it ends when we do. Raises
    `Problem` when one of the children ends before.
    """
    counted = asyncio.Event()
    stream = asyncio.create_task(_follow(place, counted))
    until: float | None = None
    said = False
    try:
        while not asked_to_end() and (until is None or time.monotonic() < until):
            await asyncio.wait({stream}, timeout=_POLL_SECONDS)
            if stream.done() or not all(child.alive for child in children):
                raise Problem(N_("A part of the demo ended by itself."), N_("Start the demo again."))
            if counted.is_set() and not said:
                said = True
                until = time.monotonic() + seconds if seconds is not None else None
                say()
    finally:
        stream.cancel()
        await asyncio.gather(stream, return_exceptions=True)


def announce(home: Path, rows: dict[str, int], seconds: float | None) -> None:
    """Say that the demo runs, how to ask it, and when it ends."""
    lines = [
        _("A demo city is running: {applications} applications, {services} services.").format(**rows),
        _("Ask it with: {command}").format(command=f"opsconsole --home {home} status"),
        _("It ends with Ctrl-C.")
        if seconds is None
        else _("It ends in {seconds} s, or with Ctrl-C.").format(seconds=f"{seconds:g}"),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


async def _follow(place: Place, counted: asyncio.Event) -> None:
    async with AsyncClient(place) as client:
        async for _change in client.changes():
            counted.set()
