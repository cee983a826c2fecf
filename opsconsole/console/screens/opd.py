"""An agency's page: what it is and whom to call, how each of its applications is, what is wrong there."""

from collections.abc import Sequence
from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.console.draw import agency
from opsconsole.console.draw.lines import Line, Span, heading, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import opd
from opsconsole.console.widgets.line_bar import LineBar


class OpdScreen(ListingScreen[OpdPage], inherit_bindings=False):
    """One agency. ``codes`` are its neighbours, in the order in which they were listed."""

    spec = opd.SPEC
    scope = "opd"
    inspection_rows: ClassVar[int] = 5

    def __init__(self, code: str, codes: Sequence[str] = ()) -> None:
        super().__init__()
        self._code = code
        self._codes = list(codes) or [code]
        self._pane = 0

    # What a view may say of itself

    async def ask(self) -> OpdPage:
        """This agency's page."""
        code = self._code
        return await self.console_app.ask(lambda client: client.query(AskOpd(code=code)))

    def concerns(self, news: News) -> bool:
        """Whether one of its applications is another one now: then its log has grown as well."""
        own = self.console_app.model.applications
        return any((row := own.get(row_id)) is not None and row.opd == self._code for row_id in news.touched)

    def news(self, news: News) -> None:
        """What is shown of its applications stands on the board and needs no question."""
        if self.answer is not None and self.concerns(news):
            self.take(self.answer)
        super().news(news)

    def where(self) -> list[str]:
        """The view below, and the agency."""
        row = self.console_app.model.opds.get(self._code)
        return [self.console_app.root_title, row.short if row is not None else self._code]

    def above(self, view: View) -> list[Line]:
        """What the agency is."""
        if self.answer is None or self.answer.opd.code != self._code:
            return [line("  ", _("reading …")), *[()] * (agency.FACT_LINES - 1)]
        return agency.fact_lines(self.answer, self.console_app.model.opds.get(self._code), view)

    def _draw_row(self, view: View) -> None:
        """Not of a row but of the whole agency: one of `agency.PANES`."""
        bar, page = self.query_one("#row", LineBar), self.answer
        if not bar.display:
            return
        lines: list[Line] = []
        name: Line = ()
        if page is not None:
            lines = agency.pane_lines(self._pane, page, self.console_app.model.applications, view)
            name = line(Span(agency.pane_title(self._pane, page), "strong"))
        bar.show(*(lines + [()] * self.inspection_rows)[: self.inspection_rows])
        self.query_one("#row-rule", LineBar).show(heading(name, line(_("tab: next pane")), view.width))

    def opd_meant(self) -> str:
        """This agency."""
        return self._code

    def begun(self, command: str) -> str:
        """This agency, where it is given something to do."""
        return f"{self._code} 14d " if command == "instruct" else ""

    def caption(self) -> str:
        """Its applications."""
        return _("Applications").upper()

    def take(self, answer: OpdPage) -> None:
        """Show this answer, with the states that the board has."""
        if answer.opd.code != self._code:
            return
        self.answer = answer
        shown = opd.Shown(answer, self.console_app.model.applications)
        self.tabled.load(self.spec.rows(shown, self.console_app.view()))

    # Keys

    def action_next_pane(self) -> None:
        """The next of `agency.PANES`."""
        self._pane = (self._pane + 1) % len(agency.PANES)
        self.draw()

    def action_next(self) -> None:
        """The next agency of the list this was opened from."""
        self._step(1)

    def action_previous(self) -> None:
        """The one before."""
        self._step(-1)

    def action_copy(self) -> None:
        """Copy what this agency is like as text."""
        from opsconsole.console.screens.copying import copy

        own = self.console_app.model.opds.get(self._code)
        if self.tabled.marked or own is None:
            super().action_copy()
        else:
            self.run_worker(copy(self, own), group="copy", exclusive=True)

    def _step(self, by: int) -> None:
        place = self._codes.index(self._code) + by if self._code in self._codes else 0
        if not 0 <= place < len(self._codes):
            self.console_app.say(_("that was the last one") if by > 0 else _("that was the first one"))
            return
        self._code, self.answer = self._codes[place], None
        self.tabled.load([])
        self.draw()
        self.table().move_to(0)
        self.read()
