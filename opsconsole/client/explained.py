"""Why an application shows what it shows: every rule that decided, and the looks that led to it."""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.shapes import Application, Look, Why

LedRole = Literal["before", "first", "confirming", "last", ""]
Uncounted = Literal["", "offline", "unknown", "suspect", "other"]


class LedLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look that led to what a probe shows.

    ``role``: the last one before it began, the first that saw it, the one that confirmed it, the newest.
    ``number`` is which of that kind in a row it is, 0 where it did not count, because of ``uncounted``:
    ``offline``, ``unknown``, ``other`` (it said something else, and that was not enough), or, for one that
    counts and confirms nothing, ``suspect``.
    """

    look: Look
    role: LedRole = ""
    number: int = 0
    uncounted: Uncounted = ""


class Led(msgspec.Struct, frozen=True, kw_only=True):
    """The looks of one probe, the oldest first. ``left_out`` lie between the last two that are shown."""

    probe: str
    looks: tuple[LedLook, ...] = ()
    left_out: int = 0


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of ``row`` at ``at``, the rules in the order in which they go, and the looks."""

    row: Application
    at: datetime
    lines: tuple[Why, ...] = ()
    led: tuple[Led, ...] = ()


class AskExplain(Query[Explained], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Explain an application or a service."""

    application: str
