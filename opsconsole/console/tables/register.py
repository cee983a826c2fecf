"""The register as a table: every application and service with what the files say of it."""

from opsconsole.base.text import N_, _
from opsconsole.client.findings import InventoryPage, Registered
from opsconsole.console.draw.findings import place_text, yes
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.view import View
from opsconsole.console.tables import inventory
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_WIDE, _WIDEST = 100, 132


def columns() -> tuple[TableColumn, ...]:
    """The columns; narrow screens keep what decides a night's call."""
    return (
        TableColumn("app", N_("APP"), 16, steps=((_WIDE, 24),)),
        TableColumn("opd", N_("OPD"), 12, steps=((_WIDE, 18),)),
        TableColumn("name", N_("NAME"), 28, least=_WIDEST),
        TableColumn("tier", N_("T"), 1, kind="number", label=N_("TIER")),
        TableColumn("for", N_("FOR"), 8),
        TableColumn("dimension", N_("DIMENSION"), 11),
        TableColumn("hosting", N_("HOSTING"), 10),
        TableColumn("handed", N_("HANDED"), 6),
        TableColumn("personal", N_("PDP"), 3),
        TableColumn("iiv", N_("IIV"), 3),
        TableColumn("active", N_("ON"), 3, optional=True),
        TableColumn("hours", N_("HOURS"), 10, least=_WIDEST),
        TableColumn("probes", N_("PROBES"), 6, ">", kind="number", least=_WIDE),
        TableColumn("needs", N_("NEEDS"), 24, optional=True),
        TableColumn("runbook", N_("RUNBOOK"), 24, optional=True),
        TableColumn("place", N_("WHERE"), 28, optional=True),
    )


def row_of(entry: Registered, view: View) -> TableRow:
    """An entry as a row."""
    needs = ", ".join("|".join(group) for group in entry.depends_on)
    place = place_text(entry.file, entry.line)
    cells = {
        "app": Span(entry.id.removeprefix("service:"), "strong" if entry.active else "quiet"),
        "opd": Span(entry.opd_short or _("(service)")),
        "name": Span(entry.name),
        "tier": Span(str(entry.tier)),
        "for": Span(entry.audience),
        "dimension": Span(entry.dimension or "-"),
        "hosting": Span(entry.hosting),
        "handed": Span(yes(entry.handed_over)),
        "personal": Span(yes(entry.personal_data)),
        "iiv": Span(yes(entry.iiv)),
        "active": Span(yes(entry.active)),
        "hours": Span(entry.service_hours),
        "probes": Span(str(len(entry.probes)), "" if entry.probes else "warn"),
        "needs": Span(needs or "-"),
        "runbook": Span(entry.runbook or "-"),
        "place": Span(place, "quiet"),
    }
    values: dict[str, Value] = {
        "app": entry.id, "opd": entry.opd or None, "name": entry.name, "tier": entry.tier,
        "for": entry.audience, "dimension": entry.dimension or None, "hosting": entry.hosting,
        "handed": entry.handed_over, "personal": entry.personal_data, "iiv": entry.iiv,
        "active": entry.active, "hours": entry.service_hours, "probes": len(entry.probes),
        "needs": needs or None, "runbook": entry.runbook or None, "place": place,
    }  # fmt: skip
    return TableRow(entry.id, cells, values, entry.id, _words(entry))


def _words(entry: Registered) -> str:
    targets = (probe.target for probe in entry.probes)
    return " ".join((entry.note, *targets, *(person.name for person in entry.contacts)))


def _rows(page: InventoryPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.entries]


SPEC: TableSpec[InventoryPage] = TableSpec("register", N_("Register"), columns, _rows, inventory.query)
