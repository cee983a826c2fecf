"""The instructions as a table: what is late first, then what is open by its day."""

from datetime import date

from opsconsole.base.text import N_
from opsconsole.client.instructions import AskInstructions, Instruction, InstructionsPage
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.problems import WINDOWS
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE = 60, 80, 100
FLAGS = {"late": N_("late"), "open": N_("open")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. TO is the person, where it is to one."""
    return (
        TableColumn("no", N_("NO"), 4, kind="number"),
        TableColumn("state", N_("STATE"), 11, order=tuple(words.INSTRUCTION_STATUS), label=N_("STATE")),
        TableColumn("opd", N_("OPD"), 14, steps=((_WIDE, 18),)),
        TableColumn("to", N_("GOES TO"), 12, least=_NARROW, steps=((_WIDE, 20),)),
        TableColumn("due", N_("DUE DATE"), 10, least=_MIDDLE),
        TableColumn("issued", N_("ISSUED"), 12, kind="time", falling=True, optional=True),
        TableColumn("by", N_("BY"), 12, optional=True),
        TableColumn("source", N_("SOURCE"), 20, optional=True),
        TableColumn("answer", N_("ANSWER"), 24, optional=True),
        TableColumn("document", N_("DOCUMENT"), 24, optional=True),
        TableColumn("what", N_("WHAT"), 0),
    )


def row_of(one: Instruction, today: date, view: View) -> TableRow:
    """An instruction as a row."""
    late = one.late(today)
    cells = {
        "no": Span(str(one.number), "strong"),
        "state": Span(words.said(words.INSTRUCTION_STATUS, one.status), "" if one.open else "quiet"),
        "opd": Span(printable(one.opd_short or one.opd)),
        "to": Span(printable(one.person_name or one.person) or "-"),
        "due": Span(one.due.isoformat(), "down" if late else ""),
        "issued": Span(view.times.since(one.issued_at, view.now)),
        "by": Span(one.issued_by or "-"),
        "source": Span(one.source or "-"),
        "answer": Span(one.answer or "-"),
        "document": Span(one.document or "-"),
        "what": Span(printable(one.text)),
    }
    values: dict[str, Value] = {
        "no": one.number, "state": one.status, "opd": one.opd_short or one.opd,
        "to": one.person_name or None, "issued": one.issued_at, "by": one.issued_by or None,
        "source": one.source or None, "answer": one.answer or None, "document": one.document or None,
        "what": one.text,
    }  # fmt: skip
    flags = {flag for flag, holds in {"late": late, "open": one.open}.items() if holds}
    return TableRow(str(one.number), cells, values, "", f"{one.opd} {one.person}", frozenset(flags))


def _rows(page: InstructionsPage, view: View) -> list[TableRow]:
    return [row_of(one, page.today, view) for one in page.instructions]


def query(window: str) -> AskInstructions:
    """What has to be answered, or everything."""
    return AskInstructions(all=window == "all")


SPEC: TableSpec[InstructionsPage] = TableSpec(
    "instructions", N_("Instructions"), columns, _rows, query, windows=WINDOWS, flags=FLAGS
)
