"""What a board needs around it, seen from inside: the running engine has one of each, a replay its own."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from opsconsole.client.shapes import Published
from opsconsole.engine.office import Office
from opsconsole.engine.watched import WatchedRow
from opsconsole.health.maintenance import Window
from opsconsole.health.model import OpdState, ShownState
from opsconsole.health.states import Changed
from opsconsole.store.drafts import EventDraft


class Timer(Protocol):
    """What will be called later."""

    def cancel(self) -> object:
        """Do not call it."""
        ...


class Timers(Protocol):
    """As much of an event loop as a board needs."""

    def call_soon(self, callback: Callable[[], object], /) -> object:
        """Call it once what happens now has happened."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Call it ``delay`` seconds from now."""
        ...


class Notes(Protocol):
    """Where what becomes of rows is written down."""

    def together(self) -> AbstractContextManager[None]:
        """What is added within is written in one transaction."""
        ...

    def row(self, row_id: str, shown: ShownState) -> None:
        """What is shown of an application or service."""
        ...

    def opd(self, code: str, shown: OpdState) -> None:
        """What is shown of an OPD."""
        ...

    def publish(self, change: Published) -> None:
        """A row to publish once what stands with it is written."""
        ...

    def change(self, rev: int, changed: Changed) -> None:
        """A transition under configuration revision ``rev``."""
        ...

    def event(self, draft: EventDraft) -> None:
        """An event of the engine's own."""
        ...


class Covers(Protocol):
    """What is under maintenance. ``covers`` are the windows that are shown, by row id."""

    @property
    def covers(self) -> Mapping[str, Window]:
        """The windows that are shown, by row id."""
        ...

    def take(self, office: Office) -> None:
        """Cover the rows of this office from the next `turn` on."""
        ...

    def turn(self, now: float, troubled: Iterable[str] = ()) -> set[str]:
        """Begin and end what is due at ``now``; the rows for which that changes what is shown."""
        ...

    def awaits(self, row: WatchedRow) -> bool:
        """Whether a window is open that begins with trouble of this row."""
        ...

    def next_edge(self, now: float) -> float | None:
        """The first moment after ``now`` at which one of them begins, may begin or ends."""
        ...
