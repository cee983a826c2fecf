"""The problem register as a table: what is late first, then what is open."""

from datetime import date

from opsconsole.base.text import N_
from opsconsole.client.problem_register import AskProblems, ProblemsPage, RegisteredProblem
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE = 60, 80, 100
WINDOWS = ("open", "all")
FLAGS = {"late": N_("late"), "open": N_("open")}


def columns() -> tuple[TableColumn, ...]:
    """The columns."""
    return (
        TableColumn("no", N_("NO"), 4, kind="number"),
        TableColumn("state", N_("STATE"), 17, order=tuple(words.PROBLEM_STATUS), label=N_("STATE")),
        TableColumn("kind", N_("KIND"), 14, least=_WIDE),
        TableColumn("opd", N_("OPD"), 14, least=_MIDDLE, steps=((_WIDE, 18),)),
        TableColumn("due", N_("DUE DATE"), 10, least=_NARROW),
        TableColumn("app", N_("APP"), 16, optional=True),
        TableColumn("pic", N_("PERSON"), 16, optional=True),
        TableColumn("day", N_("RECORDED"), 10, falling=True, optional=True),
        TableColumn("source", N_("SOURCE"), 20, optional=True),
        TableColumn("problem", N_("PROBLEM"), 0),
    )


def row_of(one: RegisteredProblem, today: date, view: View) -> TableRow:
    """A problem as a row."""
    late = is_late(one, today)
    due = one.due.isoformat() if one.due else "-"
    cells = {
        "no": Span(str(one.number), "strong"),
        "state": Span(words.said(words.PROBLEM_STATUS, one.status), "" if one.open else "quiet"),
        "kind": Span(words.said(words.CATEGORIES, one.category)),
        "opd": Span(printable(one.opd) or "-"),
        "due": Span(due, "down" if late else ""),
        "app": Span(one.application or "-"),
        "pic": Span(one.pic or "-"),
        "day": Span(one.day.isoformat()),
        "source": Span(one.source or "-"),
        "problem": Span(printable(one.text)),
    }
    values: dict[str, Value] = {
        "no": one.number, "state": one.status, "kind": one.category, "opd": one.opd or None,
        "due": due if one.due else None, "app": one.application or None, "pic": one.pic or None,
        "source": one.source or None, "problem": one.text,
    }  # fmt: skip
    flags = {flag for flag, holds in {"late": late, "open": one.open}.items() if holds}
    searched = " ".join((one.root, one.solution, one.impact, one.bimtek, one.application, one.pic))
    return TableRow(str(one.number), cells, values, "", searched, frozenset(flags))


def is_late(one: RegisteredProblem, today: date) -> bool:
    """Whether its day has passed and something is left to do."""
    return one.open and one.due is not None and one.due < today


def _rows(page: ProblemsPage, view: View) -> list[TableRow]:
    return [row_of(one, page.today, view) for one in page.problems]


def query(window: str) -> AskProblems:
    """What is open, or everything."""
    return AskProblems(all=window == "all")


SPEC: TableSpec[ProblemsPage] = TableSpec(
    "problems", N_("Problem register"), columns, _rows, query, windows=WINDOWS, flags=FLAGS
)
