"""The seal of an event, and the walk along the chain that holds every row against its own.

Light: it needs SQLite alone, so that a process that only verifies is there at once. The chain only grows,
so it is read in short pieces, each a transaction of its own, and nothing waits for a walk.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any

import msgspec

from opsconsole.store import sqlite

SEAL = b"opsconsole-audit-v1\n"
FIRST = bytes(32)
COLUMNS = "seq, at, uid, person, via, command_id, kind, subject, body, prev, hash"
# Some 150 KiB of rows: enough that asking for them costs little beside hashing them.
_ROWS = 1000
# Below every number: an event that was slipped in before the first one is found too.
_BEFORE_ALL = -(2**63)
_NEXT = f"SELECT {COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - constants
# The types of the first eight columns as they were written; a row of others was changed.
_TYPES = frozenset(
    (int, int, int, str, str, command_id, str, str, bytes, bytes, bytes) for command_id in (str, NoneType)
)
_encode = msgspec.json.Encoder().encode


class ChainReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk found.

    ``events`` were whole up to ``seq``, whose hash is ``head`` and whose time is ``at`` (milliseconds since
    the epoch); ``broken_at`` is the first row that is not, and ``why`` one of ``gap``, ``prev`` (it seals
    another row), ``hash`` (it was changed) and ``unreadable``. ``marks`` are the hashes of the numbers that
    were asked for and passed; ``ended``: nothing is left behind ``seq``.
    """

    events: int
    seq: int
    head: bytes
    at: int = 0
    broken_at: int | None = None
    why: str = ""
    marks: Mapping[int, bytes] = {}
    ended: bool = True

    @property
    def whole(self) -> bool:
        """Whether every row seals the one before it."""
        return self.broken_at is None


def seal(uuid: str, prev: bytes, columns: tuple[object, ...], body: object) -> bytes:
    """The seal of one row; of a row whose types were changed, none."""
    try:
        # One line of JSON holds no raw newline, so columns and body cannot run into each other.
        line = json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode()
        sealed = b"".join((SEAL, uuid.encode(), b"\n", prev, line, b"\n", body))  # type: ignore[arg-type]
    except TypeError:
        return b""
    return hashlib.sha256(sealed).digest()


def walk(
    connection: Any,
    uuid: str,
    *,
    after: int = 0,
    prev: bytes = FIRST,
    wanted: frozenset[int] = frozenset(),
    seconds: float = float("inf"),
) -> ChainReport:
    """Verify what comes behind event ``after``, whose hash is ``prev``, up to the first that is wrong.

    ``connection`` is SQLite's own. The hashes of the numbers in ``wanted`` are reported; it stops at the end
    of a piece once ``seconds`` have gone by.
    """
    until = time.monotonic() + seconds
    seq, head, at = after, prev, 0
    marks: dict[int, bytes] = {}
    broken_at, why = None, ""
    before = SEAL + uuid.encode() + b"\n"
    for row in _rows(connection, after or _BEFORE_ALL, until):
        if row is None:
            broken_at, why = seq + 1, "unreadable"
            break
        why = _fault(before, uuid, seq, head, row)
        if why:
            broken_at = row[0]
            break
        seq, at, head = row[0], row[1], row[-1]
        if seq in wanted:
            marks[seq] = head
    ended = broken_at is not None or not _more(connection, seq)
    return ChainReport(
        events=seq - after, seq=seq, head=head, at=at, broken_at=broken_at, why=why, marks=marks, ended=ended
    )


def _fault(before: bytes, uuid: str, seq: int, head: bytes, row: tuple[Any, ...]) -> str:
    """What is wrong with the row that comes behind event ``seq``, empty when nothing is."""
    if row[0] != seq + 1:
        return "gap"
    if row[-2] != head:
        return "prev"
    return "" if row[-1] == _quick_seal(before, uuid, row) else "hash"


def _more(connection: Any, seq: int) -> bool:
    return connection.execute("SELECT 1 FROM event WHERE seq > ? LIMIT 1", (seq,)).fetchone() is not None


def _rows(connection: Any, after: int, until: float) -> Iterator[tuple[Any, ...] | None]:
    """The rows behind ``after`` until time is up; None for the first that can not be read."""
    while True:
        try:
            rows = connection.execute(_NEXT, (after, _ROWS)).fetchall()
        except sqlite.dbapi.Error:
            yield from _readable(connection, after)
            return
        yield from rows
        if len(rows) < _ROWS or time.monotonic() > until:
            return
        after = rows[-1][0]


def _readable(connection: Any, after: int) -> Iterator[tuple[Any, ...] | None]:
    """The same one by one, up to the one at which reading fails: the library may read a row ahead."""
    try:
        while rows := connection.execute(_NEXT, (after, 1)).fetchall():
            yield rows[0]
            after = rows[0][0]
    except sqlite.dbapi.Error:
        yield None


def _quick_seal(before: bytes, uuid: str, row: tuple[Any, ...]) -> bytes:
    """What `seal` gives, for a row of the usual types: msgspec writes text and whole numbers as json does."""
    number, moment, uid, person, via, command_id, kind, subject, body, prev, _sealed = row
    if tuple(map(type, row)) not in _TYPES:
        return seal(uuid, prev, row[:8], body)
    line = _encode((number, moment, uid, person, via, command_id, kind, subject))
    return hashlib.sha256(b"%b%b%b\n%b" % (before, prev, line, body)).digest()


def uuid_of(connection: Any) -> str:
    """The uuid of the store that a connection reads, empty where it says none."""
    found = connection.execute("SELECT uuid FROM store").fetchone()
    return str(found[0]) if found else ""


def newest(connection: Any) -> int:
    """The number of the newest event as it stands there, not verified."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])
