"""What answers the query ``availability``: the months of a year, application by application."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.availability import AskAvailability, AvailabilityPage, Month
from opsconsole.client.shapes import State
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.staging import firsts
from opsconsole.health import history
from opsconsole.health.turns import turns_of
from opsconsole.store import runs

_EARLIEST, _LATEST = 2000, 2100


async def answer_availability(asked: Asked) -> AvailabilityPage:
    """The months of a year. Raises Invalid for a year that none could be of."""
    args: AskAvailability = asked.args
    if not _EARLIEST <= args.year <= _LATEST:
        raise Invalid(N_("{text} is no year."), N_("Write it as 2026."), text=str(args.year))

    def read() -> AvailabilityPage:
        now = asked.clock.now()
        with asked.store.answering() as conn:
            months = tuple(_months(conn, asked.office, args.year, round(now * 1000)))
        return AvailabilityPage(at=utc(now), year=args.year, months=months)

    return await asyncio.to_thread(read)


def _months(conn: Connection, office: Office, year: int, now: int) -> Iterator[Month]:
    zone = office.inventory.calendar.zone
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    bounds = [min(_ms(day, zone), now) for day in starts]
    ran = runs.between(conn, bounds[0], bounds[-1])
    known = firsts(conn)
    for row in office.rows.values():
        if row.entry.kind != "application" or not row.entry.active:
            continue
        first = known.get(row.id, now)
        shown = State.PENDING if row.shown is None else row.shown.state
        for number, day in enumerate(starts[:-1]):
            window = (max(bounds[number], first), bounds[number + 1])
            if window[0] >= window[1]:
                continue
            turns = turns_of(conn, "application", row.id, *window)
            spent = history.account(history.held(turns, shown, first, ran, window))
            low, high, coverage = spent.percentages() or (None, None, None)
            yield Month(
                application=row.id, name=row.entry.name, opd=row.entry.opd_on(day), first=day,
                up_s=spent.up / 1000, down_s=spent.down / 1000, unknown_s=spent.unknown / 1000,
                excluded_s=spent.excluded / 1000, low_pct=low, high_pct=high, coverage_pct=coverage,
            )  # fmt: skip


def _ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)
