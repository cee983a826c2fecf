"""What answers the queries ``incidents`` and ``incident``."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.incident_pages import AskIncident, AskIncidents, IncidentDetail, IncidentsPage
from opsconsole.client.shapes import Why
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.health.explain import explain
from opsconsole.incidents import queries
from opsconsole.incidents.facts import ground_of


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
            return queries.detail(conn, args.number, inventory, ground_of(inventory))

    found = await asyncio.to_thread(read)
    return replace(found, why=_why(found.incident.subject, asked.office, checked_at()))


def _why(row_id: str, office: Office, checked_at: float | None) -> tuple[Why, ...]:
    """What explains the row that is its cause, as it is now."""
    row = office.rows.get(row_id)
    return () if row is None or row.shown is None else explain(row.shown, row.views, checked_at)
