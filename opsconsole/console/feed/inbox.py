"""What came in since the screen last looked: the newest row of each, never a queue that grows."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Board, Change, Engine, Hello, Look, Opd, row_of

Status = Literal["connecting", "live", "silent", "down"]
Row = Application | Opd | Incident | Engine | None
Key = tuple[str, str]
"""Entity and id of a row."""

# Live looks that a stalled screen may miss: a page shows fewer.
_MOST_LOOKS = 200


class Link(NamedTuple):
    """How we stand with the engine, since when, and why if it is bad. ``lost``: it was there before."""

    status: Status
    since: datetime
    problem: Problem | None = None
    lost: bool = False


@dataclass(slots=True)
class Batch:
    """Everything since the last one. ``board`` replaces all rows; ``rows`` are newer than it."""

    link: Link
    heard_at: datetime | None = None
    hello: Hello | None = None
    board: Board | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    looks: deque[tuple[str, Look]] = field(default_factory=lambda: deque(maxlen=_MOST_LOOKS))


class Inbox:
    """Filled by the feed's thread, emptied by the screen's. ``wake`` is called when a batch begins."""

    def __init__(self, link: Link, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._batch = Batch(link)
        self._engine: Engine | None = None
        self._woken = False

    @property
    def link(self) -> Link:
        """How we stand with the engine."""
        with self._lock:
            return self._batch.link

    def take(self) -> Batch:
        """The batch so far; a new one begins."""
        with self._lock:
            batch, self._batch = self._batch, Batch(self._batch.link, self._batch.heard_at)
            self._woken = False
            return batch

    def set_link(self, link: Link) -> None:
        """Say how we stand with the engine; that wakes always, for it may be more urgent than what waits."""
        with self._lock:
            self._batch.link = link
        self._wake()

    def load(self, board: Board, at: datetime, hello: Hello | None = None) -> None:
        """A board was read afresh, so the engine is there."""
        with self._lock:
            if self._batch.link.status != "live":
                self._batch.link = Link("live", at)
            self._batch.board = board
            self._batch.hello = hello or self._batch.hello
            self._batch.rows.clear()
            self._batch.heard_at = at
            self._engine = board.engine
        self._wake()

    def add(self, change: Change, at: datetime) -> None:
        """A change came in. The engine's heartbeat alone wakes nobody."""
        row = row_of(change)
        with self._lock:
            self._batch.heard_at = at
            if isinstance(row, Look):
                self._batch.looks.append((change.id, row))
            else:
                self._batch.rows[(change.entity, change.id)] = row
            if isinstance(row, Engine):
                before, self._engine = self._engine, row
                if before is not None and _steady(before) == _steady(row):
                    return
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            woken, self._woken = self._woken, True
        if not woken:
            self._wake()


def _steady(engine: Engine) -> Engine:
    """The engine's row without what every heartbeat changes."""
    return msgspec.structs.replace(
        engine,
        heartbeat_at=engine.started_at,
        running=0,
        slow_lane=0,
        lag_ms=0.0,
        looks=0,
        missed=0,
        overrun=0,
        probes=0,
    )
