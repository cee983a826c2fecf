"""The board as a table: every application and service outside the city, one row each."""

from collections.abc import Iterable
from datetime import datetime

from opsconsole.base.text import N_
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Board
from opsconsole.client.status import Folded, by_row, in_order
from opsconsole.console.draw import problems
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import SINCE_WIDTH
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import word_width
from opsconsole.console.filter import Filter
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value
from opsconsole.console.views import BOARD

_SMALL, _NARROW, _WIDE, _WIDEST = 60, 80, 100, 132
_ID_WIDTH = 64


def columns() -> tuple[TableColumn, ...]:
    """The columns. Narrow screens keep why and lose the numbers that it repeats."""
    return (
        TableColumn("glyph", "", 1, most=_SMALL),
        TableColumn("state", N_("  STATE"), 2 + word_width(), kind="state", least=_SMALL),
        TableColumn("since", N_("SINCE"), SINCE_WIDTH, kind="time", least=_SMALL),
        TableColumn("opd", N_("OPD"), 11, least=_SMALL, steps=((_NARROW, 12), (_WIDE, 18))),
        TableColumn("app", N_("APP"), 12, steps=((45, 15), (_SMALL, 14), (_WIDE, 20))),
        TableColumn("name", N_("NAME"), 28, least=_WIDEST),
        TableColumn("tier", N_("T"), 1, kind="number", least=_WIDEST, label=N_("TIER")),
        TableColumn("code", N_("CODE"), 4, ">", kind="number", least=_NARROW),
        TableColumn("last", N_("LAST"), 5, ">", kind="seconds", least=_WIDE),
        TableColumn(
            "inc",
            N_("INC"),
            5,
            kind="number",
            steps=((_NARROW, 6), (problems.OWNER_FROM, 12)),
            label=N_("INCIDENT"),
        ),
        TableColumn("parent", N_("CUT OFF BY"), 16, optional=True),
        TableColumn("probe", N_("PROBE"), 12, optional=True),
        TableColumn("why", N_("WHY"), 0),
    )


def row_of(row: Application, view: View, incident: Incident | None = None) -> TableRow:
    """An application as a row; ``incident`` is the open one that it is down in."""
    values: dict[str, Value] = {
        "state": row.state.value, "since": row.since, "opd": row.opd or None,
        "app": row.id, "name": row.name, "tier": row.tier, "code": row.status or None,
        "last": round(row.latency_ms / 1000, 3) if row.latency_ms > 0 else None, "parent": row.parent or None,
        "probe": row.probe or None, "inc": None if incident is None else incident.number,
        "why": why_text(row, view, short=False),
    }  # fmt: skip
    return TableRow(row.id, problems.cells(Folded(row), view, _ID_WIDTH, incident), values, row.id)


def _rows(board: Board, view: View) -> list[TableRow]:
    incidents = by_row(board.incidents)
    return [row_of(row, view, incidents.get(row.id)) for row in in_order(board.applications)]


def matching(board: Board, wanted: Filter[Application], now: datetime) -> Iterable[Application]:
    """The applications that the board's own filter lets through, worst first."""
    return (row for row in in_order(board.applications) if wanted.matches(row, now))


SPEC: TableSpec[Board] = TableSpec(BOARD, N_("Board"), columns, _rows)
