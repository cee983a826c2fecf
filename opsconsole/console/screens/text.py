"""A text that was made to be handed on: shown whole, and copied with one key."""

from collections.abc import Sequence

from rich.cells import cell_len

from opsconsole.console.draw.lines import Line, line, wrap
from opsconsole.console.draw.view import View
from opsconsole.console.screens.scrolling import ScrollingPage

# A line of a text takes at most so many of the screen.
_MOST_WRAPPED = 20


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
        """The text; what is too long for a line goes on in the next."""
        room = view.width - 2
        return [
            line(f" {part}")
            for text in self._text.splitlines()
            for part in ([text] if cell_len(text) <= room else wrap(text, room, _MOST_WRAPPED))
        ]

    def action_back(self) -> None:
        """To the page below."""
        self.leave()

    def action_copy(self) -> None:
        """Copy it again."""
        from opsconsole.console.screens.copying import to_clipboard

        self.console_app.say(to_clipboard(self, self._text))
