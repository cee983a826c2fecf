"""What became of incidents since a moment, as a table: what is new first."""

from datetime import datetime
from typing import NamedTuple

from opsconsole.base.text import N_, _
from opsconsole.client.incident_pages import IncidentsPage
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.view import View
from opsconsole.console.since import BECAME, became
from opsconsole.console.tables import incidents
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec

_TONES = {"new": "down", "over": "", "taken": "warn", "changed": ""}


def columns() -> tuple[TableColumn, ...]:
    """Those of the incidents, and before them what became of each."""
    return (TableColumn("became", N_("BECAME"), 7, order=tuple(BECAME)), *incidents.columns())


class Shown(NamedTuple):
    """What was read, and since when somebody wants to know."""

    page: IncidentsPage
    since: datetime


def _rows(shown: Shown, view: View) -> list[TableRow]:
    order = list(BECAME)
    found = [(what, one) for one in shown.page.incidents if (what := became(one, shown.since)) is not None]
    rows = []
    for what, one in sorted(found, key=lambda pair: order.index(pair[0])):
        row = incidents.row_of(one, view)
        cells = {**row.cells, "became": Span(_(BECAME[what]), _TONES[what])}
        rows.append(row._replace(cells=cells, values={**row.values, "became": what}))
    return rows


SPEC: TableSpec[Shown] = TableSpec(
    "since", N_("What changed"), columns, _rows, age="since", flags=incidents.FLAGS
)
