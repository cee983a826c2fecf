"""A text that was made to be handed on: shown whole, and copied with one key."""

from collections.abc import Sequence

from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.scrolling import ScrollingPage


class TextScreen(ScrollingPage, inherit_bindings=False):
    """A text under its title. It stands still: what changes meanwhile is copied anew."""

    scope = "text"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def where(self) -> list[str]:
        """The view below, and what this is."""
        return [self.console_app.root_title, self._title]

    def selected(self) -> None:
        """Nothing stands under a cursor here."""

    def lines(self, view: View) -> Sequence[Line]:
        """The text."""
        return [line(f" {part}") for part in self._text.splitlines()]

    def action_back(self) -> None:
        """To the page below."""
        self.leave()

    def action_copy(self) -> None:
        """Copy it again."""
        from opsconsole.console.screens.copying import to_clipboard

        self.console_app.say(to_clipboard(self, self._text))
