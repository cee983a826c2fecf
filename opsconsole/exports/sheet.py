"""What every format is made of: columns, rows of raw values, and what there is to say of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple

from opsconsole.client.audit import AuditHead

Value = str | int | float | datetime | None
Kind = Literal["text", "state", "number", "seconds", "time", "instant", "json"]
"""What a column's values are: ``time`` aware datetimes to the second, ``instant`` to the millisecond,
``json`` a text that is one JSON value, ``seconds`` a duration (float)."""


class Column(NamedTuple):
    """A column of a file: its ``key``, the same in every language, its ``title``, and what it holds."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself beside its rows.

    ``view`` is what was exported, ``schema`` the number of its set of columns: it grows when a column is
    renamed, moved or taken away. ``filter``, ``window`` and ``sort`` are as they were typed, empty where
    none was. ``zone`` is the IANA name of the zone that local times are in, ``written_at`` when it was
    asked for. ``head`` is the audit head, None where no engine told it. ``unread`` is how many of what was
    asked for could not be read (of timelines: incidents).
    """

    view: str
    schema: int
    zone: str
    language: str
    written_at: datetime
    filter: str = ""
    window: str = ""
    sort: str = ""
    head: AuditHead | None = None
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows to write, each with one value for every column. They are taken once, one after another.

    ``zone`` is what times are written in, ``title`` what people call the view.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    zone: tzinfo
    about: About


@dataclass(slots=True)
class Tally:
    """What was written: how many rows, and how many cells had to be cut to what a spreadsheet takes."""

    rows: int = 0
    cut: int = 0
