"""The pauses that are in force. What was paused before, and by whom, stands in the events."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

_PUT = "INSERT OR REPLACE INTO pause (probe, uid, person, reason, since, until) VALUES (?, ?, ?, ?, ?, ?)"
_ALL = """
SELECT pause.probe, row_id, name, uid, person, reason, since, until
FROM pause JOIN probe ON probe.id = pause.probe JOIN application ON application.id = probe.application
ORDER BY row_id, name
"""


class StoredPause(msgspec.Struct, frozen=True, kw_only=True):
    """One probe paused, by its number and its names; times are seconds since the epoch."""

    probe_id: int
    row_id: str
    probe: str
    uid: int
    person: str
    reason: str
    since: float
    until: float


def put(conn: Connection, pauses: Iterable[StoredPause]) -> None:
    """Write pauses, each in place of the one that its probe had."""
    rows = [
        (one.probe_id, one.uid, one.person, one.reason, round(one.since * 1000), round(one.until * 1000))
        for one in pauses
    ]
    if rows:
        conn.exec_driver_sql(_PUT, rows)


def remove(conn: Connection, probe_ids: Iterable[int]) -> None:
    """Forget the pauses of these probes; one that is not paused is no error."""
    rows = [(number,) for number in probe_ids]
    if rows:
        conn.exec_driver_sql("DELETE FROM pause WHERE probe = ?", rows)


def load(conn: Connection) -> list[StoredPause]:
    """Every pause that was not taken back, those whose time is over included."""
    return [
        StoredPause(
            probe_id=number,
            row_id=row_id,
            probe=name,
            uid=uid,
            person=person,
            reason=reason,
            since=since / 1000,
            until=until / 1000,
        )
        for number, row_id, name, uid, person, reason, since, until in conn.exec_driver_sql(_ALL)
    ]
