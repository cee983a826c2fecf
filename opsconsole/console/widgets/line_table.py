"""A table that is drawn line by line: it holds any number of rows and draws only what changed.

It stands on its own feet: a row is a key and a line of spans, and the cursor follows its key, not its
place. The column at the left edge belongs to the cursor's mark.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.widgets.painting import changed_extent, strip_of


class Row(NamedTuple):
    """A line that can be selected, known by its key; a ``marked`` one has a star at the edge."""

    key: str
    line: Line
    marked: bool = False


class LateRow:
    """A `Row` whose line is made when it is first drawn: a long table draws what is in sight alone."""

    __slots__ = ("_draw", "_line", "key", "marked")

    def __init__(self, key: str, draw: Callable[[], Line], marked: bool = False) -> None:
        self.key = key
        self.marked = marked
        self._draw = draw
        self._line: Line | None = None

    @property
    def line(self) -> Line:
        """The line."""
        if self._line is None:
            self._line = self._draw()
        return self._line


class LineTable(Widget):
    """Rows under a fixed head line, one of them selected while the table is ``active``."""

    DEFAULT_CSS = """
    LineTable { height: 1fr; width: 1fr; }
    """

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, table: "LineTable") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "LineTable":
            """The table, for Textual's ``on`` selectors."""
            return self.table

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: tuple[Row | LateRow, ...] = ()
        self._head: Line | None = None
        self._empty: tuple[Line, ...] = ()
        self._cursor = 0
        self._is_led = False
        self._top = 0
        self._active: bool | None = False
        self._old = False
        self._height: int | None = None
        self._painted: dict[int, tuple[Line, bool]] = {}

    @property
    def key(self) -> str | None:
        """The key of the selected row; None in an empty table."""
        return self.rows[self._cursor].key if self.rows else None

    @property
    def place(self) -> int:
        """The place of the selected row."""
        return self._cursor

    @property
    def is_led(self) -> bool:
        """Whether a person moved the cursor to its row, and did not send it back to the top since."""
        return self._is_led or self._cursor > 0

    @property
    def page(self) -> int:
        """How many rows fit under the head."""
        height = self.size.height if self._height is None else self._height
        return max(height - (self._head is not None), 0)

    @property
    def in_sight(self) -> tuple[int, int]:
        """The first and the one-past-last row that are in sight."""
        return self._top, min(self._top + self.page, len(self.rows))

    def show(
        self,
        rows: Sequence[Row | LateRow],
        *,
        head: Line | None = None,
        empty: Sequence[Line] = (),
        active: bool | None = True,
        old: bool = False,
        follow: bool = True,
        height: int | None = None,
    ) -> None:
        """Show these rows, or the lines of ``empty`` where there are none.

        ``active``: the cursor is reversed; False only marks it, None shows none, so that the table is a
        text that scrolls. ``follow``: the cursor stays with its row's key when rows move; else it keeps its
        place. ``old`` draws everything grey. ``height`` is how many lines the layout will give it.
        """
        key = self.key
        self.rows = tuple(rows)
        if old != self._old:
            self._painted.clear()
        self._head, self._empty, self._active, self._old = head, tuple(empty), active, old
        self._height = height
        place = self._find(key) if follow and key is not None else None
        self._cursor = min(self._cursor if place is None else place, max(len(self.rows) - 1, 0))
        self._repaint()
        if self.key != key:
            self.post_message(self.Moved(self))

    def select(self, key: str) -> bool:
        """Put the cursor on the row of this key; False when there is none."""
        place = self._find(key)
        if place is not None:
            self.move_to(place)
        return place is not None

    def move_to(self, place: int) -> None:
        """Put the cursor on the row at ``place``, or the nearest there is."""
        place = max(0, min(place, len(self.rows) - 1))
        self._is_led = place > 0
        if self.rows and place != self._cursor:
            self._cursor = place
            self._repaint()
            self.post_message(self.Moved(self))

    def move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        self.move_to(self._cursor + by)
        self._is_led = bool(self.rows)

    def scroll_by(self, by: int) -> None:
        """Move the window by so many rows, where no cursor holds it."""
        self._top += by
        self._repaint()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._painted.clear()
        self._repaint()

    def render_line(self, y: int) -> Strip:
        """One line of the window, for Textual."""
        spans, selected = self._painted[y] = self._line(y), self._is_selected(y)
        return strip_of(spans, self.size.width, selected=selected, old=self._old)

    def _find(self, key: str) -> int | None:
        return next((place for place, row in enumerate(self.rows) if row.key == key), None)

    def _row_at(self, y: int) -> int:
        return self._top + y - (self._head is not None)

    def _is_selected(self, y: int) -> bool:
        """Whether line ``y`` is drawn reversed."""
        return bool(self._active and self.rows) and self._row_at(y) == self._cursor

    def _line(self, y: int) -> Line:
        """What belongs on line ``y``."""
        if self._head is not None and y == 0:
            return self._head
        number = self._row_at(y)
        if not self.rows:
            return self._empty[number] if 0 <= number < len(self._empty) else ()
        if number >= len(self.rows):
            return ()
        chosen = number == self._cursor and self._active is not None
        row = self.rows[number]
        mark = "*" if row.marked else " " if not chosen else ">" if self._active else ")"
        return (Span(mark), *row.line)

    def _repaint(self) -> None:
        """Bring the cursor into sight and mark the lines that changed for drawing."""
        page = max(self.page, 1)
        self._top = max(0, min(self._top, len(self.rows) - page))
        if self._active is not None and not self._top <= self._cursor < self._top + page:
            self._top = max(0, self._cursor if self._cursor < self._top else self._cursor - page + 1)
        for y in range(self.size.height):
            before, selected = self._painted.get(y, (None, False))
            if before is None or selected != self._is_selected(y):
                self.refresh(Region(0, y, self.size.width, 1))
            elif extent := changed_extent(before, self._line(y)):
                self.refresh(Region(extent[0], y, extent[1] - extent[0], 1))
