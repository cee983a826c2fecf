"""What answers the queries ``incidents`` and ``incident``."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.incident_pages import AskIncident, AskIncidents, IncidentDetail, IncidentsPage
from opsconsole.client.readiness import ContactReadiness
from opsconsole.client.shapes import Why
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.readiness import known
from opsconsole.health.explain import explain
from opsconsole.incidents import queries
from opsconsole.incidents.facts import ground_of
from opsconsole.readiness.queries import of_contacts


async def answer_incidents(asked: Asked) -> IncidentsPage:
    """The incidents of a window, with their figures."""
    args: AskIncidents = asked.args
    now = utc(asked.clock.now())

    def read() -> IncidentsPage:
        with asked.store.answering() as conn:
            return queries.page(conn, args, now)

    return await asyncio.to_thread(read)


async def answer_incident(checked_at: Callable[[], float | None], asked: Asked) -> IncidentDetail:
    """One incident. Raises `NotFound`. ``checked_at`` is when our self-check last passed."""
    args: AskIncident = asked.args
    inventory = asked.office.inventory

    def read() -> IncidentDetail:
        with asked.store.answering() as conn:
            found = queries.detail(conn, args.number, inventory, ground_of(inventory))
            return replace(found, readiness=_of_contacts(conn, asked, found))

    found = await asyncio.to_thread(read)
    return replace(found, why=_why(found.incident.subject, asked.office, checked_at()))


def _of_contacts(
    conn: Connection, asked: Asked, found: IncidentDetail
) -> tuple[ContactReadiness | None, ...]:
    """How ready those are who are to be called, in their order; of the owner of a service nothing is kept."""
    if not found.contacts:
        return ()
    people = of_contacts(known(conn, asked.office, asked.clock.now()), found.incident.subject)
    return (*people, *[None] * (len(found.contacts) - len(people)))


def _why(row_id: str, office: Office, checked_at: float | None) -> tuple[Why, ...]:
    """What explains the row that is its cause, as it is now."""
    row = office.rows.get(row_id)
    return () if row is None or row.shown is None else explain(row.shown, row.views, checked_at)
