"""The applications of one agency as a table, those in trouble first."""

from collections.abc import Mapping
from typing import NamedTuple

from opsconsole.base.text import N_
from opsconsole.client.agency import OpdPage
from opsconsole.client.findings import Registered
from opsconsole.client.shapes import Application
from opsconsole.client.status import in_order
from opsconsole.console.draw.findings import yes
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.problems import tone_of
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import SINCE_WIDTH
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word, word_width
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_NARROW, _WIDE, _WIDEST = 80, 100, 132


class Shown(NamedTuple):
    """An agency's page, and how its applications are doing, by id."""

    page: OpdPage
    states: Mapping[str, Application]


def columns() -> tuple[TableColumn, ...]:
    """The columns."""
    return (
        TableColumn("state", N_("  STATE"), 2 + word_width(), kind="state"),
        TableColumn("since", N_("SINCE"), SINCE_WIDTH, kind="time"),
        TableColumn("app", N_("APP"), 16, steps=((_WIDE, 22),)),
        TableColumn("name", N_("NAME"), 28, least=_WIDEST),
        TableColumn("tier", N_("T"), 1, kind="number", label=N_("TIER")),
        TableColumn("hosting", N_("HOSTING"), 10, least=_NARROW),
        TableColumn("personal", N_("PDP"), 3, least=_NARROW),
        TableColumn("why", N_("WHY"), 0),
    )


def _rows(shown: Shown, view: View) -> list[TableRow]:
    registered = {one.id: one for one in shown.page.applications}
    known = [row for row_id in registered if (row := shown.states.get(row_id)) is not None]
    return [_row(row, registered[row.id], view) for row in in_order(known)]


def _row(row: Application, entry: Registered, view: View) -> TableRow:
    why = why_text(row, view, short=view.width < _WIDEST)
    cells = {
        "state": Span(f"{glyph(row.state)} {word(row.state)}", tone_of(row)),
        "since": Span(view.times.since(row.since, view.now)),
        "app": Span(row.id, "strong" if row.hard else ""),
        "name": Span(row.name),
        "tier": Span(str(row.tier)),
        "hosting": Span(entry.hosting),
        "personal": Span(yes(entry.personal_data)),
        "why": Span(why),
    }
    values: dict[str, Value] = {
        "state": row.state.value, "since": row.since, "app": row.id, "name": row.name, "tier": row.tier,
        "hosting": entry.hosting, "personal": entry.personal_data, "why": why_text(row, view),
    }  # fmt: skip
    return TableRow(row.id, cells, values, row.id)


SPEC: TableSpec[Shown] = TableSpec("opd", N_("OPD"), columns, _rows, age="since")
