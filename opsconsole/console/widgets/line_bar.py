"""A widget of a few fixed lines: titles, banners, hints. Only what changed in it is drawn."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from opsconsole.console.draw.lines import Line
from opsconsole.console.widgets.painting import changed_extent, strip_of


class LineBar(Widget):
    """Shows the lines it is given; its height is theirs."""

    DEFAULT_CSS = """
    LineBar { height: auto; width: 1fr; }
    """

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = tuple(lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show(self, *lines: Line) -> None:
        """Show these lines instead."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.refresh(layout=True)
            return
        for y, (old, new) in enumerate(zip(before, lines, strict=True)):
            if extent := changed_extent(old, new):
                self.refresh(Region(extent[0], y, extent[1] - extent[0], 1))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many rows as there are lines."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line, for Textual."""
        return strip_of(self._lines[y] if y < len(self._lines) else (), self.size.width)
