"""The base of lists whose rows are papers: each can be read in full, copied, and leads somewhere."""

from typing import ClassVar, TypeVar

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line, line, wrap
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables.spec import TableRow

A = TypeVar("A")


class PaperScreen(ListingScreen[A], inherit_bindings=False):
    """A list over a view. A subclass says what a row is in full (`whole`) and where it leads (`open_row`).

    It is read when it is opened, after a command, and on a board that was read afresh; where ``follows`` is
    set also when something was logged.
    """

    inspection_rows: ClassVar[int] = 4
    follows: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._logged = 0

    def whole(self, row: TableRow, view: View) -> list[str]:
        """All that is known of a row, a line each, the first what it is called."""
        raise NotImplementedError

    def concerns(self, news: News) -> bool:
        """Whether something was logged since."""
        engine = self.console_app.model.engine
        logged, self._logged = self._logged, engine.logged if engine is not None else 0
        return self.follows and logged != self._logged

    def inspected(self, row: TableRow) -> str:
        """What it is called."""
        return self.whole(row, self.console_app.view())[0]

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """As much of it as there is room for."""
        lines = [part for text in self.whole(row, view)[1:] for part in wrap(text, view.width - 2, 2)]
        return [line(" ", part) for part in lines]

    def row_hint(self) -> str:
        """How to read the rest."""
        return _("tab: all of it")

    def action_next_pane(self) -> None:
        """All of it, on a page."""
        from opsconsole.console.screens.text import TextScreen

        if (row := self.row()) is not None:
            view = self.console_app.view()
            self.console_app.open_page(TextScreen(self.inspected(row), self._text(row, view)))

    def action_copy(self) -> None:
        """Copy the marked rows, or all of the one under the cursor."""
        from opsconsole.console.screens.copying import hand_out

        row = self.row()
        if self.tabled.marked or row is None:
            super().action_copy()
        else:
            hand_out(self, self._text(row, self.console_app.view()))

    def go_to(self, *, person: str = "", application: str = "", incident: int = 0, opd: str = "") -> None:
        """Open the first of these that there is."""
        app = self.console_app
        if person:
            app.open_person(person)
        elif incident:
            app.open_incident(incident, ())
        elif application in app.model.applications:
            app.open_application(application, self.listed() or [application])
        elif opd in app.model.opds:
            app.open_opd(opd)
        else:
            app.say(_("nothing lies deeper here"))

    def _text(self, row: TableRow, view: View) -> str:
        width = max(view.width - 2, 20)
        return "\n".join(part for text in self.whole(row, view) for part in wrap(text, width, 20) or [""])
