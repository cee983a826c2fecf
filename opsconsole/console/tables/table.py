"""A table as one user looks at it: filtered, sorted, marked, with the columns they chose. Pure.

    table = TableView(SPEC)
    table.load(SPEC.rows(answer, view))
    for row in table.listed(now): ...
    table.lines(table.listed(now), width)       # keyed lines, ready for a `LineTable`

What a row is and how a view describes its table: `opsconsole.console.tables.spec`. Files are made of it by
`opsconsole.console.tables.files`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from opsconsole.base.text import _
from opsconsole.client.shapes import State
from opsconsole.console.draw.columns import Column, head_line, row_line
from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.filter import Filter
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value
from opsconsole.console.tables.words import parse_for

__all__ = ["ColumnState", "TableColumn", "TableRow", "TableSpec", "TableState", "TableView", "Value"]

_STATES = frozenset(state.value for state in State)
# The column that takes what is left is never narrower.
LEAST_REST = 8
ColumnShow = Literal["shown", "hidden", "no_room"]


class TableState(msgspec.Struct, frozen=True):
    """What a user chose of a table, as it is kept for the next start. Columns that are gone are ignored."""

    filter: str = ""
    sort: str = ""
    backwards: bool = False
    order: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    window: str = ""
    problems: bool = False


class ColumnState(NamedTuple):
    """A column in the list of columns: whether it is drawn, or why not."""

    column: TableColumn
    show: ColumnShow


class TableView:
    """The rows of a table and what its user chose. ``rows`` are all that were loaded."""

    def __init__(self, spec: TableSpec[Any]) -> None:
        self.spec = spec
        self.rows: list[TableRow] = []
        self.sort = spec.sort
        self.backwards = False
        self.window = spec.windows[0] if spec.windows else ""
        self.only_problems = False
        self.marked: set[str] = set()
        self.filter: Filter[TableRow] = Filter()
        self._order: list[str] = []
        self._shown: set[str] = set()
        self._hidden: set[str] = set()

    # Rows

    def load(self, rows: Iterable[TableRow]) -> None:
        """Take these rows instead; marks of rows that are gone go with them."""
        self.rows = list(rows)
        self.marked &= {row.key for row in self.rows}

    def set_filter(self, text: str) -> None:
        """List only what the words say; ``filter.faults`` names those that mean nothing."""
        self.filter = parse_for(text, self.spec.columns(), self.spec.age, self.spec.flags)

    def listed(self, now: datetime) -> list[TableRow]:
        """The rows that the filter lets through, in the chosen order."""
        rows = [row for row in self.rows if self.filter.matches(row, now)] if self.filter else self.rows
        return self.ordered(rows)

    def ordered(self, rows: Sequence[TableRow]) -> list[TableRow]:
        """These rows in the chosen order; those without a value stand last, equal ones as they came."""
        column = self.column(self.sort)
        if column is None:
            return list(reversed(rows)) if self.backwards else list(rows)
        rank = _rank_in(column)
        known = [row for row in rows if row.value(column.key) is not None]
        known.sort(key=lambda row: rank(row.value(column.key)), reverse=column.falling != self.backwards)
        return known + [row for row in rows if row.value(column.key) is None]

    # Marks

    def mark(self, key: str) -> None:
        """Mark a row, or no longer."""
        self.marked ^= {key}

    def chosen(self, under: str | None, now: datetime) -> list[TableRow]:
        """What an act is about: the marked rows, or the one of key ``under`` where none is marked."""
        keys = self.marked or ({under} if under is not None else set())
        return [row for row in self.listed(now) if row.key in keys]

    # Order

    def sortable(self, width: int) -> list[str]:
        """What `next_sort` goes through: the order of the rows themselves, then every drawn column."""
        own = [] if self.spec.sort else [""]
        return own + [column.key for column in self.columns(width) if column.title.strip()]

    def next_sort(self, width: int) -> None:
        """Sort by the next column."""
        keys = self.sortable(width)
        self.sort_by(keys[(keys.index(self.sort) + 1) % len(keys)] if self.sort in keys else keys[0])

    def sort_by(self, key: str) -> None:
        """Sort by this column, as it is usually sorted."""
        self.sort, self.backwards = key, False

    def sort_title(self) -> str:
        """The column it is sorted by, and an arrow when turned round; empty for the usual order."""
        column = self.column(self.sort)
        if column is None:
            return _("turned round") if self.backwards else ""
        return _(column.title).strip().lower() + (" ^" if self.backwards else "")

    # Columns

    def column(self, key: str) -> TableColumn | None:
        """The column of this key."""
        return next((column for column in self.spec.columns() if column.key == key), None)

    def all_columns(self) -> list[TableColumn]:
        """Every column, in the chosen order; those the user never moved keep their place among the rest."""
        columns = list(self.spec.columns())
        place = {key: number for number, key in enumerate(self._order)}
        return sorted(columns, key=lambda column: place.get(column.key, -1)) if place else columns

    def named_columns(self) -> list[TableColumn]:
        """Those that have a title: the ones to choose among, and to put into files."""
        return [column for column in self.all_columns() if column.title]

    def states(self, width: int) -> list[ColumnState]:
        """Every column, and whether a screen of ``width`` draws it. The last ones give way first."""
        room = width - 1
        states: list[ColumnState] = []
        for column in self.all_columns():
            cells = column.at(width).width or LEAST_REST
            if not self._wants(column, width):
                states.append(ColumnState(column, "hidden"))
            elif cells > room and any(state.show == "shown" for state in states):
                states.append(ColumnState(column, "no_room"))
            else:
                states.append(ColumnState(column, "shown"))
                room -= cells + 1
        return states

    def columns(self, width: int) -> list[Column]:
        """The columns as a screen of ``width`` draws them; where none takes what is left, the last does."""
        drawn = [state.column.at(width) for state in self.states(width) if state.show == "shown"]
        if drawn and all(column.width for column in drawn):
            drawn[-1] = drawn[-1]._replace(width=0)
        return drawn

    def choose(self, keys: Sequence[str]) -> None:
        """Show these columns and no others, in this order."""
        self._order = list(keys) + [column.key for column in self.all_columns() if column.key not in keys]
        self._shown = set(keys)
        self._hidden = set(self._order) - self._shown

    def toggle(self, key: str, width: int) -> None:
        """Show a hidden column, or hide one that is shown; the last one stays."""
        wanted = {column.key for column in self.all_columns() if self._wants(column, width)}
        if key not in wanted:
            self._shown.add(key)
            self._hidden.discard(key)
        elif len(wanted) > 1:
            self._hidden.add(key)
            self._shown.discard(key)

    def move(self, key: str, by: int) -> None:
        """Move a column by so many places."""
        order = [column.key for column in self.all_columns()]
        place = order.index(key)
        order.insert(max(0, min(place + by, len(order) - 1)), order.pop(place))
        self._order = order

    def _wants(self, column: TableColumn, width: int) -> bool:
        if column.key in self._hidden:
            return False
        usual = not column.optional and column.least <= width < column.most
        return usual or column.key in self._shown

    # Drawing

    def head(self, width: int) -> Line:
        """The titles over the columns."""
        return head_line(self.columns(width), width)

    def lines(self, rows: Iterable[TableRow], width: int) -> list[tuple[str, Line]]:
        """Rows as keyed lines for a screen of ``width``; the cursor's column is left free."""
        columns = self.columns(width)
        return [(row.key, self.line(row, columns, width)) for row in rows]

    def line(self, row: TableRow, columns: Sequence[Column], width: int) -> Line:
        """One row as a line of ``width`` - 1 cells."""
        cells = {column.key: row.cells.get(column.key, Span("")) for column in columns}
        return row_line(columns, cells, None, width - 1)

    # What is kept

    def keep(self) -> TableState:
        """What the user chose."""
        return TableState(
            filter=self.filter.text, sort=self.sort, backwards=self.backwards, order=tuple(self._order),
            shown=tuple(sorted(self._shown)), hidden=tuple(sorted(self._hidden)), window=self.window,
            problems=self.only_problems,
        )  # fmt: skip

    def recall(self, state: TableState) -> None:
        """Choose the same again, as far as it still exists."""
        known = {column.key for column in self.spec.columns()}
        self.sort = state.sort if state.sort in known else self.spec.sort
        self.backwards, self.only_problems = state.backwards, state.problems
        self._order = [key for key in state.order if key in known]
        self._shown, self._hidden = set(state.shown) & known, set(state.hidden) & known
        if state.window in self.spec.windows:
            self.window = state.window
        self.set_filter(state.filter)


def _rank_in(column: TableColumn) -> Callable[[Value], Any]:
    """How the values of a column are ordered."""
    if column.order:
        place = {code: number for number, code in enumerate(column.order)}
        return lambda value: place.get(str(value), len(place))
    return _severity if column.kind == "state" else _rank


def _severity(value: Value) -> int:
    """Worst first; a word that is no state stands behind all."""
    return State(value).severity if isinstance(value, str) and value in _STATES else len(State)


def _rank(value: Value) -> tuple[int, Any]:
    """Numbers before times before texts, so that values of two kinds can stand in one column."""
    if isinstance(value, datetime):
        return 1, value
    if isinstance(value, str):
        return 2, value.casefold()
    return 0, value
