"""Why an application shows what it shows: the rules, a line each, and the looks that led to it."""

from collections.abc import Sequence

from opsconsole.base.text import _
from opsconsole.client.explained import AskExplain, Explained
from opsconsole.client.shapes import Application
from opsconsole.console.draw.explained import explained_lines
from opsconsole.console.draw.lines import Line, plain
from opsconsole.console.draw.problems import opd_name, short_id
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.asked import AskedPage


class ExplainScreen(AskedPage[Explained], inherit_bindings=False):
    """The explanation of one row. It is read again when the row becomes another one."""

    scope = "explain"

    def __init__(self, row_id: str) -> None:
        super().__init__()
        self._row_id = row_id

    def query_now(self) -> AskExplain:
        """What is asked."""
        return AskExplain(application=self._row_id)

    def where(self) -> list[str]:
        """OPD, application, and that it is explained."""
        row = self.selected()
        known = [opd_name(row), short_id(row)] if row else [self._row_id]
        return [self.console_app.root_title, *known, _("Why")]

    def selected(self) -> Application | None:
        """The application, as it stands now."""
        return self.console_app.model.applications.get(self._row_id)

    def lines(self, view: View) -> Sequence[Line]:
        """The explanation, once it is there."""
        if self.told is None:
            return self.not_there()
        # The column at the left edge is the table's.
        return explained_lines(self.told, view._replace(width=view.width - 1))

    def news(self, news: News) -> None:
        """Another state has another explanation."""
        if news.replaced or self._row_id in news.touched:
            self.read()
        self.draw()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import to_clipboard

        if self.told is not None:
            lines = explained_lines(self.told, self.console_app.view())
            self.console_app.say(to_clipboard(self, "\n".join(plain(one).rstrip() for one in lines)))
