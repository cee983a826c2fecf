"""The board's two panes as keyed lines, and the rules above them."""

from collections.abc import Iterable, Sequence

from opsconsole.base.text import _
from opsconsole.client.shapes import Application, Opd
from opsconsole.client.status import Folded
from opsconsole.console.draw import opds, problems
from opsconsole.console.draw.columns import Column, row_line, widths
from opsconsole.console.draw.lines import Line, Span, heading, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import Model

SERVICES = ""
"""The key of the row that stands for the services outside the city."""

KeyedLine = tuple[str, Line]


def problem_lines(
    rows: Iterable[Folded], model: Model, view: View, columns: Sequence[Column]
) -> list[KeyedLine]:
    """The upper pane in these columns, cells that changed a moment ago marked."""
    room = view.width - 1
    app_width = dict(zip((c.key for c in columns), widths(columns, room), strict=True)).get("app", 0)
    incidents = model.incidents_by_row()
    lines: list[KeyedLine] = []
    for folded in rows:
        incident = incidents.get(folded.row.id)
        cells = problems.cells(folded, view, app_width, incident)
        mark = model.marks.get(("application", folded.row.id))
        before = None
        if mark is not None and isinstance(mark.before, Application):
            before = problems.cells(Folded(mark.before, folded.members), view, app_width, incident)
        elif mark is not None:  # a new row: all of it is
            before = {key: Span("") for key in cells}
        lines.append((folded.row.id, row_line(columns, cells, before, room)))
    return lines


def upper_rule(
    rows: Sequence[Folded], model: Model, view: View, *, filtered: bool, right: Iterable[str]
) -> Line:
    """``PROBLEMS 15`` or ``MATCHES 4 of 119``, and what there is to know about the list."""
    count = sum(1 + len(folded.members) for folded in rows)
    if filtered:
        text = _("MATCHES {n} of {all}").format(n=count, all=len(model.applications))
    else:
        text = _("PROBLEMS {n}").format(n=count)
    notes = list(right)
    if model.engine is not None and model.engine.self_check.status == "unset":
        notes.insert(0, _("self-check not set"))
    return heading(line(Span(text, "strong")), line("  ".join(filter(None, notes))), view.width)


def opd_lines(listed: Iterable[Opd], model: Model, view: View) -> list[KeyedLine]:
    """The lower pane."""
    marked = {key[1] for key in model.marks if key[0] == "application"}
    own: dict[str, list[Application]] = {}
    for row in model.applications.values():
        own.setdefault(SERVICES if row.kind == "service" else row.opd, []).append(row)
    lines: list[KeyedLine] = []
    for opd in listed:
        mark = model.marks.get(("opd", opd.code))
        before = mark.before if mark is not None and isinstance(mark.before, Opd) else None
        lines.append((opd.code, opds.line_of(opd, before, own.get(opd.code, []), view.width, marked)))
    return lines


def lower_rule(
    listed: Sequence[Opd], model: Model, view: View, *, filtered: bool, right: Iterable[str]
) -> Line:
    """``OPD 42  115 applications``, by the office's own word for an agency."""
    term = model.hello.opd_term if model.hello else "OPD"
    count = len({row.opd for row in model.own()} & set(model.opds))
    if filtered:
        found = sum(opd.code != SERVICES for opd in listed)
        left = line(Span(f"{term} " + _("{n} of {all}").format(n=found, all=count), "strong"))
    else:
        applications = _("{n} applications").format(n=sum(1 for _row in model.own()))
        left = line(Span(f"{term} {count}", "strong"), f"  {applications}")
    return heading(left, line("  ".join(filter(None, right))), view.width)
