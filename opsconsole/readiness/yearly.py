"""What was recorded of people in one year, and how ready they were on its last day."""

from datetime import date

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.yearly import PeopleYear
from opsconsole.inventory.office import Inventory
from opsconsole.readiness import levels, queries, shown
from opsconsole.readiness.duties import make_ground
from opsconsole.readiness.evidence import VOID, Book
from opsconsole.readiness.project import alive

_IN_YEAR = f"kind <> '{VOID}' AND voided_by IS NULL AND at >= ? AND at < ?"
_NO_LIMIT = -1


def of_year(
    conn: Connection,
    inventory: Inventory,
    span: tuple[float, float],
    as_of: date,
    *,
    late: frozenset[str] = frozenset(),
) -> PeopleYear:
    """The year from the first to before the second of ``span``, seconds since the epoch.

    Evidence that came after it shows nothing of it. ``late`` are OPD with an action after an incident late.
    """
    start, end = span
    ground = make_ground(inventory, Book(row for row in alive(conn) if row.at < end), late)
    asked = round(start * 1000), round(end * 1000)
    rows = tuple(queries.recorded(conn, ground, _IN_YEAR, asked, _NO_LIMIT))[::-1]
    named = {row.person: inventory.people[row.person].name for row in rows if row.person in inventory.people}
    return PeopleYear(
        at=utc(end),
        year=as_of.year,
        as_of=as_of,
        rows=rows,
        names=named,
        opds=tuple(
            # What people work with is proven by what answers now: it says nothing of another day.
            shown.opd_shown(ground, opd, levels.of_opd(ground, opd, end), (), end)
            for opd in inventory.opds.values()
            if opd.active_on(as_of)
        ),
        levels=shown.level_words(inventory.readiness),
        evidence=shown.rule_words(inventory.readiness),
    )
