"""What may be switched off, as a table: candidates first, each with two quarters of evidence."""

from opsconsole.base.text import N_
from opsconsole.client.integration import AskSwitchOff, SwitchOff, SwitchOffPage
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE = 60, 80, 100
FLAGS = {"candidate": N_("candidate")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. UP is in percent, of the older quarter and of the one after it."""
    return (
        TableColumn("verdict", N_("VERDICT"), 17, order=tuple(words.VERDICTS)),
        TableColumn("app", N_("APP"), 16, steps=((_WIDE, 22),)),
        TableColumn("opd", N_("OPD"), 12, least=_NARROW, steps=((_WIDE, 18),)),
        TableColumn("tier", N_("T"), 1, kind="number", label=N_("TIER"), least=_NARROW),
        TableColumn("up1", N_("UP%"), 4, ">", kind="number", label=N_("UP BEFORE"), least=_MIDDLE),
        TableColumn("up2", N_("UP%"), 4, ">", kind="number", label=N_("UP AFTER"), least=_MIDDLE),
        TableColumn("acted", N_("ACTED"), 5, ">", kind="number", falling=True, least=_WIDE),
        TableColumn("logins", N_("LOG-INS"), 7, ">", kind="number", falling=True, least=_WIDE),
        TableColumn("name", N_("NAME"), 28, optional=True),
        TableColumn("why", N_("WHY"), 0),
    )


def row_of(one: SwitchOff, view: View) -> TableRow:
    """An application as a row."""
    before, after = one.up_percent
    why = ", ".join(words.said(words.REASONS, code) for code in one.reasons)
    tone = {"candidate": "warn", "not_enough": "quiet"}.get(one.verdict, "")
    cells = {
        "verdict": Span(words.said(words.VERDICTS, one.verdict), tone),
        "app": Span(one.application, "strong"),
        "opd": Span(printable(one.opd)),
        "tier": Span(str(one.tier)),
        "up1": Span(_percent(before)),
        "up2": Span(_percent(after)),
        "acted": Span(str(sum(one.interest))),
        "logins": Span("-" if one.logins is None else str(one.logins)),
        "name": Span(printable(one.name)),
        "why": Span(why or "-"),
    }
    values: dict[str, Value] = {
        "verdict": one.verdict, "tier": one.tier, "up1": before, "up2": after,
        "acted": sum(one.interest), "logins": one.logins, "name": one.name, "why": why or None,
    }  # fmt: skip
    flags = frozenset({"candidate"} if one.verdict == "candidate" else ())
    return TableRow(one.application, cells, values, one.application, one.name, flags)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _rows(page: SwitchOffPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.applications]


def query(window: str) -> AskSwitchOff:
    """By the two quarters before today."""
    return AskSwitchOff()


SPEC: TableSpec[SwitchOffPage] = TableSpec("switch_off", N_("Switch-off"), columns, _rows, query, flags=FLAGS)
