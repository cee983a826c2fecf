"""What answers the query ``expiries``: what ends by itself, from looks, files, proofs and people."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.expiries import AskExpiries, ExpiriesPage, Expiry, ExpiryKind
from opsconsole.client.readiness import HeldDuty, Stand
from opsconsole.engine.asked import Asked
from opsconsole.engine.inventory import known_code
from opsconsole.engine.office import Office
from opsconsole.engine.readiness import known
from opsconsole.integration import before, stored
from opsconsole.inventory.office import Inventory
from opsconsole.readiness import levels, shown
from opsconsole.readiness.queries import Known, in_being

MOST_DAYS: Final = 3660
_KINDS: dict[str, ExpiryKind] = {"SK": "decree", "BT": "bimtek"}
_PAPERS: dict[str, ExpiryKind] = {
    "decree": "decree", "agreement": "agreement", "certificate": "certificate",
}  # fmt: skip


async def answer_expiries(asked: Asked) -> ExpiriesPage:
    """What ended and what will. Raises Invalid for too many days, NotFound for an OPD that is none."""
    args: AskExpiries = asked.args
    opd = known_code(asked.office, args.opd)
    if not 0 <= args.days <= MOST_DAYS:
        raise Invalid(N_("Want between 0 and {most} days."), most=MOST_DAYS)

    def read() -> ExpiriesPage:
        with asked.store.answering() as conn:
            return read_expiries(conn, asked.office, asked.clock.now(), args.days, opd)

    return await asyncio.to_thread(read)


def read_expiries(conn: Connection, office: Office, at: float, days: int, opd: str = "") -> ExpiriesPage:
    """As `answer_expiries`, in the caller's thread, as seen from ``at`` (seconds since the epoch)."""
    today = utc(at).astimezone(office.inventory.calendar.zone).date()
    found = [
        one
        for one in (
            *_of_looks(office, today),
            *_of_files(office.inventory, today),
            *_of_proofs(conn, office.inventory, today),
            *_of_people(known(conn, office, at), today),
        )
        if one.left <= days and opd in ("", one.opd)
    ]
    found.sort(key=lambda one: (one.day, one.kind, one.opd, one.name, one.person))
    return ExpiriesPage(
        at=utc(at), today=today, days=days, expiries=tuple(found), over=sum(one.left < 0 for one in found)
    )


def _of_looks(office: Office, today: date) -> Iterator[Expiry]:
    """The certificate of each row that ends first, as its last looks saw it."""
    zone = office.inventory.calendar.zone
    for row in office.rows.values():
        seen = [probe.last.tls for probe in row.probes if probe.last and probe.last.tls]
        ends = [end for tls in seen if (end := tls.chain_expires_at or tls.leaf_expires_at) is not None]
        if ends:
            yield _of_row(office.inventory, row.id, "tls", min(ends).astimezone(zone).date(), today)


def _of_files(inventory: Inventory, today: date) -> Iterator[Expiry]:
    """What the files give the last day of: domains, hosting, and papers of the office."""
    for entry in inventory.applications.values():
        if entry.active and entry.domain_until:
            yield _of_row(inventory, entry.id, "domain", entry.domain_until, today)
        if entry.active and entry.hosting_until:
            yield _of_row(inventory, entry.id, "hosting", entry.hosting_until, today)
    for paper in inventory.references.values():
        if paper.until and not paper.replaced_by:
            kind = _PAPERS.get(paper.kind, "document")
            yield Expiry(
                kind=kind, day=paper.until, left=(paper.until - today).days, name=paper.title,
                number=paper.number,
            )  # fmt: skip


def _of_proofs(conn: Connection, inventory: Inventory, today: date) -> Iterator[Expiry]:
    """Papers that prove a stage of an application."""
    standings = before.merged(before.standings(inventory.road, today), stored.proofs(conn))
    for application, proofs in standings.items():
        if application not in inventory.applications or not inventory.applications[application].active:
            continue
        for name, standing in proofs.items():
            if standing.proven and standing.until:
                kind: ExpiryKind = "agreement" if name == "agreement" else "document"
                yield _of_row(inventory, application, kind, standing.until, today, standing.document)


def _of_row(  # noqa: PLR0917 - what an expiry is made of
    inventory: Inventory, row_id: str, kind: ExpiryKind, day: date, today: date, number: str = ""
) -> Expiry:
    entry = inventory.entry(row_id)
    opd = inventory.opds.get(entry.opd)
    short = opd.short if opd else ""
    called = [one.name for one in inventory.contacts(row_id)]
    return Expiry(
        kind=kind, day=day, left=(day - today).days, name=entry.name, number=number, application=row_id,
        opd=entry.opd, opd_short=short, who=called[0] if called else short,
    )  # fmt: skip


def _of_people(read: Known, today: date) -> Iterator[Expiry]:
    """Evidence that holds and ends: of each person each kind once, when the first of its needs is unmet."""
    zone = read.inventory.calendar.zone
    for opd in in_being(read):
        ends: dict[tuple[str, str], datetime] = {}
        for held, stand in _stands(read, levels.of_opd(read.ground, opd, read.now).parts):
            if stand.until is not None and stand.row and not stand.why:
                key = (held.person, stand.what)
                ends[key] = min(stand.until, ends.get(key, stand.until))
        for (person, what), until in ends.items():
            day = until.astimezone(zone).date()
            about = read.inventory.people.get(person)
            yield Expiry(
                kind=_KINDS.get(what, "evidence"), day=day, left=(day - today).days, name=what, opd=opd.code,
                opd_short=opd.short, person=person, who=about.name if about else opd.short,
            )  # fmt: skip


def _stands(read: Known, parts: Iterable[levels.AppFound]) -> Iterator[tuple[HeldDuty, Stand]]:
    for part in parts:
        for duty in shown.application_shown(read.ground, part, "", None, read.now).duties:
            for stand in duty.stands:
                if duty.person:
                    yield duty, stand
