"""What answers the query ``opd``: one agency, from the register and the log."""

import asyncio
from collections import Counter

from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.findings import Registered
from opsconsole.client.logbook import AskLog
from opsconsole.engine.asked import Asked
from opsconsole.engine.inventory import known_code, read_inventory
from opsconsole.engine.logbook import read_log


async def answer_opd(asked: Asked) -> OpdPage:
    """Everything about one agency. Raises `NotFound`."""
    return await asyncio.to_thread(_read, asked)


def _read(asked: Asked) -> OpdPage:
    args: AskOpd = asked.args
    office = asked.office
    code = known_code(office, args.code or "?")
    whole = read_inventory(asked.store, office, "", asked.clock.now())
    opds = {one.code: one for one in whole.opds}
    own = tuple(one for one in whole.entries if one.opd == code)
    log = read_log(
        asked.store, office, AskLog(applications=tuple(one.id for one in own) or ("",), limit=args.log)
    )
    return OpdPage(
        opd=opds[code],
        related=tuple(opds[one] for one in (*opds[code].predecessors, *opds[code].successors)),
        people=tuple(office.inventory.contacts_of_opd(code)),
        applications=own,
        services=_needed(own),
        findings=tuple(one for one in whole.findings if one.opd == code),
        entries=log.entries,
        logged=log.total,
    )


def _needed(own: tuple[Registered, ...]) -> tuple[tuple[str, int], ...]:
    """What the applications depend on and is none of them, the most needed first."""
    ids = {one.id for one in own}
    needed = Counter(
        other for one in own for other in {other for group in one.depends_on for other in group} - ids
    )
    return tuple(needed.most_common())
