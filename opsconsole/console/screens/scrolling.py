"""A page that is one text: its keys scroll, for a cursor has no meaning there."""

from collections.abc import Sequence

from textual.widget import Widget

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.widgets.line_table import LineTable, Row

# Title, event line, hints.
_FRAME = 3


class ScrollingPage(ActingPage, inherit_bindings=False):
    """Lines under the title; which ones is the subclass's affair."""

    def content(self) -> Sequence[Widget]:
        """The lines."""
        return [LineTable(id="lines")]

    def lines(self, view: View) -> Sequence[Line]:
        """The text, from top to bottom."""
        raise NotImplementedError

    def table(self) -> LineTable:
        """The lines."""
        return self.query_one("#lines", LineTable)

    def draw_content(self, view: View, taken: int) -> None:
        """As many lines as fit, from where it was scrolled to."""
        height = max(view.height - _FRAME - taken, 1)
        self.table().styles.height = height
        self.table().show(
            [Row(str(number), line) for number, line in enumerate(self.lines(view))],
            height=height, active=None, follow=False, old=self.is_of_old,
        )  # fmt: skip

    @property
    def is_of_old(self) -> bool:
        """Whether what it says may no longer be so."""
        return False

    def title_marks(self) -> list[str]:
        """How much is out of sight below."""
        below = len(self.table().rows) - self.table().in_sight[1]
        return [_("+{n} more, PgDn").format(n=below)] if below > 0 else []

    def _scroll(self, by: int) -> None:
        """Move by what is out of sight. The title says how much is left."""
        self.table().scroll_by(by)
        self.draw()

    def action_down(self) -> None:
        """Scroll."""
        self._scroll(1)

    def action_up(self) -> None:
        """Scroll back."""
        self._scroll(-1)

    def action_page_down(self) -> None:
        """Scroll by a page."""
        self._scroll(self.page_rows())

    def action_page_up(self) -> None:
        """Scroll back by a page."""
        self._scroll(-self.page_rows())

    def action_first(self) -> None:
        """The top."""
        self._scroll(-len(self.table().rows))

    def action_last(self) -> None:
        """The end."""
        self._scroll(len(self.table().rows))
