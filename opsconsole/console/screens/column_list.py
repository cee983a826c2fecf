"""The list of a table's columns, in the drawer: which ones are drawn, and in which order."""

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line, Span, fit
from opsconsole.console.draw.view import View
from opsconsole.console.tables.table import ColumnShow, ColumnState, TableView
from opsconsole.console.widgets.line_table import LineTable

_BOXES: dict[ColumnShow, str] = {"shown": "[x]", "no_room": "[x]", "hidden": "[ ]"}
_CLOSING = ("escape", "c", "q", "h", "backspace")


class ColumnList:
    """The columns of ``table``, chosen for a screen of ``width``."""

    def __init__(self, table: TableView, width: int, *, sorts: bool) -> None:
        self._table = table
        self._width = width
        self._sorts = sorts

    def lines(self, width: int) -> list[Line]:
        """One line for each column: ``[x] SINCE``, and why it is not drawn where there is no room for it."""
        title = max(12, min(28, width // 3))
        lines: list[Line] = []
        for column, show in self._states():
            told = _("no room on this screen") if show == "no_room" else ""
            if self._sorts and column.key == self._table.sort:
                told = _("sorted by this")
            tone = "quiet" if show == "hidden" else ""
            lines.append(
                (
                    Span(f"{_BOXES[show]} ", tone or "key"),
                    Span(fit(column.name, title), tone),
                    Span(f" {told}", "quiet"),
                )
            )
        return lines

    def _states(self) -> list[ColumnState]:
        return [state for state in self._table.states(self._width) if state.column.title]

    def hint(self, view: View) -> Line:
        """What the keys do, in place of the event line."""
        told = _("space shows or hides, left and right move, s sorts, esc closes")
        if not self._sorts:
            told = _("space shows or hides, left and right move, esc closes")
        return (Span(f" {told}", "quiet"),)

    def press(self, key: str, list_: LineTable) -> bool:
        """Take a key; False when it closes the list."""
        if key in _CLOSING:
            return False
        column = self._states()[list_.place].column.key
        match key:
            case "j" | "down":
                list_.move(1)
            case "k" | "up":
                list_.move(-1)
            case "space" | "enter":
                self._table.toggle(column, self._width)
            case "s" if self._sorts:
                self._table.sort_by(column)
            case "left" | "right":
                by = -1 if key == "left" else 1
                self._table.move(column, by)
                list_.move(by)
        return True
