"""What is read of incidents for people: the list with its figures, and one with all that belongs to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.incident_pages import (
    AskIncidents,
    IncidentDetail,
    IncidentsPage,
    IncidentWindow,
    Past,
)
from opsconsole.client.incidents import Incident
from opsconsole.incidents.due import ended_at
from opsconsole.incidents.facts import Ground, vendor_of
from opsconsole.incidents.metrics import figures
from opsconsole.incidents.related import related
from opsconsole.incidents.stored import decoded, every, load, open_ones
from opsconsole.incidents.timeline import OF_ROWS, timeline
from opsconsole.inventory.office import Inventory
from opsconsole.store import events
from opsconsole.store.events import StoredEvent

__all__ = ["detail", "every", "in_order", "load", "open_ones", "page"]

MOST_LISTED = 10_000
MOST_PAST = 10
# Of so many members it is told what befell them; of more, what befell the whole.
_MOST_TOLD_OF = 40
_BACK: dict[IncidentWindow, timedelta | None] = {
    "open": timedelta(0),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "all": None,
}
_LISTED = """
SELECT body FROM incident WHERE status IN ('open', 'acknowledged', 'mitigated') OR changed_at >= :since
"""
_WITH_MEMBER = """
SELECT body FROM incident JOIN incident_member ON incident = number
WHERE row_id = :row AND (status IN ('open', 'acknowledged', 'mitigated') OR changed_at >= :since)
"""
_PAST = """
SELECT body FROM incident JOIN incident_member ON incident = number
WHERE row_id = ? AND number <> ? AND status IN ('resolved', 'closed') ORDER BY number DESC LIMIT ?
"""
_AROUND = """
SELECT body FROM incident WHERE status IN ('open', 'acknowledged', 'mitigated')
OR (opened_at BETWEEN ? AND ? AND changed_at >= ?)
"""
_NEAR = timedelta(hours=2)
_MERGED = "SELECT number FROM incident WHERE status = 'merged' AND merged_into = ? ORDER BY number"


def page(conn: Connection, asked: AskIncidents, now: datetime) -> IncidentsPage:
    """The incidents of a window. The figures are over all of them, told or not."""
    back = _BACK[asked.window]
    since = 0 if back is None else _ms(now - back) + (not back)
    sql = _WITH_MEMBER if asked.application else _LISTED
    rows = conn.exec_driver_sql(sql, {"since": since, "row": asked.application}).scalars()
    found = [one for one in decoded(rows) if not asked.opd or _is_of(one, asked.opd)]
    if asked.window == "open":
        found = [one for one in found if one.status.is_open]
    limit = max(0, min(asked.limit, MOST_LISTED))
    return IncidentsPage(
        at=now, incidents=tuple(in_order(found)[:limit]), total=len(found), figures=figures(found)
    )


def in_order(incidents: Sequence[Incident]) -> list[Incident]:
    """What is open first, the worst and oldest first, then the rest, newest first."""
    still = sorted(
        (one for one in incidents if one.status.is_open),
        key=lambda one: (one.severity.rank, one.opened_at, one.number),
    )
    over = sorted(
        (one for one in incidents if not one.status.is_open),
        key=lambda one: (ended_at(one), one.number),
        reverse=True,
    )
    return [*still, *over]


def detail(conn: Connection, number: int, inventory: Inventory, ground: Ground) -> IncidentDetail:
    """One incident with all that the store and the files say of it. Raises `NotFound`."""
    incident = load(conn, number)
    if incident is None:
        raise NotFound(
            N_("There is no incident #{number}."),
            N_("`opsconsole incidents list` shows those that are open."),
            number=number,
        )
    around = _ms(incident.opened_at - _NEAR), _ms(incident.opened_at + _NEAR), _ms(incident.opened_at - _NEAR)
    others = decoded(conn.exec_driver_sql(_AROUND, around).scalars())
    entry = inventory.applications.get(incident.subject) or inventory.services.get(incident.subject)
    opd = inventory.opds.get(incident.opd)
    return IncidentDetail(
        incident=incident,
        name=ground.of(incident.subject).name if incident.subject else "",
        opd_name=opd.name if opd else "",
        hosting=entry.hosting if entry else "",
        handed_over=entry.handed_over if entry else False,
        vendor=vendor_of(inventory, entry.id) if entry else "",
        runbook=entry.runbook if entry else "",
        timeline=timeline(events.of_subject(conn, f"incident:{number}", 1e11), _of_rows(conn, incident)),
        related=related(incident, others, ground),
        past=tuple(_past(one) for one in _earlier(conn, incident)),
        contacts=tuple(inventory.contacts(entry.id)) if entry else (),
        merged=tuple(conn.exec_driver_sql(_MERGED, (number,)).scalars()),
    )


def _of_rows(conn: Connection, incident: Incident) -> list[StoredEvent]:
    """What befell its members from when the trouble began until it was over."""
    over = incident.closed_at or incident.resolved_at
    until = 1e11 if over is None else over.timestamp() + 0.001
    since = incident.happened_at.timestamp()
    rows = [member.id for member in incident.members[:_MOST_TOLD_OF]] or [incident.subject]
    return [
        event
        for row_id in rows
        for event in events.of_subject(conn, row_id, until, start=since)
        if event.kind in OF_ROWS
    ]


def _earlier(conn: Connection, incident: Incident) -> list[Incident]:
    asked = incident.subject, incident.number, MOST_PAST
    return decoded(conn.exec_driver_sql(_PAST, asked).scalars()) if incident.subject else []


def _past(incident: Incident) -> Past:
    ended = incident.recovered_at or incident.resolved_at or incident.changed_at
    lasted = (ended - incident.happened_at).total_seconds()
    return Past(
        number=incident.number,
        opened_at=incident.opened_at,
        lasted_s=max(0.0, lasted),
        cause=incident.cause,
        note=incident.note,
    )


def _is_of(incident: Incident, opd: str) -> bool:
    wanted = opd.casefold()
    return incident.opd.casefold() == wanted or any(
        member.opd.casefold() == wanted for member in incident.members
    )


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
