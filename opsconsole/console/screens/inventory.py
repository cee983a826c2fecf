"""The inventory: what is wrong with the register first, then all of it."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.findings import InventoryPage, Registered, RegisteredOpd
from opsconsole.console.draw.findings import entry_lines, opd_lines, place_text
from opsconsole.console.draw.lines import Line, Span, justify, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import inventory, register
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableView


class InventoryScreen(ListingScreen[InventoryPage], inherit_bindings=False):
    """Two tables of one answer: problems, and with ``!`` every entry."""

    spec = inventory.SPEC
    scope = "inventory"
    inspection_rows: ClassVar[int] = 6

    def __init__(self) -> None:
        super().__init__()
        self._tables = (self.tabled, TableView(register.SPEC))
        self._entries: dict[str, Registered] = {}
        self._opds: dict[str, RegisteredOpd] = {}
        self._rev = 0

    # What a view may say of itself

    def above(self, view: View) -> list[Line]:
        """Which of the two it is, and the revision that is shown."""
        other = _("! all entries") if self._shows_problems else _("! problems only")
        left = line(" ", Span(self._title, "strong"), Span(f"  {other}", "quiet"))
        page = self.answer
        if page is None:
            return [left]
        taken = view.at(page.accepted_at) if page.accepted_at else "-"
        loaded = _("revision {rev}, taken over {time}").format(rev=page.rev, time=taken)
        return [justify(left, line(Span(f"{loaded} ", "quiet")), view.width)]

    def concerns(self, news: News) -> bool:
        """Whether the files were read anew, or a look says something else of a host or its certificate."""
        engine = self.console_app.model.engine
        return bool(news.touched) or (engine is not None and engine.config_rev != self._rev)

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """The entry, or the agency where it is about all of it."""
        entry = self._entries.get(row.application)
        if entry is not None:
            return entry_lines(entry, view)
        opd = self._opds.get(str(row.values.get("opd") or ""))
        return opd_lines(opd, view) if opd is not None else []

    def inspected(self, row: TableRow) -> str:
        """The entry's id and where it stands."""
        entry = self._entries.get(row.application)
        if entry is None:
            return str(row.values.get("opd") or row.values.get("place") or "")
        return f"{entry.id}  {place_text(entry.file, entry.line)}"

    def open_row(self, row: TableRow) -> None:
        """The application's page, or that of the agency where it is about all of it."""
        opd = str(row.values.get("opd") or "")
        if not row.application and opd:
            self.console_app.open_opd(opd)
        else:
            super().open_row(row)

    def caption(self) -> str:
        """Problems, or the register."""
        return self._title.upper()

    def take(self, answer: InventoryPage) -> None:
        """Show this answer in both tables."""
        self.answer, self._rev = answer, answer.rev
        self._entries = {one.id: one for one in answer.entries}
        self._opds = {one.code: one for one in answer.opds}
        for table in self._tables:
            table.load(table.spec.rows(answer, self.console_app.view()))

    @property
    def _shows_problems(self) -> bool:
        return self.tabled is self._tables[0]

    @property
    def _title(self) -> str:
        return _("Problems") if self._shows_problems else _("Register")

    # Keys

    def action_problems(self) -> None:
        """The problems, or every entry."""
        self.tabled = self._tables[1] if self._shows_problems else self._tables[0]
        self.draw()
        self.table().move_to(0)

    def action_back(self) -> None:
        """One step back: the filter, the marks, from every entry to the problems, then the view."""
        if self._shows_problems or self.tabled.filter.text or self.tabled.marked:
            super().action_back()
        else:
            self.action_problems()
