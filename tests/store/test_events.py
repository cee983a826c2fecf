"""The chain of events: what it takes, and that every change of it is found."""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from opsconsole.store import sqlite
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import StoredEvent, append, canonical_json, find_command, verify


def _append(conn: Connection, number: int, body: Mapping[str, object] | None = None) -> StoredEvent:
    return append(
        conn,
        at=1_795_000_000.125 + number,
        uid=1000,
        person="sari",
        via="console",
        command_id=f"command-{number}",
        kind="recheck",
        subject="ws-nik",
        body={"number": number} if body is None else body,
    )


@pytest.fixture
def chain(store: Store) -> Store:
    """A store with five events."""
    with store.writer() as conn:
        for number in range(1, 6):
            _append(conn, number)
    return store


def test_an_empty_chain_is_whole(store: Store) -> None:
    with store.reader() as conn:
        report = verify(conn)
    assert (report.whole, report.events, report.head) == (True, 0, bytes(32))


def test_events_are_numbered_without_a_gap(chain: Store) -> None:
    with chain.writer() as conn:
        last = _append(conn, 6)
    with chain.reader() as conn:
        report = verify(conn)
    assert (last.seq, report.whole, report.events, report.seq, report.head) == (6, True, 6, 6, last.hash)


def test_a_hash_can_be_reckoned_by_others(chain: Store) -> None:
    """As an auditor would: the seal, the store, the hash before, the columns as a line of JSON, the body."""
    with chain.reader() as conn:
        rows = conn.exec_driver_sql("SELECT hash, prev, body FROM event ORDER BY seq").fetchall()
    line = b'[2,1795000002125,1000,"sari","console","command-2","recheck","ws-nik"]'
    (first, _, _), (second, prev, body), *_ = rows
    assert prev == first
    sealed = b"opsconsole-audit-v1\n" + chain.uuid.encode() + b"\n" + first + line + b"\n" + body
    assert hashlib.sha256(sealed).digest() == second


def test_an_event_undone_leaves_no_gap(chain: Store) -> None:
    with pytest.raises(ZeroDivisionError), chain.writer() as conn:
        _append(conn, 6)
        raise ZeroDivisionError
    with chain.writer() as conn:
        assert _append(conn, 7).seq == 6
    with chain.reader() as conn:
        assert verify(conn).whole


def test_a_command_is_found_by_its_id(chain: Store) -> None:
    with chain.reader() as conn:
        found = find_command(conn, "command-3")
        assert find_command(conn, "command-9") is None
    assert found is not None
    assert (found.seq, found.at, found.uid, found.person, found.body) == (
        3,
        1_795_000_003.125,
        1000,
        "sari",
        {"number": 3},
    )


def test_no_two_events_carry_one_command(chain: Store) -> None:
    with pytest.raises(DBAPIError, match="UNIQUE"), chain.writer() as conn:
        _append(conn, 3)


def test_events_of_no_command_may_be_many(store: Store) -> None:
    with store.writer() as conn:
        for seq in (1, 2):
            stored = append(
                conn, at=1.0, uid=0, person="", via="", command_id=None, kind="start", subject="", body={}
            )
            assert (stored.seq, stored.command_id) == (seq, None)


@pytest.mark.parametrize("statement", ["UPDATE event SET person = 'budi'", "DELETE FROM event WHERE seq = 5"])
def test_an_event_is_never_changed_by_accident(chain: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"an event is never (changed|deleted)"), chain.writer() as conn:
        conn.exec_driver_sql(statement)


def _tamper(path: Path, statement: str) -> None:
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        connection.execute("DROP TRIGGER event_is_never_changed")
        connection.execute("DROP TRIGGER event_is_never_deleted")
        connection.execute(statement)
        connection.commit()


TAMPERED = {
    "at": ("UPDATE event SET at = at + 1 WHERE seq = 3", 3, "hash"),
    "uid": ("UPDATE event SET uid = 0 WHERE seq = 3", 3, "hash"),
    "person": ("UPDATE event SET person = 'budi' WHERE seq = 3", 3, "hash"),
    "via": ("UPDATE event SET via = 'cli' WHERE seq = 3", 3, "hash"),
    "command": ("UPDATE event SET command_id = NULL WHERE seq = 3", 3, "hash"),
    "kind": ("UPDATE event SET kind = 'reload' WHERE seq = 3", 3, "hash"),
    "subject": ("UPDATE event SET subject = '' WHERE seq = 3", 3, "hash"),
    "body": ("UPDATE event SET body = CAST('{\"number\":4}' AS BLOB) WHERE seq = 3", 3, "hash"),
    "body as text": ("UPDATE event SET body = CAST(body AS TEXT) WHERE seq = 3", 3, "hash"),
    "a column moved into the next": (
        "UPDATE event SET kind = 'recheckw', subject = 's-nik' WHERE seq = 3",
        3,
        "hash",
    ),
    "blob as person": ("UPDATE event SET person = x'00' WHERE seq = 3", 3, "hash"),
    "prev": ("UPDATE event SET prev = zeroblob(32) WHERE seq = 3", 3, "prev"),
    "hash": ("UPDATE event SET hash = zeroblob(32) WHERE seq = 3", 3, "hash"),
    "one is gone": ("DELETE FROM event WHERE seq = 3", 4, "gap"),
    "the first is gone": ("DELETE FROM event WHERE seq = 1", 2, "gap"),
    "renumbered": ("UPDATE event SET seq = 9 WHERE seq = 5", 9, "gap"),
    "the store's uuid": ("UPDATE store SET uuid = 'another'", 1, "hash"),
}


@pytest.mark.parametrize(("statement", "seq", "why"), TAMPERED.values(), ids=TAMPERED)
def test_every_edit_of_the_chain_is_found(
    chain: Store, path: Path, statement: str, seq: int, why: str
) -> None:
    chain.close()
    _tamper(path, statement)
    store = open_store(path)
    with store.reader() as conn:
        report = verify(conn)
    store.close()
    assert (report.whole, report.broken_at, report.why) == (False, seq, why)
    assert report.events == report.seq < seq


def test_a_body_is_stored_in_one_form_only(store: Store) -> None:
    decomposed = "Cafe\u0301"
    with store.writer() as conn:
        _append(conn, 1, {"b": [1, True, None, (2, "x")], "a": {"z": decomposed, "y": 0}})
        [body] = conn.exec_driver_sql("SELECT body FROM event").one()
    assert body.decode() == '{"a":{"y":0,"z":"Caf\u00e9"},"b":[1,true,null,[2,"x"]]}'


@pytest.mark.parametrize(
    ("value", "error"), [(0.5, ValueError), ([{"a": 1.0}], ValueError), ({"a": object()}, TypeError)]
)
def test_what_readers_would_write_differently_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical_json({"value": value})
