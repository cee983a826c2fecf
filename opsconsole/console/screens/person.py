"""A person's page: their duties, how each stands until when, and all that was recorded of them."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.readiness import AskPerson, PersonPage
from opsconsole.console.draw import person
from opsconsole.console.draw.lines import Line, Span, heading, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import evidence
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.widgets.line_bar import LineBar


class PersonScreen(ListingScreen[PersonPage], inherit_bindings=False):
    """One person."""

    spec = evidence.SPEC
    scope = "person"
    inspection_rows: ClassVar[int] = 7

    def __init__(self, who: str) -> None:
        super().__init__()
        self._who = who
        self._pane = 0

    async def ask(self) -> PersonPage:
        """Their page."""
        asked = AskPerson(person=self._who)
        return await self.console_app.ask(lambda client: client.query(asked))

    def concerns(self, news: News) -> bool:
        """What is recorded here is read again after the command; a board read afresh always is."""
        return False

    def where(self) -> list[str]:
        """The view below, and who it is."""
        known = self.answer.name if self.answer is not None else self._who
        return [self.console_app.root_title, printable(known)]

    def above(self, view: View) -> list[Line]:
        """Who they are."""
        if self.answer is None:
            said = _("could not be read") if self._failed else _("reading …")
            return [line("  ", said), *[()] * (person.FACT_LINES - 1)]
        return person.fact_lines(self.answer, view)

    def _draw_row(self, view: View) -> None:
        """Not of a row but of the person: levels, needs, Bimtek, drills."""
        bar, page = self.query_one("#row", LineBar), self.answer
        if not bar.display:
            return
        lines: list[Line] = []
        name: Line = ()
        if page is not None:
            lines = person.pane_lines(self._pane, page, view, self.inspection_rows)
            name = line(Span(person.pane_title(self._pane, page), "strong"))
        bar.show(*(lines + [()] * self.inspection_rows)[: self.inspection_rows])
        self.query_one("#row-rule", LineBar).show(heading(name, line(_("tab: next pane")), view.width))

    def caption(self) -> str:
        """What was recorded."""
        return _("Evidence").upper()

    def opd_meant(self) -> str:
        """Theirs."""
        return self.answer.opd if self.answer is not None else ""

    def person_meant(self) -> str:
        """This person."""
        return self.answer.person if self.answer is not None else ""

    def begun(self, command: str) -> str:
        """This person; in how many days an instruction is to be done."""
        return " ".join(filter(None, (self.person_meant(), "14d" if command == "instruct" else ""))) + " "

    def open_row(self, row: TableRow) -> None:
        """The application that it was recorded for."""
        name = row.value("app")
        if name in self.console_app.model.applications:
            self.console_app.open_application(str(name), [str(name)])
        else:
            self.console_app.say(_("it was recorded for no application"))

    def action_next_pane(self) -> None:
        """The next of: levels, needs, Bimtek, drills."""
        self._pane = (self._pane + 1) % len(person.PANES)
        self.draw()

    def action_copy(self) -> None:
        """Copy the marked rows, or all about the person."""
        from opsconsole.console.screens.copying import hand_out

        if self.tabled.marked or self.answer is None:
            super().action_copy()
        else:
            hand_out(self, person.person_text(self.answer, self.console_app.view()))
