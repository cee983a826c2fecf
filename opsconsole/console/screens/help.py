"""The help: everything there is, made from the same tables as the keys themselves."""

from collections.abc import Sequence

from textual.widget import Widget

from opsconsole import __version__
from opsconsole.base.text import _
from opsconsole.client.shapes import Application
from opsconsole.console import keymap
from opsconsole.console.draw.help import help_lines, matching
from opsconsole.console.draw.view import View
from opsconsole.console.keymap import Scope
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.widgets.line_table import LineTable, Row


class HelpScreen(ActingPage, inherit_bindings=False):
    """One list that scrolls and can be searched."""

    scope = "help"

    def __init__(self, about: Scope) -> None:
        super().__init__()
        self._about = about
        self._wanted = ""

    def content(self) -> Sequence[Widget]:
        """The list."""
        return [LineTable(id="lines")]

    def where(self) -> list[str]:
        """Help, and of what."""
        return [_("Help")]

    def title_marks(self) -> list[str]:
        """What is searched for."""
        return [f"/{self._wanted}"] if self._wanted else []

    def table(self) -> LineTable:
        """The list."""
        return self.query_one("#lines", LineTable)

    def selected(self) -> Application | None:
        """No row of it is an application."""
        return None

    def draw_content(self, view: View, taken: int) -> None:
        """All lines that hold what is searched for."""
        model = self.console_app.model

        def refusal(action: keymap.Action) -> str:
            return keymap.refusal(action, model.role)

        log = str(self.console_app.found.place.engine_log)
        lines = matching(help_lines(view.width - 1, refusal, __version__, log), self._wanted)
        height = max(view.height - 3 - taken, 1)
        self.table().styles.height = height
        self.table().show(
            [Row(str(number), line) for number, line in enumerate(lines)],
            height=height,
            active=None,
            follow=False,
        )

    def action_down(self) -> None:
        """Scroll: the cursor has no meaning here, so it moves by what is out of sight."""
        self.table().scroll_by(1)

    def action_up(self) -> None:
        """Scroll back."""
        self.table().scroll_by(-1)

    def action_page_down(self) -> None:
        """Scroll by a page."""
        self.table().scroll_by(self.page_rows())

    def action_page_up(self) -> None:
        """Scroll back by a page."""
        self.table().scroll_by(-self.page_rows())

    def action_first(self) -> None:
        """The top."""
        self.table().scroll_by(-len(self.table().rows))

    def action_last(self) -> None:
        """The end."""
        self.table().scroll_by(len(self.table().rows))

    def action_filter(self) -> None:
        """Search."""
        self.drawer.open_filter(self._wanted)

    def set_filter(self, text: str) -> None:
        """Show the lines that hold ``text``."""
        self._wanted = text.strip()

    def action_back(self) -> None:
        """One step back: the search, then the screen."""
        if self._wanted:
            self.set_filter("")
            self.draw()
        else:
            self.app.pop_screen()

    def action_help(self) -> None:
        """The key that opened it closes it."""
        self.app.pop_screen()
