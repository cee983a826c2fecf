"""What answers the query ``opd``: one agency, from the register and the log."""

import asyncio
from collections import Counter

from opsconsole.base.clock import utc
from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.findings import Registered
from opsconsole.client.instructions import AskInstructions
from opsconsole.client.logbook import AskLog
from opsconsole.client.problem_register import AskProblems
from opsconsole.engine.asked import Asked
from opsconsole.engine.inventory import known_code, read_inventory
from opsconsole.engine.logbook import read_log
from opsconsole.engine.readiness import known
from opsconsole.integration import queries
from opsconsole.integration.register import Register
from opsconsole.integration.road import on_paper
from opsconsole.readiness import queries as people
from opsconsole.readiness.shown import level_words


async def answer_opd(asked: Asked) -> OpdPage:
    """Everything about one agency. Raises `NotFound`."""
    return await asyncio.to_thread(_read, asked)


def _read(asked: Asked) -> OpdPage:
    args: AskOpd = asked.args
    office, now = asked.office, asked.clock.now()
    inventory = office.inventory
    today = utc(now).astimezone(inventory.calendar.zone).date()
    code = known_code(office, args.code or "?")
    whole = read_inventory(asked.store, office, "", now)
    opds = {one.code: one for one in whole.opds}
    own = tuple(one for one in whole.entries if one.opd == code)
    log = read_log(
        asked.store, office, AskLog(applications=tuple(one.id for one in own) or ("",), limit=args.log)
    )
    with asked.store.answering() as conn:
        told = queries.instructions(conn, inventory, AskInstructions(opd=code, all=True), now, today)
        problems = queries.problems(conn, AskProblems(opd=code), now, today)
        readiness, means = people.standing(known(conn, office, now), code)
    return OpdPage(
        opd=opds[code],
        related=tuple(opds[one] for one in (*opds[code].predecessors, *opds[code].successors)),
        people=tuple(inventory.contacts_of_opd(code)),
        applications=own,
        services=_needed(own),
        findings=tuple(one for one in whole.findings if one.opd == code),
        entries=log.entries,
        logged=log.total,
        instructions=told.instructions,
        problems=problems.problems,
        paper=tuple(
            one for one in on_paper(inventory.road, Register(inventory.opds), today) if one.opd == code
        ),
        readiness=readiness,
        levels=level_words(inventory.readiness),
        means=means,
    )


def _needed(own: tuple[Registered, ...]) -> tuple[tuple[str, int], ...]:
    """What the applications depend on and is none of them, the most needed first."""
    ids = {one.id for one in own}
    needed = Counter(
        other for one in own for other in {other for group in one.depends_on for other in group} - ids
    )
    return tuple(needed.most_common())
