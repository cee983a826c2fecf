"""The problems of the register as a table, the worst first."""

from opsconsole.base.text import N_, _
from opsconsole.client.findings import SEVERITIES, AskInventory, Finding, InventoryPage
from opsconsole.console.draw import findings
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.times import SINCE_WIDTH
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_SMALL, _NARROW, _WIDE, _WIDEST = 60, 80, 100, 132


def columns() -> tuple[TableColumn, ...]:
    """The columns."""
    return (
        TableColumn("sev", N_("SEV"), 6),
        TableColumn("opd", N_("OPD"), 12, least=_SMALL, steps=((_WIDE, 18),)),
        TableColumn("app", N_("APP"), 14, steps=((_WIDE, 20),)),
        TableColumn("problem", N_("PROBLEM"), 0),
        TableColumn("since", N_("SINCE"), SINCE_WIDTH, kind="time", least=_NARROW),
        TableColumn("fix", N_("FIX BY"), 8, least=_NARROW),
        TableColumn("place", N_("WHERE"), 30, least=_WIDEST),
        TableColumn("code", N_("CODE"), 14, optional=True),
    )


def row_of(one: Finding, view: View) -> TableRow:
    """A finding as a row; a digit before its severity puts the worst first where rows are sorted by it."""
    place = findings.place_text(one.file, one.line)
    fixer = findings.fixer_text(one.fixer)
    cells = {
        "sev": Span(_(findings.SEVERITIES[one.severity]), findings.TONES[one.severity]),
        "opd": Span(one.opd_short or "-"),
        "app": Span(one.application.removeprefix("service:") or "-", "strong"),
        "problem": Span(findings.finding_text(one, view)),
        "since": Span("-" if one.since is None else view.times.since(one.since, view.now)),
        "fix": Span(fixer),
        "place": Span(place, "quiet"),
        "code": Span(one.code),
    }
    values: dict[str, Value] = {
        "sev": f"{SEVERITIES.index(one.severity) + 1} {one.severity}", "opd": one.opd or None,
        "app": one.application or None, "since": one.since, "fix": one.fixer, "place": place,
        "code": one.code,
    }  # fmt: skip
    return TableRow(key_of(one), cells, values, one.application)


def key_of(one: Finding) -> str:
    """What tells one finding from another."""
    told = " ".join(f"{value}" for value in one.params.values())
    return f"{one.code} {one.opd} {one.application} {one.file}:{one.line} {told}"


def _rows(page: InventoryPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.findings]


def query(window: str) -> AskInventory:
    """The whole register."""
    return AskInventory()


SPEC: TableSpec[InventoryPage] = TableSpec("inventory", N_("Inventory"), columns, _rows, query, age="since")
