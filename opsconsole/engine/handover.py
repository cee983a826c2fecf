"""What answers the query ``handover``: the shift of a moment, with what it leaves to the next."""

import asyncio
from datetime import datetime

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.incident_pages import AskHandover, Handover
from opsconsole.client.instructions import AskInstructions
from opsconsole.engine.asked import Asked
from opsconsole.incidents.handover import assemble
from opsconsole.incidents.standing import standing
from opsconsole.integration import queries
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.shifts import Shift
from opsconsole.readiness.drilling import running
from opsconsole.store import events
from opsconsole.store.database import Store

# Of what people did in a shift so much is told, the newest.
MOST_CHANGES = 500


async def answer_handover(asked: Asked) -> Handover:
    """The hand-over of the shift at a moment, now where none is given. Raises `Invalid`."""
    args: AskHandover = asked.args
    now = utc(asked.clock.now())
    at = args.at or now
    if at > now:
        raise Invalid(N_("That time has not come yet."), N_("Ask for a time up to now."))
    if at.timestamp() < 0:
        raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))
    inventory = asked.office.inventory
    return await asyncio.to_thread(_read, asked.store, inventory, inventory.calendar.shift_at(at), now)


def _read(store: Store, inventory: Inventory, shift: Shift, now: datetime) -> Handover:
    start, end = shift.start.timestamp(), shift.end.timestamp()
    with store.answering() as conn:
        done = events.by_people(conn, start, end, MOST_CHANGES)
        # Which ones ran at the end of an earlier shift is of no use to anybody now.
        drills = running(conn, inventory) if now < shift.end else ()
        today = now.astimezone(inventory.calendar.zone).date()
        told = queries.instructions(conn, inventory, AskInstructions(), now.timestamp(), today)
        found = assemble(shift, now, standing(conn, start, end), done, events.head(conn), drills=drills)
    # As of an earlier shift it would be wrong: what was answered since is no longer open.
    return replace(found, instructions=told.instructions if now < shift.end else ())
