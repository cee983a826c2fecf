"""How incidents stood at a moment: the rows where nothing came after it, else their events up to then."""

from functools import reduce

import msgspec
from sqlalchemy import Connection

from opsconsole.client.incidents import Incident
from opsconsole.incidents.bodies import subject
from opsconsole.incidents.projection import KINDS, apply
from opsconsole.store.events import StoredEvent, of_subject

# What is not over now was open or over then; what is over now was so unless it changed since.
_TOUCHED = """
SELECT number, changed_at, body FROM incident
WHERE opened_at < :end AND (status IN ('open', 'acknowledged', 'mitigated') OR changed_at >= :start)
ORDER BY number
"""
_row = msgspec.json.Decoder(Incident)


def standing(conn: Connection, start: float, end: float) -> list[Incident]:
    """The incidents that were open between two times, or ended or changed there, as they stood at ``end``.

    Seconds since the epoch. What was over before ``start``, and changed again after ``end`` only, may be
    among them.
    """
    span = {"start": round(start * 1000), "end": round(end * 1000)}
    return [
        _row.decode(body) if changed_at < span["end"] else _then(conn, number, end)
        for number, changed_at, body in conn.exec_driver_sql(_TOUCHED, span)
    ]


def _then(conn: Connection, number: int, end: float) -> Incident:
    told = [event for event in of_subject(conn, subject(number), end) if event.kind in KINDS]
    return reduce(_after, told[1:], apply(None, told[0]))


def _after(incident: Incident, event: StoredEvent) -> Incident:
    return apply(incident, event)
