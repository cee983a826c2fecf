"""What answers the queries ``people-year`` and ``stages-year``: what was recorded in one year."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.yearly import AskPeopleYear, AskStagesYear, Exchange, PeopleYear, StagesYear
from opsconsole.engine.asked import Asked
from opsconsole.engine.integration import day_of
from opsconsole.engine.office import Office
from opsconsole.engine.readiness import late_actions
from opsconsole.engine.staging import gives
from opsconsole.integration import yearly as stages
from opsconsole.readiness import yearly as people

EARLIEST, LATEST = 2000, 2100
_LAST_GOOD = """
SELECT at FROM look WHERE probe = ? AND at >= ? AND at < ? AND (result >> 8 & 3) <= 1
ORDER BY at DESC LIMIT 1
"""


class Span(NamedTuple):
    """A year in the office's zone, or what has been of it: seconds since the epoch, and its last day."""

    start: float
    end: float
    as_of: date
    running: bool


async def answer_people_year(asked: Asked) -> PeopleYear:
    """What was recorded of people. Raises Invalid for a year that none could be of."""
    args: AskPeopleYear = asked.args
    inventory, now = asked.office.inventory, asked.clock.now()
    span = span_of(asked, args.year)

    def read() -> PeopleYear:
        with asked.store.answering() as conn:
            late = late_actions(conn, now) if span.running else frozenset()
            page = people.of_year(conn, inventory, (span.start, span.end), span.as_of, late=late)
        return replace(page, at=utc(now))

    return await asyncio.to_thread(read)


async def answer_stages_year(asked: Asked) -> StagesYear:
    """What became of stages. Raises Invalid as `answer_people_year` does."""
    args: AskStagesYear = asked.args
    inventory, now = asked.office.inventory, asked.clock.now()
    span = span_of(asked, args.year)

    def read() -> StagesYear:
        with asked.store.answering() as conn:
            moved = stages.moves(conn, inventory.road, span.as_of)
            return StagesYear(
                at=utc(now),
                year=args.year,
                as_of=span.as_of,
                applications=stages.standings(inventory, moved, span.as_of),
                moves=tuple(one for one in moved if one.day.year == args.year),
                proofs=stages.proofs(conn, inventory, span.as_of),
                exchanges=tuple(_exchanges(conn, asked.office, span)),
            )

    return await asyncio.to_thread(read)


def span_of(asked: Asked, year: int) -> Span:
    """The year up to now. Raises Invalid for one that has not begun, or that nothing could be of."""
    zone, now = asked.office.inventory.calendar.zone, asked.clock.now()
    today = day_of(asked.office.inventory, now)
    if not EARLIEST <= year <= LATEST:
        raise Invalid(N_("{text} is no year."), N_("Write it as 2026."), text=str(year))
    if year > today.year:
        raise Invalid(N_("{year} has not begun."), N_("Ask for a year up to this one."), year=year)
    start, end = (datetime.combine(date(one, 1, 1), time(), zone).timestamp() for one in (year, year + 1))
    running = year == today.year
    as_of = today if running else date(year + 1, 1, 1) - timedelta(days=1)
    # Evidence of this very moment is there already.
    return Span(start, min(end, now + 1), as_of, running)


def _exchanges(conn: Connection, office: Office, span: Span) -> Iterator[Exchange]:
    rules = office.inventory.road.rules
    named = {"exchange": rules.exchange_probes, "api": rules.api_probes}
    window = round(span.start * 1000), round(span.end * 1000)
    for row in office.rows.values():
        if row.entry.kind != "application" or not row.entry.active:
            continue
        for probe in row.probes:
            proof = next((one for one, names in named.items() if gives(probe, one, names)), "")
            if not proof:
                continue
            last = conn.exec_driver_sql(_LAST_GOOD, (probe.id, *window)).scalar_one_or_none()
            yield Exchange(
                application=row.id,
                name=row.entry.name,
                opd=row.entry.opd_on(span.as_of),
                probe=probe.name,
                kind=probe.configured.spec.kind,
                target=probe.configured.target.label,
                proof="exchange" if proof == "exchange" else "api",
                last_good=None if last is None else utc(last / 1000),
            )
