"""What answers the query ``dimensions``: how the six dimensions stand now."""

import asyncio

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.dimensions import DimensionsPage
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.people import levels_of
from opsconsole.engine.staging import GONE
from opsconsole.integration import queries
from opsconsole.integration.dimensions import Standing, summary


async def answer_dimensions(asked: Asked) -> DimensionsPage:
    """Six rows, in the order in which they are worked on."""

    def read() -> DimensionsPage:
        with asked.store.answering() as conn:
            return read_dimensions(conn, asked.office, asked.clock.now())

    return await asyncio.to_thread(read)


def read_dimensions(conn: Connection, office: Office, now: float) -> DimensionsPage:
    """As `answer_dimensions`, in the caller's thread."""
    inventory = office.inventory
    today = utc(now).astimezone(inventory.calendar.zone).date()
    levels, stages = levels_of(conn, office, now), queries.known(conn, inventory, today).stages
    rows = (
        Standing(
            row.entry.dimension,
            row.shown is not None and row.shown.state not in GONE,
            stages.get(row.id, 0),
            levels.get(row.id, 0),
        )
        for row in office.rows.values()
        if row.entry.kind == "application" and row.entry.active
    )
    return summary(rows, inventory.road, utc(now), today)
