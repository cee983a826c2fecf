"""Events ``readiness.*`` as rows. Nothing else writes these tables: they can be made again of the chain.

An event that records evidence has the fields of `Recorded` in its body: one row for each of its ``people``,
or one about its OPD where it names none.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from opsconsole.readiness.evidence import CHANGE, VOID, Row
from opsconsole.store.drafts import Reaction
from opsconsole.store.events import StoredEvent

PREFIX = "readiness."
KINDS = frozenset(
    PREFIX + name
    for name in (
        *("contacted", "drill_started", "drill_ended", "session_planned", "attended", "decreed"),
        *("sop_acknowledged", "login_seen", "rostered", "handed_over", "changed", "reviewed"),
        *("means_proven", "reminded", "voided", "imported"),
    )
)
"""Every event that is ours."""
# Whose the rows are that were there before: no account has it.
NOBODY = -1
_INSERT = """
INSERT INTO evidence (seq, kind, person, opd, application, at, until, result, source, variant, params, uid,
"by", via, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DRILL = """
INSERT INTO drill (seq, person, opd, application, tier, hours, meant, asked_at, due_at, uid, "by", result)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
"""
_SESSION = """
INSERT OR REPLACE INTO bimtek (code, seq, title, at, applications, uid, "by") VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_ALIVE = """
SELECT id, kind, person, opd, application, at, until, result, source, variant,
CASE kind WHEN 'CH' THEN params END FROM evidence WHERE voided_by IS NULL AND kind <> 'VO' ORDER BY id
"""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What the body of an event says that records evidence.

    ``opds`` are those of ``people``, in their order; ``own`` are parameters of single people, by their id.
    """

    kind: str
    at: datetime
    until: datetime | None = None
    people: tuple[str, ...] = ()
    opds: tuple[str, ...] = ()
    opd: str = ""
    application: str = ""
    result: str = ""
    source: str = "seen"
    variant: str = ""
    params: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}


def project(conn: Connection, event: StoredEvent) -> Reaction:
    """Bring the tables up to date with an event; others are none of ours."""
    match event.kind.removeprefix(PREFIX):
        case event.kind:
            pass
        case "drill_started":
            _start(conn, event)
        case "drill_ended":
            _end(conn, event)
        case "session_planned":
            _plan(conn, event)
        case "voided":
            _void(conn, event)
        case "imported":
            _import(conn, event)
        case _:
            _record(conn, event)
    return Reaction()


def alive(conn: Connection) -> list[Row]:
    """Every row that was not taken back, in the order in which they were recorded."""
    return [
        Row(
            id=number, kind=kind, person=person, opd=opd, application=application,
            at=at / 1000, until=None if until is None else until / 1000, result=result, source=source,
            variant=variant, **(_taking(params) if kind == CHANGE else {}),
        )
        for (number, kind, person, opd, application, at, until, result, source, variant, params
        ) in conn.exec_driver_sql(_ALIVE).all()
    ]  # fmt: skip


def _taking(params: bytes) -> dict[str, frozenset[str]]:
    found = msgspec.json.decode(params)
    return {name: frozenset(found.get(name, ())) for name in ("voids", "duties")}


def _import(conn: Connection, event: StoredEvent) -> None:
    """What was there before there was this store. It is nobody's own recording, so nobody takes it back."""
    brought = msgspec.structs.replace(event, uid=NOBODY)
    body: dict[str, Any] = event.body
    for session in body.get("sessions", ()):
        _plan(conn, msgspec.structs.replace(brought, body=session))
    for drill in body.get("drills", ()):
        _start(conn, msgspec.structs.replace(brought, body=drill))
        [number] = conn.exec_driver_sql("SELECT max(id) FROM drill").one()
        _end(conn, msgspec.structs.replace(brought, body={**drill, "drill": number}))
    for row in body["rows"]:
        _record(conn, msgspec.structs.replace(brought, body=row))


def _record(conn: Connection, event: StoredEvent) -> None:
    said = msgspec.convert(event.body, Recorded)
    about = list(zip(said.people, said.opds, strict=True)) or [("", said.opd)]
    for person, opd in about:
        params = msgspec.json.encode({**said.params, **said.own.get(person, {})})
        until = None if said.until is None else _ms(said.until)
        row = (
            *(event.seq, said.kind, person, opd, said.application, _ms(said.at), until),
            *(said.result, said.source, said.variant, params),
            *(event.uid, event.person, event.via, round(event.at * 1000)),
        )
        conn.exec_driver_sql(_INSERT, row)


def _start(conn: Connection, event: StoredEvent) -> None:
    body: dict[str, Any] = event.body
    row = (
        *(event.seq, body["person"], body["opd"], body["application"], body["tier"], body["hours"]),
        *(bool(body["meant"]), _moment(body["asked_at"]), _moment(body["due_at"]), event.uid, event.person),
    )
    conn.exec_driver_sql(_DRILL, row)


def _end(conn: Connection, event: StoredEvent) -> None:
    body: dict[str, Any] = event.body
    ended = (_moment(body["ended_at"]), body["result"], body["drill"])
    conn.exec_driver_sql("UPDATE drill SET ended_at = ?, result = ? WHERE id = ?", ended)
    _record(conn, event)


def _plan(conn: Connection, event: StoredEvent) -> None:
    body: dict[str, Any] = event.body
    row = (
        *(body["code"], event.seq, body["title"], _moment(body["at"]), ",".join(body["applications"])),
        *(event.uid, event.person),
    )
    conn.exec_driver_sql(_SESSION, row)


def _void(conn: Connection, event: StoredEvent) -> None:
    """Take rows back, and what they themselves had taken back is there again."""
    body: dict[str, Any] = event.body
    _record(conn, msgspec.structs.replace(event, body={**body, "kind": VOID}))
    [by] = conn.exec_driver_sql("SELECT max(id) FROM evidence WHERE seq = ?", (event.seq,)).one()
    for number in body["rows"]:
        conn.exec_driver_sql("UPDATE evidence SET voided_by = NULL WHERE voided_by = ?", (number,))
        conn.exec_driver_sql("UPDATE evidence SET voided_by = ? WHERE id = ?", (by, number))
    if not body["rows"]:
        ended = (round(event.at * 1000), body["undone"])
        conn.exec_driver_sql("UPDATE bimtek SET cancelled_at = ? WHERE seq = ?", ended)
        conn.exec_driver_sql(
            "UPDATE drill SET ended_at = ?, result = 'void' WHERE seq = ? AND ended_at IS NULL", ended
        )


def _moment(text: str) -> int:
    return _ms(datetime.fromisoformat(text))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
