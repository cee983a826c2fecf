"""What happened and what was done: the query of the log, its pages, and what an entry says."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from opsconsole.client.query import Moment, Query
from opsconsole.client.shapes import State
from probes.observation import Param

STATE = "state"
"""The kind of an entry that is a change of what an application shows; any other is an event's own."""

MOST_ENTRIES = 2000

# Each is looked for in every entry.
MOST_WORDS = 50
Words = Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_WORDS)]

LogWindow = Literal["1h", "24h", "7d", "all"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``at`` is when we knew, ``happened_at`` when it began, where that is earlier.

    ``subject`` is the application it is about, or ``engine``, ``config`` and the like. Of an event:
    ``uid``, ``person`` and ``via`` say who caused it and how they came, ``body`` is what was written down.
    Of a change of state: ``before``, ``after``, whether it is confirmed (``hard``), and why.
    """

    id: str
    at: datetime
    kind: str
    subject: str
    opd: str = ""
    uid: int | None = None
    person: str = ""
    via: str = ""
    body: dict[str, Any] = {}
    before: State | None = None
    after: State | None = None
    hard: bool = True
    flapping: bool = False
    reason: str = ""
    params: dict[str, Param] = {}
    happened_at: datetime | None = None


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, newest first. ``more``: there are older ones.

    ``newest`` and ``oldest`` are marks to go on from: what came after the page, what lies before it.
    ``total`` is how many match; it is counted for the first page alone, and 0 on those asked for by a mark.
    """

    entries: tuple[Entry, ...] = ()
    total: int = 0
    more: bool = False
    newest: str = ""
    oldest: str = ""


class AskLog(Query[LogPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The newest ``limit`` entries that match; what is empty asks for everything.

    ``kinds`` are parts of a kind (``engine``, ``refused``, ``state``), ``about`` parts of what it is about,
    ``who`` parts of a person's name or the way they came (``engine``, ``console``); of each, any will do.
    ``applications`` are whole ids. ``window`` counts back from now. ``before`` and ``after`` are marks of a
    page.
    """

    kinds: Words = ()
    about: Words = ()
    applications: tuple[str, ...] = ()
    who: Words = ()
    window: LogWindow = "all"
    since: Moment | None = None
    until: Moment | None = None
    before: str = ""
    after: str = ""
    limit: int = 200
