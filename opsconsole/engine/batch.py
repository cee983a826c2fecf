"""What is waiting to be written: events, commands, and the batch that collects them."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Problem
from opsconsole.base.text import N_
from opsconsole.client.shapes import Published
from opsconsole.health.model import OpdState, ProbeState, ShownState
from opsconsole.health.states import Changed
from opsconsole.store.drafts import Decide, EventDraft, NotApplied
from opsconsole.store.looks import LookRecord


class Written(NamedTuple):
    """What came of writing a command: the number of its event, and what ``write`` or ``decide`` returned."""

    seq: int
    value: Any


@dataclass(slots=True, eq=False)
class Command:
    """A command to be committed: ``write``, if any, and then its events, in one transaction.

    With ``decide`` its events are found in that transaction instead, from what is stored then; a `Problem`
    that this raises is the answer. ``command_id`` stands with the first event. The writer sets ``written``
    or ``failed``; `done` tells whoever waits, once that is so and published.
    """

    command_id: str | None
    events: tuple[EventDraft, ...]
    write: Callable[[Connection], object] | None = None
    decide: Decide | None = None
    written: Written | None = None
    failed: Problem | None = None
    done: "Future[Written]" = field(default_factory=Future)

    def answer(self) -> None:
        """Let whoever waits know; nobody may any more."""
        if not self.done.set_running_or_notify_cancel():
            return
        if self.failed is not None:
            self.done.set_exception(self.failed)
        elif self.written is not None:
            self.done.set_result(self.written)


class TakenLook(NamedTuple):
    """A look with whose it is."""

    record: LookRecord
    row_id: str
    probe: str


@dataclass(slots=True)
class Batch:
    """Everything since the last commit. Of a state the newest is enough; the rest are all kept.

    ``left_out`` counts the looks for which there was no room, ``reactions`` the events that others reacted
    with.
    """

    looks: list[TakenLook] = field(default_factory=list)
    probes: dict[int, ProbeState] = field(default_factory=dict)
    rows: dict[str, ShownState] = field(default_factory=dict)
    opds: dict[str, OpdState] = field(default_factory=dict)
    changes: dict[int, list[Changed]] = field(default_factory=dict)
    events: list[EventDraft] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    left_out: int = 0
    reactions: int = 0

    @property
    def has_states(self) -> bool:
        """Whether there is more to write than looks and commands."""
        return bool(self.probes or self.rows or self.opds or self.changes or self.events)

    @property
    def log_entries(self) -> int:
        """How much of it is told in the log, that of commands left out."""
        changes = sum(one.entity == "application" for group in self.changes.values() for one in group)
        return changes + len(self.events)

    def keep(self, older: "Batch", most: int) -> None:
        """Put before this batch what ``older`` could not write, at most ``most`` changes and events."""
        self.probes = {**older.probes, **self.probes}
        self.rows = {**older.rows, **self.rows}
        self.opds = {**older.opds, **self.opds}
        for rev in sorted({*older.changes, *self.changes}):
            self.changes[rev] = [*older.changes.get(rev, ()), *self.changes.get(rev, ())][-most:]
        self.events = [*older.events, *self.events][-most:]

    def answer_all(self) -> None:
        """Let all know what came of their commands; of one that was not written, that it was not."""
        for command in self.commands:
            if command.written is None and command.failed is None:
                command.failed = not_written()
            command.answer()


def undone(error: NotApplied) -> Problem:
    """What to tell of a command whose events do not fit what is stored."""
    return Conflict(
        N_("It does not fit how things stand in the store, so nothing was done: {error}."),
        N_("Look at it again, then decide; the engine's log says more."),
        error=str(error),
    )


def not_written() -> Problem:
    """What to tell of a command that the store did not take."""
    return Problem(
        N_("The store takes nothing at the moment, so nothing was done."),
        N_("Make room on its disk, or see the engine's log, and try again."),
    )
