"""The help: everything there is, made from the same tables as the keys themselves."""

from collections.abc import Sequence

from opsconsole import __version__
from opsconsole.base.text import _
from opsconsole.client.shapes import Application
from opsconsole.console.draw.help import About, Section, found_lines, help_lines, sections
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.page import Page
from opsconsole.console.screens.scrolling import ScrollingPage


class HelpScreen(ScrollingPage, inherit_bindings=False):
    """One list that scrolls and can be searched."""

    scope = "help"

    def __init__(self, below: Page) -> None:
        super().__init__()
        self._below = below
        self._wanted = ""

    def where(self) -> list[str]:
        """Help, and of what."""
        return [_("Help")]

    def title_marks(self) -> list[str]:
        """What is searched for, and how much is out of sight below."""
        return [*([f"/{self._wanted}"] if self._wanted else []), *super().title_marks()]

    def selected(self) -> Application | None:
        """No row of it is an application."""
        return None

    def lines(self, view: View) -> Sequence[Line]:
        """The page, or the lines that hold what is searched for."""
        listed, width = self._sections(), view.width - 1
        return found_lines(listed, width, self._wanted) if self._wanted else help_lines(listed, width)

    def _sections(self) -> list[Section]:
        place = self.console_app.found.place
        files = [
            (_("engine log"), str(place.engine_log)),
            (_("settings"), str(place.settings)),
            (_("your own"), str(self.console_app.personal.path or "-")),
        ]
        below = self._below
        return sections(About(below.scope, below.refusal, __version__, files))

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
