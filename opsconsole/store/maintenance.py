"""Maintenance that was planned by command and is not over. What was before stands in the events."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

_ADD = """
INSERT INTO maintenance (subject, kind, start, "end", lasts, parent, began, ends, uid, person, reason, added)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ALL = """
SELECT id, subject, kind, start, "end", lasts, parent, began, ends, uid, person, reason, added
FROM maintenance ORDER BY id
"""


class StoredMaintenance(msgspec.Struct, frozen=True, kw_only=True):
    """One window by its number, which no other ever has; 0 before it is stored.

    ``subject`` is a row's id, ``opd:CODE`` or ``*``; ``parent`` a row's id, empty for none. Times are
    seconds since the epoch, ``lasts`` is seconds; ``began`` and ``ends`` are as in
    `health.maintenance.Window`.
    """

    number: int = 0
    subject: str
    kind: str
    start: float
    end: float
    lasts: float = 0.0
    parent: str = ""
    began: float | None = None
    ends: float = 0.0
    uid: int
    person: str
    reason: str
    added: float


def add(conn: Connection, one: StoredMaintenance) -> int:
    """Write one; its number."""
    began = None if one.began is None else _ms(one.began)
    row = (
        *(one.subject, one.kind, _ms(one.start), _ms(one.end), _ms(one.lasts), one.parent),
        *(began, _ms(one.ends), one.uid, one.person, one.reason, _ms(one.added)),
    )
    number = conn.exec_driver_sql(_ADD, row).lastrowid
    assert number is not None
    return number


def begin(conn: Connection, begun: Iterable[tuple[int, float, float]]) -> None:
    """Write when windows began and when they will end, by their number."""
    rows = [(_ms(began), _ms(ends), number) for number, began, ends in begun]
    if rows:
        conn.exec_driver_sql("UPDATE maintenance SET began = ?, ends = ? WHERE id = ?", rows)


def remove(conn: Connection, numbers: Iterable[int]) -> None:
    """Forget these; one that is not there is no error."""
    rows = [(number,) for number in numbers]
    if rows:
        conn.exec_driver_sql("DELETE FROM maintenance WHERE id = ?", rows)


def load(conn: Connection) -> list[StoredMaintenance]:
    """All that was not ended or forgotten, those whose time is over included."""
    return [
        StoredMaintenance(
            number=number,
            subject=subject,
            kind=kind,
            start=start / 1000,
            end=end / 1000,
            lasts=lasts / 1000,
            parent=parent,
            began=None if began is None else began / 1000,
            ends=ends / 1000,
            uid=uid,
            person=person,
            reason=reason,
            added=added / 1000,
        )
        for (
            number,
            subject,
            kind,
            start,
            end,
            lasts,
            parent,
            began,
            ends,
            uid,
            person,
            reason,
            added,
        ) in conn.exec_driver_sql(_ALL)
    ]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
