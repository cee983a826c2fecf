"""The event chain: every command and every change of consequence, each row sealing the one before it.

A row's hash covers the store's uuid, the hash before it, every column, and the body byte for byte as it
is stored, so that nothing is ever written anew to be verified. The chain tells accidents and edits; that
its end was not cut off only an anchor kept elsewhere can tell.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from opsconsole.store.chain import COLUMNS, FIRST, ChainReport, seal, walk

_INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant


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
    prev = newest or FIRST
    canonical = canonical_json(body)
    columns = ((last or 0) + 1, round(at * 1000), uid, person, via, command_id, kind, subject)
    sealed = seal(uuid, prev, columns, canonical)
    conn.exec_driver_sql(_INSERT, (*columns, canonical, prev, sealed))
    return _stored(columns, canonical, sealed)


def find_command(conn: Connection, command_id: str) -> StoredEvent | None:
    """The event that a command left, if it was carried out before."""
    row = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM event WHERE command_id = ?",  # noqa: S608 - constants
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
        f"SELECT {COLUMNS} FROM event "  # noqa: S608 - constants
        "WHERE kind IN (SELECT value FROM json_each(?)) AND at >= ? AND at < ? ORDER BY seq",
        asked,
    )
    return [_stored(tuple(columns), body, sealed) for *columns, body, _prev, sealed in rows]


def first_since(conn: Connection, at: float) -> int:
    """The number of the first event of ``at`` (seconds since the epoch) or later; one more than the last's
    where there is none.

    By halves: they were written in the order of their times, and the table is not sorted by them.
    """
    wanted = round(at * 1000)
    low, high = 1, conn.exec_driver_sql("SELECT ifnull(max(seq), 0) + 1 FROM event").scalar_one()
    while low < high:
        middle = (low + high) // 2
        stored = conn.exec_driver_sql("SELECT at FROM event WHERE seq = ?", (middle,)).scalar_one()
        low, high = (low, middle) if stored >= wanted else (middle + 1, high)
    return int(low)


def of_subject(conn: Connection, subject: str, end: float, *, start: float = 0.0) -> list[StoredEvent]:
    """The events about one thing from ``start`` to before ``end`` (seconds since the epoch), oldest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} FROM event "  # noqa: S608 - constants
        "WHERE subject = ? AND at >= ? AND at < ? ORDER BY seq",
        (subject, round(start * 1000), round(end * 1000)),
    )
    return [_stored(tuple(columns), body, sealed) for *columns, body, _prev, sealed in rows]


def by_people(conn: Connection, start: float, end: float, limit: int) -> tuple[list[StoredEvent], int]:
    """The newest ``limit`` events that a person caused from ``start`` to before ``end`` (seconds since the
    epoch), oldest first, and how many there are in all.
    """
    asked = first_since(conn, start), first_since(conn, end)
    where = "FROM event WHERE seq >= ? AND seq < ? AND via <> 'engine'"
    total = conn.exec_driver_sql(f"SELECT count(*) {where}", asked).scalar_one()
    rows = conn.exec_driver_sql(
        f"SELECT {COLUMNS} {where} ORDER BY seq DESC LIMIT ?",
        (*asked, limit),
    )
    found = [_stored(tuple(columns), body, sealed) for *columns, body, _prev, sealed in rows]
    return found[::-1], int(total)


def head(conn: Connection) -> tuple[int, bytes]:
    """The number and the hash of the newest event; 0 and zeros where there is none."""
    row = conn.exec_driver_sql("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").one_or_none()
    return (0, FIRST) if row is None else (row[0], row[1])


def verify(conn: Connection) -> ChainReport:
    """Walk the chain and hold every row against its hash, up to the first that is wrong."""
    uuid = conn.exec_driver_sql("SELECT uuid FROM store").scalar_one()
    return walk(conn.connection.driver_connection, uuid)


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
