"""Events before they are chained, and what follows from one that is: what rooms hand to the writer."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from opsconsole.client.shapes import Published
from opsconsole.store.events import StoredEvent


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One event before it is chained. ``at`` is wall time; ``body`` holds no floats."""

    kind: str
    subject: str
    at: float
    uid: int
    person: str
    via: str
    body: Mapping[str, object] = field(default_factory=dict)


def own_event(kind: str, subject: str, at: float, body: Mapping[str, object] | None = None) -> EventDraft:
    """An event of the engine's own doing."""
    return EventDraft(kind, subject, at, os.getuid(), "", "engine", body or {})


class Reaction(NamedTuple):
    """What follows from an event, in its transaction: more events, and rows to publish after the commit."""

    events: tuple[EventDraft, ...] = ()
    published: tuple[Published, ...] = ()


Subscriber = Callable[[Connection, StoredEvent], Reaction]
"""Called for each event in the transaction that stores it, also for those that others react with."""


class NotApplied(Exception):  # noqa: N818 - what became of the event
    """An event does not fit the rows that are a projection of such events: it must not stand in the chain.

    Raised by the subscriber that keeps those rows; whatever led to the event is undone with it.
    """


class Decided(NamedTuple):
    """What a command comes to, found in the transaction that stores it: its events, and its result."""

    events: tuple[EventDraft, ...]
    value: object = None


Decide = Callable[[Connection], Decided]
"""Reads what a command is about and says what it comes to. Raises `Problem` when it comes to nothing; it
writes nothing itself."""
