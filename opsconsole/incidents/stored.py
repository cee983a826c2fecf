"""Incidents in their tables: what is read of them while others are written, and how one is put there."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.incidents import Incident, Status
from opsconsole.incidents.claims import MASS, claims
from opsconsole.incidents.ledger import CutOff
from opsconsole.store.drafts import NotApplied

_OPEN = tuple(status.value for status in Status if status.is_open)
_LIKELY = 3
_MOST = 2**63 - 1
_PUT = """
INSERT INTO incident (number, status, happened_at, opened_at, changed_at, merged_into, version, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET status = excluded.status, happened_at = excluded.happened_at,
    changed_at = excluded.changed_at, merged_into = excluded.merged_into, version = excluded.version,
    body = excluded.body
"""
_OVER = """
SELECT body FROM incident JOIN incident_member ON incident = number
WHERE row_id = ? AND status IN ('resolved', 'closed') ORDER BY number DESC LIMIT ?
"""
_HOLDER = "SELECT body FROM incident JOIN incident_claim ON incident = number WHERE claim = ?"
# What is shown of rows stands in the state that is written with the events of the same moment.
_CUT_OFF = """
SELECT id, json_extract(CAST(memory AS TEXT), '$.since') FROM state
WHERE entity = 'application' AND overlay = 'unreachable'
    AND json_extract(CAST(memory AS TEXT), '$.via') = ? ORDER BY id
"""


class _Pairs(NamedTuple):
    """How rows of (something, incident) are put in and taken out."""

    insert: str
    delete: str


_MEMBERS = _Pairs(
    "INSERT INTO incident_member (row_id, incident) VALUES (?, ?)",
    "DELETE FROM incident_member WHERE row_id = ? AND incident = ?",
)
_CLAIMS = _Pairs(
    "INSERT INTO incident_claim (claim, incident) VALUES (?, ?)",
    "DELETE FROM incident_claim WHERE claim = ? AND incident = ?",
)
_incident = msgspec.json.Decoder(Incident)
NO_ROW = ""
"""What stands for the rows of a mass failure, which has none of its own."""


def load(conn: Connection, number: int) -> Incident | None:
    """The incident of this number; None also for one that is beyond what the store can count."""
    if number > _MOST:
        return None
    body = conn.exec_driver_sql("SELECT body FROM incident WHERE number = ?", (number,)).scalar()
    return None if body is None else _incident.decode(body)


def decoded(bodies: Iterable[bytes]) -> list[Incident]:
    """Incidents as their bodies are stored."""
    return [_incident.decode(body) for body in bodies]


def open_ones(conn: Connection) -> list[Incident]:
    """All that are not over, by their number."""
    rows = conn.exec_driver_sql(
        "SELECT body FROM incident WHERE status IN (SELECT value FROM json_each(?)) ORDER BY number",
        (json.dumps(_OPEN),),
    )
    return decoded(rows.scalars())


def every(conn: Connection) -> list[Incident]:
    """All incidents there ever were."""
    return decoded(conn.exec_driver_sql("SELECT body FROM incident ORDER BY number").scalars())


def recent(conn: Connection, since: datetime) -> list[Incident]:
    """Those that are not closed or merged, and those that changed since; by their number."""
    rows = conn.exec_driver_sql(
        "SELECT body FROM incident WHERE status NOT IN ('closed', 'merged') OR changed_at >= ? "
        "ORDER BY number",
        (_ms(since),),
    )
    return decoded(rows.scalars())


def put(conn: Connection, before: Incident | None, after: Incident) -> None:
    """Write how an incident stands now, its members and its claims.

    Raises `NotApplied` where another open one claims what it claims.
    """
    row = (
        *(after.number, after.status.value, _ms(after.happened_at), _ms(after.opened_at)),
        *(_ms(after.changed_at), after.merged_into, after.version, msgspec.json.encode(after)),
    )
    conn.exec_driver_sql(_PUT, row)
    _differ(conn, _MEMBERS, after.number, _rows(before), _rows(after))
    _claim(conn, after.number, claims(before) if before else frozenset(), claims(after))


def _rows(incident: Incident | None) -> frozenset[str]:
    if incident is None:
        return frozenset()
    rows = {member.id for member in incident.members}
    # One that a person reported is about its subject, of which nothing needs to fail.
    rows |= {incident.subject} if incident.subject else set()
    return frozenset(rows | ({NO_ROW} if MASS in incident.claims else set()))


def _claim(conn: Connection, number: int, before: frozenset[str], after: frozenset[str]) -> None:
    new = after - before
    if new:
        taken = conn.exec_driver_sql(
            "SELECT claim, incident FROM incident_claim WHERE claim IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(new)),),
        ).all()
        if taken:
            raise NotApplied(f"incident {number} claims what is taken: {taken}")
    _differ(conn, _CLAIMS, number, before, after)


def _differ(
    conn: Connection, kind: _Pairs, number: int, before: frozenset[str], after: frozenset[str]
) -> None:
    gone = [(one, number) for one in sorted(before - after)]
    new = [(one, number) for one in sorted(after - before)]
    if gone:
        conn.exec_driver_sql(kind.delete, gone)
    if new:
        conn.exec_driver_sql(kind.insert, new)


class StoredLedger:
    """`ledger.Ledger` over the tables, within a transaction that writes."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def next_number(self) -> int:
        """The number of the next one: none is ever given twice, since none is ever deleted."""
        found = self._conn.exec_driver_sql("SELECT ifnull(max(number), 0) + 1 FROM incident")
        return int(found.scalar_one())

    def holder(self, claim: str) -> Incident | None:
        """The open one that claims this."""
        body = self._conn.exec_driver_sql(_HOLDER, (claim,)).scalar()
        return None if body is None else _incident.decode(body)

    def over(self, row_id: str) -> Sequence[Incident]:
        """The newest that are over and had this row as a member, newest first; "" for mass failures."""
        return decoded(self._conn.exec_driver_sql(_OVER, (row_id, _LIKELY)).scalars())

    def begun_since(self, moment: datetime) -> Sequence[Incident]:
        """The open ones whose trouble began then or later."""
        return [one for one in open_ones(self._conn) if one.happened_at >= moment]

    def cut_off_by(self, row_id: str) -> Sequence[CutOff]:
        """The rows that this one cuts off, as they are shown now."""
        rows = self._conn.exec_driver_sql(_CUT_OFF, (row_id,))
        return [CutOff(child, row_id, utc(since)) for child, since in rows]


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
