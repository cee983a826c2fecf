"""The day's missed and overrun looks as a table, newest first."""

from opsconsole.base.text import N_, _
from opsconsole.client.planned import Missed, Schedule
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.planned import CAUSES
from opsconsole.console.draw.view import View
from opsconsole.console.tables.schedule import query
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value


def columns() -> tuple[TableColumn, ...]:
    """The columns; what all probes missed together has no application."""
    return (
        TableColumn("due", N_("DUE"), 8, kind="time", falling=True),
        TableColumn("missed", N_("MISSED"), 6, ">", kind="number", falling=True),
        TableColumn("overrun", N_("OVERRUN"), 7, ">", kind="number", falling=True),
        TableColumn("since", N_("FROM"), 8, kind="time", falling=True, least=100),
        TableColumn("until", N_("TO"), 8, kind="time", falling=True),
        TableColumn("app", N_("APP"), 14, steps=((100, 20),)),
        TableColumn("probe", N_("PROBE"), 8),
        TableColumn("cause", N_("WHY"), 0),
    )


def row_of(period: Missed, view: View) -> TableRow:
    """A period as a row."""
    exact = view.times.exact
    cells = {
        "due": Span(exact(period.first_at)),
        "missed": Span(str(period.missed)),
        "overrun": Span(str(period.overrun)),
        "since": Span(exact(period.since), "quiet"),
        "until": Span(exact(period.until), "quiet"),
        "app": Span(period.application.removeprefix("service:") or _("(all)"), "strong"),
        "probe": Span(period.probe or "-"),
        "cause": Span(_(CAUSES[period.cause])),
    }
    values: dict[str, Value] = {
        "due": period.first_at, "missed": period.missed, "overrun": period.overrun, "since": period.since,
        "until": period.until, "app": period.application or None, "probe": period.probe or None,
        "cause": period.cause,
    }  # fmt: skip
    key = f"{period.since.timestamp():.3f}/{period.cause}/{period.application}/{period.probe}"
    return TableRow(key, cells, values, period.application)


def _rows(plan: Schedule, view: View) -> list[TableRow]:
    return [row_of(period, view) for period in plan.periods]


def _total(plan: Schedule) -> int:
    return len(plan.periods) + plan.periods_more


SPEC: TableSpec[Schedule] = TableSpec("missed", N_("Missed today"), columns, _rows, query, total=_total)
