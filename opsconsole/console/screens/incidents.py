"""The incidents: what is open, whose it is, what it waits for; below the list what to do about one."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.client.incident_pages import AskIncident, IncidentDetail, IncidentsPage
from opsconsole.client.incidents import Incident
from opsconsole.console.draw.incident_summary import SUMMARY_LINES, figures_line, summary_lines
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import incidents
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.widgets.line_table import LineTable


class TriageScreen(ListingScreen[IncidentsPage], inherit_bindings=False):
    """A list of incidents: read once, then kept as the board is, for every change of one is told."""

    inspection_rows: ClassVar[int] = SUMMARY_LINES
    # Another one that comes to stand above must not be acknowledged for it.
    leaves_top: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[int, Incident] = {}
        self._detail: IncidentDetail | None = None
        self._asked: tuple[int, int] | None = None
        self._asks = False

    def on_mount(self) -> None:
        """List what the board holds until the rest is read: keys need not wait for it."""
        self._load(())
        super().on_mount()

    # What a view may say of itself

    def concerns(self, news: News) -> bool:
        """Whether an incident is another one now."""
        return bool(news.turns)

    def news(self, news: News) -> None:
        """What the board holds of incidents stands in the list at once."""
        if news.turns and self.answer is not None:
            self.take(self.answer)
        super().news(news)

    def lists(self, one: Incident) -> bool:
        """Whether one that the board holds belongs to what was asked for."""
        return self.tabled.window != "open" or one.status.is_open

    def take(self, answer: IncidentsPage) -> None:
        """Show this answer, and what the board knows better."""
        self.answer = answer
        self._load(answer.incidents)

    def rows_of(self, listed: tuple[Incident, ...]) -> list[TableRow]:
        """These as rows, in the order of the list."""
        page = IncidentsPage(at=self.console_app.now(), incidents=listed)
        return self.spec.rows(page, self.console_app.view())

    def _load(self, read: Iterable[Incident]) -> None:
        live = self.console_app.model.incidents.values()
        self._known = _merged(read, [one for one in live if self.lists(one)])
        self.tabled.load(self.rows_of(tuple(one for one in self._known.values() if self.lists(one))))

    def incident(self) -> Incident | None:
        """The one under the cursor."""
        row = self.row()
        return self._known.get(int(row.key)) if row is not None else None

    def known(self, number: int) -> Incident | None:
        """One of the list, also where the board no longer has it."""
        return self._known.get(number)

    def marked_incidents(self) -> list[int]:
        """The marked ones, in the order of the list."""
        return [int(row.key) for row in self.rows() if row.key in self.tabled.marked]

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is not over."""
        return "open" in row.flags

    def open_row(self, row: TableRow) -> None:
        """The incident's page."""
        self.console_app.open_incident(int(row.key), [int(one.key) for one in self.rows()])

    def row_name(self, key: str) -> str:
        """``#412``."""
        return f"#{key}"

    def inspected(self, row: TableRow) -> str:
        """Its number as papers write it, and what it is about."""
        one = self._known[int(row.key)]
        return " ".join(filter(None, (f"#{one.number}", one.code, one.subject.removeprefix("service:"))))

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """What to do about it: whose, until when, what the law asks, whom to call, what happened last."""
        one = self._known[int(row.key)]
        detail = self._detail
        return summary_lines(one, detail if detail and detail.incident.number == one.number else None, view)

    def draw_content(self, view: View, taken: int) -> None:
        """The list; what is not known yet of the one under the cursor is asked for."""
        super().draw_content(view, taken)
        self._read_detail()

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """Another one is under the cursor."""
        super().on_line_table_moved(event)
        self._read_detail()

    def action_copy(self) -> None:
        """Copy its card as text, and show it; marked ones as rows."""
        if self.tabled.marked:
            super().action_copy()
            return
        from opsconsole.console.screens.copying import copy_incident

        if (one := self.incident()) is not None:
            self.run_worker(copy_incident(self, one), group="copy", exclusive=True)

    def _read_detail(self) -> None:
        """Ask for the rest of the one under the cursor, once for each version of it, one after the other."""
        one = self.incident()
        if one is None or self._asks or not self.query_one("#row", Widget).display:
            return
        if self._asked != (one.number, one.version):
            self._asked = one.number, one.version
            self._asks = True
            self.run_worker(self._ask_detail(one.number), group="incident")

    async def _ask_detail(self, number: int) -> None:
        try:
            self._detail = await self.console_app.ask(lambda client: client.query(AskIncident(number=number)))
        except Problem:
            self._detail = None  # the list says what it knows; its own reading says what is wrong
        finally:
            self._asks = False
        if self._is_whole:
            self._draw_row(self.console_app.view())
            self._read_detail()


class IncidentsScreen(TriageScreen, inherit_bindings=False):
    """View 2: the incidents of a window, what is open first."""

    spec = incidents.SPEC
    scope = "incidents"

    def above(self, view: View) -> list[Line]:
        """How many are open and whose they are, how many today, how fast they were answered and mended."""
        return [figures_line(list(self._known.values()), self.answer, view)]


def _merged(read: Iterable[Incident], live: Iterable[Incident]) -> dict[int, Incident]:
    """Both by number, the later version of each."""
    known = {one.number: one for one in read}
    for one in live:
        held = known.get(one.number)
        if held is None or held.version <= one.version:
            known[one.number] = one
    return known
