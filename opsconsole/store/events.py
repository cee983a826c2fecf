"""The event chain: every command and every change of consequence, each row sealing the one before it.

A row's hash covers the store's uuid, the hash before it, every column, and the body byte for byte as it
is stored, so that nothing is ever written anew to be verified. The chain tells accidents and edits; that
its end was not cut off only an anchor kept elsewhere can tell.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

_SEAL = b"opsconsole-audit-v1\n"
_FIRST = bytes(32)
_COLUMNS = "seq, at, uid, person, via, command_id, kind, subject, body, prev, hash"
_INSERT = f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as stored. ``at`` is seconds since the epoch; ``body`` is what was given to `append`."""

    seq: int
    at: float
    uid: int
    person: str
    via: str
    command_id: str | None
    kind: str
    subject: str
    body: dict[str, object]
    hash: bytes


class ChainReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `verify` found.

    ``events`` were whole up to ``seq``, whose hash is ``head``; ``broken_at`` is the first row that is
    not, and ``why`` one of ``gap``, ``prev`` (it seals another row) and ``hash`` (it was changed).
    """

    events: int
    seq: int
    head: bytes
    broken_at: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether every row seals the one before it."""
        return self.broken_at is None


def append(
    conn: Connection,
    *,
    at: float,
    uid: int,
    person: str,
    via: str,
    command_id: str | None,
    kind: str,
    subject: str,
    body: Mapping[str, object],
) -> StoredEvent:
    """Add one event to the chain, in the caller's writing transaction.

    ``at`` is seconds since the epoch. ``command_id`` belongs to one event only: of several that a command
    leaves, the first carries it. ``body`` is JSON without floats, which different readers write
    differently. Raises ValueError for a float, TypeError for what is no JSON.
    """
    uuid, last, newest = conn.exec_driver_sql(
        "SELECT uuid, seq, hash FROM store LEFT JOIN event ON seq = (SELECT max(seq) FROM event)"
    ).one()
    prev = newest or _FIRST
    canonical = canonical_json(body)
    columns = ((last or 0) + 1, round(at * 1000), uid, person, via, command_id, kind, subject)
    sealed = _hash(uuid, prev, columns, canonical)
    conn.exec_driver_sql(_INSERT, (*columns, canonical, prev, sealed))
    return _stored(columns, canonical, sealed)


def find_command(conn: Connection, command_id: str) -> StoredEvent | None:
    """The event that a command left, if it was carried out before."""
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM event WHERE command_id = ?",  # noqa: S608 - constants
        (command_id,),
    ).one_or_none()
    if row is None:
        return None
    *columns, body, _prev, sealed = row
    return _stored(tuple(columns), body, sealed)


def of_kinds(conn: Connection, kinds: Sequence[str], start: float, end: float) -> list[StoredEvent]:
    """The events of these kinds from ``start`` to before ``end`` (seconds since the epoch), oldest first."""
    asked = json.dumps(kinds), round(start * 1000), round(end * 1000)
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM event "  # noqa: S608 - constants
        "WHERE kind IN (SELECT value FROM json_each(?)) AND at >= ? AND at < ? ORDER BY seq",
        asked,
    )
    return [_stored(tuple(columns), body, sealed) for *columns, body, _prev, sealed in rows]


def verify(conn: Connection) -> ChainReport:
    """Walk the chain and hold every row against its hash, up to the first that is wrong."""
    uuid = conn.exec_driver_sql("SELECT uuid FROM store").scalar_one()
    seq, head = 0, _FIRST
    rows = conn.execution_options(yield_per=1000).exec_driver_sql(
        f"SELECT {_COLUMNS} FROM event ORDER BY seq"  # noqa: S608 - constants
    )
    for *columns, body, prev, sealed in rows:
        why = "gap" if columns[0] != seq + 1 else "prev" if prev != head else ""
        if not why and sealed != _hash(uuid, head, tuple(columns), body):
            why = "hash"
        if why:
            rows.close()
            return ChainReport(events=seq, seq=seq, head=head, broken_at=columns[0], why=why)
        seq, head = columns[0], sealed
    return ChainReport(events=seq, seq=seq, head=head)


def canonical_json(value: object) -> bytes:
    """JSON in one form only: keys sorted, no blanks, text in NFC. Raises ValueError for a float."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _plain(value: object) -> object:
    match value:
        case float():
            raise ValueError(f"an event holds no floats: {value!r}")
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return {_plain(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return value


def _hash(uuid: str, prev: bytes, columns: tuple[object, ...], body: object) -> bytes:
    """The seal of one row; of a row whose types were changed, none."""
    try:
        # One line of JSON holds no raw newline, so columns and body cannot run into each other.
        line = json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode()
        sealed = b"".join((_SEAL, uuid.encode(), b"\n", prev, line, b"\n", body))  # type: ignore[arg-type]
    except TypeError:
        return b""
    return hashlib.sha256(sealed).digest()


def _stored(columns: tuple[Any, ...], body: bytes, sealed: bytes) -> StoredEvent:
    seq, at, uid, person, via, command_id, kind, subject = columns
    return StoredEvent(
        seq=seq,
        at=at / 1000,
        uid=uid,
        person=person,
        via=via,
        command_id=command_id,
        kind=kind,
        subject=subject,
        body=json.loads(body),
        hash=sealed,
    )
