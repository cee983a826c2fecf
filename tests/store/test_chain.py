"""The walk along the chain: the same as a slow one finds, whatever was done to it; in steps; with marks."""

import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.store import sqlite
from opsconsole.store.chain import COLUMNS, FIRST, ChainReport, seal, uuid_of, walk
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import append

UUID = "5f0c8a52-70a8-4c1f-9c1e-6f9a1d3f2b77"
TABLE = f"CREATE TABLE event ({COLUMNS.replace('seq', 'seq INTEGER PRIMARY KEY', 1)})"
INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
Row = tuple[Any, ...]


def chained(columns: list[tuple[Any, ...]], bodies: list[bytes]) -> list[Row]:
    """Rows that are whole."""
    rows, prev = [], FIRST
    for seq, (others, body) in enumerate(zip(columns, bodies, strict=True), 1):
        sealed = seal(UUID, prev, (seq, *others), body)
        rows.append((seq, *others, body, prev, sealed))
        prev = sealed
    return rows


def slow_walk(rows: list[Row]) -> tuple[int, int | None, str]:
    """What the first way to verify found: how many are whole, the first that is not, and why."""
    seq, head = 0, FIRST
    for *columns, body, prev, sealed in rows:
        why = "gap" if columns[0] != seq + 1 else "prev" if prev != head else ""
        if not why and sealed != slow_seal(head, tuple(columns), body):
            why = "hash"
        if why:
            return seq, columns[0], why
        seq, head = columns[0], sealed
    return seq, None, ""


def slow_seal(prev: bytes, columns: tuple[Any, ...], body: Any) -> bytes:
    try:
        line = json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode()
        sealed = b"".join((b"opsconsole-audit-v1\n", UUID.encode(), b"\n", prev, line, b"\n", body))
    except TypeError:
        return b""
    return hashlib.sha256(sealed).digest()


def walked(rows: list[Row]) -> ChainReport:
    with closing(sqlite.dbapi.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(TABLE)
        connection.executemany(INSERT, rows)
        return walk(connection, UUID)


# Everything that SQLite keeps as text: no lone surrogates, and no NUL, at which a comparison would end.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
OTHERS = st.tuples(NUMBERS, NUMBERS, WORDS, WORDS, st.none() | WORDS, WORDS, WORDS)
VALUES = st.none() | NUMBERS | WORDS | st.binary(max_size=40) | st.floats(allow_nan=False)
CHANGE = st.tuples(st.integers(0, 7), st.integers(1, 10), VALUES)


@given(
    st.lists(st.tuples(OTHERS, st.binary(max_size=40)), max_size=8),
    st.lists(CHANGE, max_size=2),
    st.sets(st.integers(0, 7), max_size=2),
    st.none() | st.tuples(st.integers(0, 7), st.integers(0, 7)),
)
def test_the_walk_finds_what_a_slow_one_finds(events, changes, gone, swapped):
    rows = chained([others for others, _body in events], [body for _others, body in events])
    for number, column, value in changes:
        if number < len(rows):
            rows[number] = (*rows[number][:column], value, *rows[number][column + 1 :])
    if swapped and max(swapped) < len(rows):
        one, other = swapped
        # Reordered: what they say changes places, their numbers stay.
        first, second = rows[one], rows[other]
        rows[one], rows[other] = (first[0], *second[1:]), (second[0], *first[1:])
    rows = [row for number, row in enumerate(rows) if number not in gone]
    report = walked(rows)
    assert (report.seq, report.broken_at, report.why) == slow_walk(rows)
    assert report.events == report.seq
    assert report.head == (rows[report.events - 1][-1] if report.events else FIRST)


def test_a_text_that_became_the_bytes_it_stands_for_is_found():
    [row] = chained([(1, 0, "AA==", "", None, "k", "s")], [b"{}"])
    assert walked([row]).whole
    report = walked([(*row[:3], b"\0", *row[4:])])
    assert (report.broken_at, report.why) == (1, "hash")


def test_an_event_that_was_slipped_in_before_the_first_is_found():
    rows = chained([(1, 0, "", "", None, "k", "s")] * 2, [b"{}"] * 2)
    report = walked([(-5, *rows[0][1:]), *rows])
    assert (report.events, report.broken_at, report.why) == (0, -5, "gap")


@pytest.fixture
def path_of_events(path: Path) -> Path:
    """A store of 2,500 events that nobody has open."""
    store = open_store(path)
    with store.writer() as conn:
        for number in range(2500):
            append(
                conn, at=1_795_000_000 + number, uid=0, person="", via="engine", command_id=None,
                kind="engine.online", subject="engine", body={"number": number},
            )  # fmt: skip
    store.close()
    return path


def _walk(path: Path, **asked: Any) -> ChainReport:
    with closing(sqlite.connect(path, writes=False)) as connection:
        return walk(connection, uuid_of(connection), **asked)


def test_it_goes_in_steps_that_come_to_the_same(path_of_events: Path):
    whole = _walk(path_of_events, wanted=frozenset({1, 1000, 2500, 2501}))
    assert (whole.events, whole.ended, sorted(whole.marks)) == (2500, True, [1, 1000, 2500])
    assert whole.at == (1_795_000_000 + 2499) * 1000
    first = _walk(path_of_events, seconds=0)
    assert (first.events, first.ended) == (1000, False)
    last = _walk(path_of_events, after=first.seq, prev=first.head, wanted=frozenset({2500}))
    assert (last.events, last.seq, last.head, last.ended) == (1500, 2500, whole.head, True)
    assert last.marks == {2500: whole.marks[2500]}
    assert whole.marks[1000] == first.head


def test_a_step_from_another_hash_than_the_chain_has_there_is_broken(path_of_events: Path):
    report = _walk(path_of_events, after=1000, prev=bytes(32))
    assert (report.broken_at, report.why, report.ended) == (1001, "prev", True)


def _tamper(path: Path, *statements: str) -> None:
    with closing(sqlite.dbapi.connect(str(path))) as connection:
        connection.execute("DROP TRIGGER event_is_never_changed")
        connection.execute("DROP TRIGGER event_is_never_deleted")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_row_that_is_no_text_any_more_is_told_as_unreadable(path_of_events: Path):
    _tamper(path_of_events, "UPDATE event SET person = CAST(x'ff' AS TEXT) WHERE seq = 1700")
    report = _walk(path_of_events)
    assert (report.events, report.broken_at, report.why) == (1699, 1700, "unreadable")


def test_an_end_that_was_cut_off_leaves_a_chain_that_is_whole(path_of_events: Path):
    """Which is why anchors are kept elsewhere."""
    before = _walk(path_of_events)
    _tamper(path_of_events, "DELETE FROM event WHERE seq > 2000")
    report = _walk(path_of_events, wanted=frozenset({before.seq}))
    assert (report.whole, report.seq, report.marks) == (True, 2000, {})


def test_events_that_are_added_meanwhile_are_verified_too(path_of_events: Path):
    store: Store = open_store(path_of_events)

    with closing(sqlite.connect(path_of_events, writes=False)) as connection:
        uuid = uuid_of(connection)
        first = walk(connection, uuid, seconds=0)
        _add(store)
        _add(store)
        rest = walk(connection, uuid, after=first.seq, prev=first.head)
    store.close()
    assert (rest.seq, rest.whole) == (2502, True)


def _add(store: Store) -> None:
    with store.writer() as conn:
        append(
            conn, at=1_795_100_000, uid=0, person="", via="", command_id=None, kind="k", subject="s", body={}
        )
