"""What the office has: the register, which applications carry a service, what changed, what ends when."""

from collections.abc import Iterable, Sequence
from datetime import date

from opsconsole.base.text import _
from opsconsole.cli.evidence.asking import Asking, Found, Piece, day, yes
from opsconsole.cli.evidence.events import event_columns, event_row, logged
from opsconsole.client.expiries import AskExpiries
from opsconsole.client.findings import Registered
from opsconsole.exports.sheet import Column, Value

_CHANGES = ("config.accepted", "integration.reorganised", "readiness.handed_over")


def register(asking: Asking) -> Iterable[Found]:
    """Every application and service, and every OPD."""
    told = _("The register")
    if not asking.register_of_year():
        return [asking.only_now(told)]
    entries = [one for one in asking.inventory.entries if asking.about(one.id)]
    columns = [
        *_columns(), Column("owner", _("OWNER")), Column("handed", _("HANDED OVER")),
        Column("personal", _("PDP")),
        Column("iiv", _("IIV")), Column("active", _("ON")), Column("probes", _("PROBES"), "number"),
        Column("needs", _("NEEDS")), Column("runbook", _("RUNBOOK")),
    ]  # fmt: skip
    rows = [
        [
            *_entry(one), one.owner or None, yes(one.handed_over), yes(one.personal_data), yes(one.iiv),
            yes(one.active), len(one.probes), ", ".join("|".join(group) for group in one.depends_on) or None,
            one.runbook or None,
        ]
        for one in entries
    ]  # fmt: skip
    shows = _("every application and service: whose it is, where it runs, whether it was handed over")
    found: list[Found] = [Piece("register", shows, columns, rows, as_of=True)]
    return [*found, *_agencies(asking)] if rows else [asking.nothing(told)]


def services(asking: Asking) -> Iterable[Found]:
    """The applications that carry what is asked about, and services that none carries yet."""
    told = _("Applications that carry the service")
    if not asking.register_of_year():
        return [asking.only_now(told)]
    rows = [
        [*_entry(one), one.service_hours]
        for one in asking.inventory.entries
        if one.kind == "application" and one.active and asking.about(one.id)
    ]
    if not rows:
        return [asking.nothing(told)]
    notes = () if asking.applications else (_("The index names no applications for it: all are listed."),)
    shows = _("which applications carry the service, of which OPD, for whom, and at which hours")
    columns = [*_columns(), Column("hours", _("HOURS"))]
    found: list[Found] = [Piece("services", shows, columns, rows, as_of=True, notes=notes)]
    paper = [one for one in asking.road.paper if asking.about_opd(one.opd)]
    if paper:
        columns = [
            Column("id", _("ID")), Column("opd", _("OPD")), Column("name", _("NAME")),
            Column("dimension", _("DIMENSION")), Column("since", _("SINCE")), Column("note", _("NOTE")),
        ]  # fmt: skip
        listed: list[list[Value]] = [
            [one.id, one.opd, one.name, one.dimension or None, day(one.since), one.note or None]
            for one in paper
        ]
        shows = _("services of the same OPD that no application carries yet")
        found.append(Piece("paper", shows, columns, listed, as_of=True))
    return found


def changes(asking: Asking) -> Iterable[Found]:
    """Sets of files that were taken over, reorganisations, hand-overs."""
    rows = [event_row(one, asking) for one in logged(asking, *_CHANGES)]
    if not rows:
        return [asking.nothing(_("Changes"))]
    shows = _("changes: applications added, changed or switched off, reorganisations, hand-overs")
    notes = (_("Of the whole office. Who did it is told by the audit chain, under the number of the event."),)
    return [Piece("changes", shows, event_columns(), rows, notes=notes)]


def expiries(asking: Asking) -> Iterable[Found]:
    """What ends in the year."""
    told = _("What ends in the year")
    if not asking.span.running:
        return [asking.only_now(told)]
    left = (date(asking.span.year, 12, 31) - asking.span.today).days
    columns = [
        Column("day", _("LAST DAY")), Column("left", _("DAYS LEFT"), "number"), Column("kind", _("KIND")),
        Column("name", _("NAME")), Column("number", _("NUMBER")), Column("app", _("APP")),
        Column("opd", _("OPD")),
    ]  # fmt: skip
    rows: list[Sequence[Value]] = [
        [
            one.day.isoformat(), one.left, one.kind, one.name, one.number or None, one.application or None,
            one.opd or None,
        ]
        for one in asking.ask(AskExpiries(days=left)).expiries
        if one.day.year == asking.span.year
        and (asking.about(one.application) if one.application else asking.about_opd(one.opd))
    ]  # fmt: skip
    if not rows:
        return [asking.nothing(told)]
    shows = _("certificates, domains, hosting, agreements and evidence that end in the year")
    return [Piece("expiries", shows, columns, rows, as_of=True)]


def _agencies(asking: Asking) -> Iterable[Found]:
    opds = [one for one in asking.inventory.opds if asking.about_opd(one.code)]
    if not opds:
        return []
    columns = [
        Column("code", _("CODE")), Column("name", _("NAME")), Column("kind", _("KIND")),
        Column("parent", _("BELOW")), Column("from", _("FROM")), Column("until", _("UNTIL")),
        Column("predecessors", _("CAME FROM")),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            one.code, one.name, one.kind or None, one.parent or None, day(one.valid_from), day(one.valid_to),
            " ".join(one.predecessors) or None,
        ]
        for one in opds
    ]  # fmt: skip
    return [Piece("opd", _("every OPD, from when to when, and what it came from"), columns, rows, as_of=True)]


def _columns() -> list[Column]:
    return [
        Column("app", _("APP")), Column("name", _("NAME")), Column("opd", _("OPD")),
        Column("tier", _("TIER"), "number"), Column("for", _("FOR")), Column("dimension", _("DIMENSION")),
        Column("hosting", _("HOSTING")),
    ]  # fmt: skip


def _entry(one: Registered) -> list[Value]:
    return [one.id, one.name, one.opd or None, one.tier, one.audience, one.dimension or None, one.hosting]
