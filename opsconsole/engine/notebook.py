"""What stands around the board of a replay: maintenance as it was, and a notebook of what people are told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from opsconsole.client.shapes import Published
from opsconsole.engine.office import Office
from opsconsole.engine.tape import Work
from opsconsole.engine.watched import WatchedRow
from opsconsole.health.maintenance import Window
from opsconsole.health.model import OpdState, ShownState
from opsconsole.health.states import Changed
from opsconsole.store.drafts import EventDraft


class Said(NamedTuple):
    """People were, or would have been, told. ``at`` is seconds since the epoch."""

    at: float
    row: str
    after: str
    reason: str


class RecordedCovers:
    """Maintenance as it was shown then."""

    def __init__(self, work: Sequence[Work]) -> None:
        self._work = work
        self._next = 0
        self.covers: Mapping[str, Window] = {}

    def take(self, office: Office) -> None:
        """Rows that are there no longer are never asked about."""

    def awaits(self, row: WatchedRow) -> bool:
        """What began is recorded, so nothing waits to."""
        return False

    def turn(self, now: float, troubled: Iterable[str] = ()) -> set[str]:
        """Begin and end what did by ``now``; the rows for which that changes what is shown."""
        before, after = self.covers, dict(self.covers)
        while self._next < len(self._work) and self._work[self._next].at <= round(now * 1000):
            one = self._work[self._next]
            self._next += 1
            if one.begins:
                after[one.row] = Window(key=one.row, subjects=(one.row,), start=now, end=now)
            else:
                after.pop(one.row, None)
        self.covers = after
        return set(before) ^ set(after)

    def next_edge(self, now: float) -> float | None:
        """When the next one begins or ends."""
        return self._work[self._next].at / 1000 if self._next < len(self._work) else None


class Notebook:
    """Keeps what people are told; ``turned(changed)`` hears of every transition, ``moved`` of every row."""

    def __init__(self, turned: Callable[[Changed], None]) -> None:
        self.said: list[Said] = []
        self.moved: set[str] = set()
        self._turned = turned

    def together(self) -> AbstractContextManager[None]:
        """Nothing is written."""
        return nullcontext()

    def row(self, row_id: str, shown: ShownState) -> None:
        """Its next look may be one that decides."""
        self.moved.add(row_id)

    def opd(self, code: str, shown: OpdState) -> None:
        """Nobody is told of an OPD."""

    def publish(self, change: Published) -> None:
        """Nobody looks."""

    def change(self, rev: int, changed: Changed) -> None:
        """A transition."""
        self._turned(changed)

    def event(self, draft: EventDraft) -> None:
        """An announcement, of all that it may be."""
        if draft.kind == "application.announced":
            after, reason = str(draft.body["after"]), str(draft.body["reason"])
            self.said.append(Said(draft.at, draft.subject, after, reason))
