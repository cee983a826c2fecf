"""Does what people would do in the demo's story: somebody announces planned work."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Self

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place
from opsconsole.client.calls import Client
from opsconsole.client.commands import PlanMaintenance
from opsconsole.demo.story import CYCLE, WORKS, Work


class Stagehand:
    """A thread that waits for its cues while the context lasts. ``opened_at`` is when the story began."""

    def __init__(self, place: Place, opened_at: float) -> None:
        self._place, self._opened_at = place, opened_at
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._work, name="stagehand", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()

    def _work(self) -> None:
        for cue, work in cues():
            if self._left.wait(max(self._opened_at + cue - time.monotonic(), 0.0)):
                return
            # An engine that has just ended needs no maintenance.
            with suppress(Problem):
                announce_work(self._place, work)


def cues() -> Iterator[tuple[float, Work]]:
    """When each work is announced, in seconds since the city opened, for ever."""
    for cycle in count():
        for work in WORKS:
            yield cycle * CYCLE + work.start, work


def announce_work(place: Place, work: Work) -> None:
    """Plan it, from now on. Raises `Problem` when the engine does not take it."""
    with Client(place) as client:
        client.command(PlanMaintenance(work.row, f"{work.seconds}s", work.why))
