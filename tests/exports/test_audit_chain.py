"""The chain as the engine tells it: whole, in order, and enough to hold every seal against."""

import asyncio
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from opsconsole.client.audit import AskAuditHead, AskAuditPage, AuditHead, AuditPage
from opsconsole.engine.asked import Asked
from opsconsole.engine.audit import answer_head, answer_page
from opsconsole.exports.formats import write
from opsconsole.exports.records import audit_columns, audit_row
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import append, canonical_json, verify
from tests.engine.inside import HandClock
from tests.exports.sheets import sheet_for

BODIES: tuple[dict[str, object], ...] = (
    {"number": 409, "text": "=1+1\nvendor \u202edihubungi"},
    {"text": "\x1b[31m é \u2028 𝟙", "list": [1, None, True, {"z": "", "a": "x"}]},
    {},
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "opsconsole.db")
    yield opened
    opened.close()


def fill(store: Store, count: int) -> None:
    with store.writer() as conn:
        for number in range(count):
            append(
                conn, at=1_795_520_000.123 + number, uid=1000 + number % 3, person=f"sari {number}",
                via="console", command_id=f"c{number}" if number % 2 else None, kind="incident.noted",
                subject="incident:409", body=BODIES[number % len(BODIES)],
            )  # fmt: skip


def asked(store: Store, args: Any) -> Asked:
    return Asked(args, None, None, store, HandClock())  # type: ignore[arg-type]


def head_of(store: Store) -> AuditHead:
    return asyncio.run(answer_head(asked(store, AskAuditHead())))


def page_of(store: Store, after: int = 0, limit: int = 2000) -> AuditPage:
    return asyncio.run(answer_page(asked(store, AskAuditPage(after=after, limit=limit))))


def test_the_head_is_the_newest_event_and_when_it_was_read(store: Store) -> None:
    assert (head_of(store).seq, head_of(store).hash) == (0, "00" * 32)
    fill(store, 7)
    with store.reader() as conn:
        whole = verify(conn)
    head = head_of(store)
    assert (head.store, head.seq, head.hash) == (store.uuid, 7, whole.head.hex())
    assert head.at.timestamp() == HandClock().now()


def test_pages_follow_each_other_without_a_gap(store: Store) -> None:
    fill(store, 7)
    first, second, third = page_of(store, 0, 3), page_of(store, 3, 3), page_of(store, 6, 3)
    assert [[event.seq for event in page.events] for page in (first, second, third)] == [
        [1, 2, 3],
        [4, 5, 6],
        [7],
    ]
    assert [page.more for page in (first, second, third)] == [True, True, False]
    assert page_of(store, 7).events == ()
    assert len(page_of(store, 0, -5).events) == 1
    assert second.events[0].prev == first.events[-1].hash


def test_what_is_exported_is_enough_to_hold_every_seal_against(store: Store) -> None:
    fill(store, 7)
    rows = [audit_row(event) for event in page_of(store).events]
    sink = io.BytesIO()
    write("jsonl", sheet_for(rows, audit_columns()), sink)
    head = bytes(32)
    for line in sink.getvalue().splitlines():
        one = json.loads(line)
        at = round(datetime.fromisoformat(one["at"]).timestamp() * 1000)
        columns = (
            one["seq"], at, one["uid"], one["person"], one["via"], one["command"], one["kind"], one["subject"]
        )  # fmt: skip
        sealed = b"".join(
            (b"opsconsole-audit-v1\n", store.uuid.encode(), b"\n", head,
             json.dumps(columns, separators=(",", ":"), ensure_ascii=False).encode(), b"\n",
             canonical_json(one["body"]))
        )  # fmt: skip
        head = hashlib.sha256(sealed).digest()
        assert one["hash"] == head.hex()
    assert head.hex() == head_of(store).hash
