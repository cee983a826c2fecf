"""What answers the query ``briefing``: one page for whoever decides, from what every room knows."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.briefing import (
    AskBriefing,
    BriefExpiry,
    Briefing,
    BriefInstruction,
    BriefReadiness,
    Decision,
)
from opsconsole.client.expiries import Expiry
from opsconsole.client.incidents import Incident, Severity, Status
from opsconsole.client.instructions import Instruction
from opsconsole.client.integration import Road
from opsconsole.client.readiness import OpdReadiness
from opsconsole.client.shapes import State
from opsconsole.engine.asked import Asked
from opsconsole.engine.dimensions import read_dimensions
from opsconsole.engine.expiries import read_expiries
from opsconsole.engine.integration import EARLIEST
from opsconsole.engine.office import Office
from opsconsole.engine.readiness import known
from opsconsole.engine.switching_off import candidates
from opsconsole.incidents import queries as incidents
from opsconsole.integration import queries, stored
from opsconsole.inventory.office import Inventory
from opsconsole.readiness import queries as readiness
from opsconsole.store import runs

EXPIRY_DAYS = 30
_HIGHEST_LEVEL = 5


async def answer_briefing(asked: Asked) -> Briefing:
    """The page as of a day. Raises Invalid for one that has not come."""
    args: AskBriefing = asked.args
    now = asked.clock.now()
    today = utc(now).astimezone(asked.office.inventory.calendar.zone).date()
    day = args.at or today
    if day > today:
        raise Invalid(N_("That day has not come yet."), N_("Ask for a day up to today."))
    if day < EARLIEST:
        raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))

    def read() -> Briefing:
        with asked.store.answering() as conn:
            return _read(conn, asked.office, now, day, past=day < today)

    return await asyncio.to_thread(read)


def _read(conn: Connection, office: Office, now: float, day: date, *, past: bool) -> Briefing:
    inventory = office.inventory
    today = utc(now).astimezone(inventory.calendar.zone).date()
    end = _end_of(inventory, day) if past else utc(now)
    opds = readiness.page(known(conn, office, end.timestamp())).opds
    road = queries.road(conn, inventory, day, today)
    open_then = _open(conn, end, past=past)
    late = [one for one in stored.instructions(conn) if _late(one, day, end)]
    ending = read_expiries(conn, office, end.timestamp(), EXPIRY_DAYS).expiries
    first_start = runs.first_start(conn)
    states = [row.shown.state for row in office.rows.values() if row.entry.active and row.shown]
    return Briefing(
        at=utc(now),
        day=day,
        past=past,
        office=inventory.settings.office.name,
        opd_term=inventory.settings.office.opd_term,
        down=None if past else sum(state is State.DOWN for state in states),
        watched=None if past else len(states),
        recorded=not past or _ran(conn, inventory, day),
        recorded_since=utc(first_start) if first_start else None,
        incidents=tuple(open_then),
        readiness=tuple(_of_opd(one) for one in opds),
        levels=tuple(sum(one.proven == level for one in opds) for level in range(_HIGHEST_LEVEL + 1)),
        road=replace(road, burn_up=(), notes=(), opds=(), paper=()),
        dimensions=None if past else read_dimensions(conn, office, now),
        late=tuple(_instruction(inventory, one) for one in sorted(late, key=lambda one: one.due)),
        expiries=tuple(together(ending)),
        expiry_days=EXPIRY_DAYS,
        decisions=() if past else tuple(_decisions(conn, office, now, road, open_then)),
    )


def together(expiries: Sequence[Expiry]) -> Iterator[BriefExpiry]:
    """What ends, the first to end first; evidence of people as how many of a kind in an OPD."""
    people: dict[tuple[str, str], list[Expiry]] = {}
    found: list[BriefExpiry] = []
    for one in expiries:
        if one.person:
            people.setdefault((one.name, one.opd), []).append(one)
        else:
            found.append(
                BriefExpiry(kind=one.kind, day=one.day, left=one.left, name=one.name, opd_short=one.opd_short)
            )
    for many in people.values():
        first = min(many, key=lambda one: one.day)
        found.append(
            BriefExpiry(
                kind=first.kind,
                day=first.day,
                left=first.left,
                name=first.name,
                opd_short=first.opd_short,
                count=len(many),
            )
        )
    return iter(sorted(found, key=lambda one: (one.day, one.kind, one.name, one.opd_short)))


def _ran(conn: Connection, inventory: Inventory, day: date) -> bool:
    """Whether an engine ran at any time of a day."""
    start, end = (round(_end_of(inventory, one).timestamp() * 1000) for one in (day - timedelta(days=1), day))
    return bool(runs.between(conn, start, end))


def _end_of(inventory: Inventory, day: date) -> datetime:
    """The last moment of a day in the office's zone."""
    start = datetime.combine(day + timedelta(days=1), time(), inventory.calendar.zone)
    return start - timedelta(milliseconds=1)


def _open(conn: Connection, end: datetime, *, past: bool) -> list[Incident]:
    """The incidents that were open at a moment, the worst first."""
    if not past:
        return incidents.in_order(incidents.open_ones(conn))
    every = incidents.every(conn)
    then = [
        one
        for one in every
        if one.opened_at <= end
        and one.status is not Status.MERGED
        and not any(over is not None and over <= end for over in (one.resolved_at, one.closed_at))
    ]
    return sorted(then, key=lambda one: (one.severity.rank, one.opened_at, one.number))


def _late(one: Instruction, day: date, end: datetime) -> bool:
    """Whether an instruction was late at the end of a day."""
    over = one.answered_at or one.withdrawn_at
    return one.issued_at <= end and one.due < day and (over is None or over > end)


def _of_opd(one: OpdReadiness) -> BriefReadiness:
    return BriefReadiness(
        opd=one.opd, short=one.short, claimed=one.claimed, proven=one.proven, falls_on=one.falls_on,
        falls_to=one.falls_to,
    )  # fmt: skip


def _instruction(inventory: Inventory, one: Instruction) -> BriefInstruction:
    opd = inventory.opds.get(one.opd)
    return BriefInstruction(
        number=one.number, opd_short=opd.short if opd else one.opd, text=one.text, due=one.due
    )


def _decisions(
    conn: Connection, office: Office, now: float, road: Road, open_now: Sequence[Incident]
) -> Iterator[Decision]:
    inventory = office.inventory
    for one in open_now:
        if one.severity is Severity.CRITICAL and not one.owner:
            yield Decision(kind="owner", number=one.number, opd_short=one.opd_short)
    if too_slow(road):
        yield Decision(kind="pace", text=road.current)
    for problem in stored.problems(conn):
        if problem.status == "analysed":
            opd = inventory.opds.get(problem.opd)
            short = opd.short if opd else ""
            yield Decision(kind="problem", number=problem.number, opd_short=short, text=problem.text)
    for reminder in readiness.reminders(known(conn, office, now), "", due=True).reminders:
        if reminder.due == "letter":
            yield Decision(kind="letter", opd_short=reminder.short)
    count = sum(one.verdict == "candidate" for one in candidates(conn, office, now).applications)
    if count:
        yield Decision(kind="switch_off", number=count)


def too_slow(road: Road) -> bool:
    """Whether less was gained than even the least that the milestone which runs asks for needs."""
    if road.required_pace is None or not road.remaining:
        return False
    least = road.required_pace[0] if isinstance(road.required_pace, tuple) else road.required_pace
    return road.actual_pace < least
