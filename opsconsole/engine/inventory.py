"""What answers the query ``inventory``: the register as it runs, and what is wrong with it."""

import asyncio
import json
import re
from collections.abc import Iterable

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.findings import (
    AskInventory,
    Finding,
    InventoryPage,
    Registered,
    RegisteredOpd,
    RegisteredProbe,
)
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.inventory.findings import Facts, ProbeFacts, findings
from opsconsole.inventory.office import OpdEntry
from opsconsole.inventory.places import row_lines
from opsconsole.store.database import Store

# The first of these that is found, going back, says whether the files on disk are those that run.
_LAST_READ = """
SELECT kind, at, body FROM event WHERE kind IN ('config.refused', 'config.accepted', 'engine.started')
ORDER BY seq DESC LIMIT 1
"""
_ACCEPTED = "SELECT accepted_at FROM config_rev WHERE rev = ?"
_LOCATED = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<text>.*)")


async def answer_inventory(asked: Asked) -> InventoryPage:
    """The register of an office or of one agency. Raises `NotFound` for an agency that is not in it."""
    args: AskInventory = asked.args
    return await asyncio.to_thread(read_inventory, asked.store, asked.office, args.opd, asked.clock.now())


def read_inventory(store: Store, office: Office, code: str, now: float) -> InventoryPage:
    """As `answer_inventory`, in the caller's thread."""
    code = known_code(office, code)
    with store.answering() as conn:
        accepted = conn.exec_driver_sql(_ACCEPTED, (office.rev,)).scalar_one_or_none()
        refused = [] if code else list(_refused(conn))
    found = [*refused, *findings(office.inventory, _facts(office.rows.values()), utc(now))]
    lines = row_lines(office.inventory)
    successors = _successors(office.inventory.opds.values())
    return InventoryPage(
        rev=office.rev,
        accepted_at=None if accepted is None else utc(accepted / 1000),
        findings=tuple(one for one in found if code in ("", one.opd)),
        entries=tuple(
            _entry(row, office, lines[row.id]) for row in office.rows.values() if code in ("", row.entry.opd)
        ),
        opds=tuple(
            _opd(opd, successors.get(opd.code, ()))
            for opd in office.inventory.opds.values()
            if code in ("", opd.code)
        ),
    )


def known_code(office: Office, code: str) -> str:
    """The code of an agency as its file writes it, however it was typed. Raises `NotFound`."""
    if not code:
        return ""
    for known in office.opds:
        if known.casefold() == code.casefold():
            return known
    raise NotFound(N_("There is no OPD {code}."), code=code)


def _refused(conn: Connection) -> Iterable[Finding]:
    """The mistakes of the last set of files, where it was refused."""
    read = conn.exec_driver_sql(_LAST_READ).one_or_none()
    if read is None or read.kind != "config.refused":
        return
    for text in json.loads(read.body).get("lines", ()):
        located = _LOCATED.fullmatch(text)
        yield Finding(
            severity="high",
            code="refused",
            params={"text": located["text"] if located else text},
            since=utc(read.at / 1000),
            file=located["file"] if located else "",
            line=int(located["line"]) if located else 0,
        )


def _facts(rows: Iterable[WatchedRow]) -> Facts:
    return {row.id: [_seen(probe) for probe in row.probes] for row in rows}


def _seen(probe: WatchedProbe) -> ProbeFacts:
    state = probe.state
    tls = probe.last.tls if probe.last else None
    expires = (tls.chain_expires_at or tls.leaf_expires_at) if tls else None
    pause = probe.pause
    return ProbeFacts(
        name=probe.name,
        reason=state.reason,
        params=state.params,
        since=utc(state.since),
        expires_at=expires,
        paused_at=None if pause is None else utc(pause.since),
        paused_by="" if pause is None else pause.person,
    )


def _entry(row: WatchedRow, office: Office, line: int) -> Registered:
    entry = row.entry
    opd = office.opds.get(entry.opd)
    good = {probe.name: probe.state.good_at for probe in row.probes}
    return Registered(
        id=row.id,
        name=entry.name,
        kind=entry.kind,
        opd=entry.opd,
        opd_short=opd.entry.short if opd else "",
        owner=entry.owner,
        tier=entry.tier,
        active=entry.active,
        audience=entry.audience,
        dimension=entry.dimension,
        hosting=entry.hosting,
        handed_over=entry.handed_over,
        personal_data=entry.personal_data,
        iiv=entry.iiv,
        depends_on=tuple(group.any for group in entry.depends_on),
        service_hours=entry.service_hours,
        runbook=entry.runbook,
        note=entry.note,
        probes=tuple(
            RegisteredProbe(
                id=probe.name,
                kind=probe.spec.kind,
                target=probe.target.label,
                every_s=probe.spec.every,
                essential=probe.spec.essential,
                last_good_at=utc(at) if (at := good.get(probe.name)) is not None else None,
            )
            for probe in entry.probes
        ),
        contacts=tuple(office.inventory.contacts(row.id)),
        file=entry.file,
        line=line,
    )


def _successors(opds: Iterable[OpdEntry]) -> dict[str, tuple[str, ...]]:
    """Who came after each agency that others name as their predecessor."""
    after: dict[str, tuple[str, ...]] = {}
    for opd in opds:
        for code in opd.predecessors:
            after[code] = (*after.get(code, ()), opd.code)
    return after


def _opd(opd: OpdEntry, successors: tuple[str, ...]) -> RegisteredOpd:
    return RegisteredOpd(
        code=opd.code,
        name=opd.name,
        short=opd.short,
        kind=opd.kind,
        parent=opd.parent,
        valid_from=opd.valid_from,
        valid_to=opd.valid_to,
        predecessors=opd.predecessors,
        successors=successors,
        file=opd.file,
    )
