"""What a view lists: its columns, where its rows come from, and what a row is. Pure: no screen, no clock.

A view is described once, by a `TableSpec`; the screen, the export and the command line show the same rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from opsconsole.base.text import _
from opsconsole.client.queries import Query
from opsconsole.console.draw.columns import Column
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.view import View

A = TypeVar("A")
Value = str | int | float | datetime | None
Kind = Literal["text", "number", "seconds", "time", "due", "state"]
"""What a column's raw values are: ``seconds`` a duration (float), ``time`` aware datetimes, ``due`` those by
which something has to be done (``due<2h``: soon, or late already), ``state`` the codes of
`opsconsole.client.shapes.State`, which filters may call by their word in either language."""

_ANY_WIDTH = 100_000


class TableColumn(NamedTuple):
    """A column of a table.

    ``key`` names it in filters (``key:value``), sorting and JSON; ``title`` is a template of the
    catalogues. ``width`` is in cells at 80 columns, 0 for what is left of the line (one column at most);
    ``steps`` are other widths, each from a width of the screen on, ascending. It is shown on screens of
    ``least`` to below ``most`` columns, unless the user says otherwise; ``optional`` ones only when asked
    for. ``falling``: sorted by it, the largest or newest stands first. ``label`` is a template for lists of
    columns and for files, where the title says too little. A column without a title is only drawn.
    ``order`` are the codes that it holds, where they are not sorted by the alphabet.
    """

    key: str
    title: str
    width: int
    align: Literal["<", ">"] = "<"
    kind: Kind = "text"
    steps: tuple[tuple[int, int], ...] = ()
    least: int = 0
    most: int = _ANY_WIDTH
    optional: bool = False
    falling: bool = False
    label: str = ""
    order: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the column is called where there is room for it."""
        return _(self.label or self.title).strip()

    def at(self, width: int) -> Column:
        """The column as it is drawn on a screen of ``width``."""
        cells = self.width
        for start, wider in self.steps:
            cells = wider if width >= start else cells
        return Column(self.key, self.title, cells, self.align)


class TableRow(NamedTuple):
    """A row: ``cells`` as they are drawn and raw ``values``, both by column key.

    A column that is absent from ``values`` has the text of its cell as its value. ``application`` is the
    id that the row's actions (recheck, open) are about, empty where there is none. ``words`` is found by
    filter words and is not drawn. ``flags`` are those of `TableSpec.flags` that hold for it.
    """

    key: str
    cells: Mapping[str, Span]
    values: Mapping[str, Value]
    application: str = ""
    words: str = ""
    flags: frozenset[str] = frozenset()

    def value(self, column: str) -> Value:
        """The raw value of a column; its text where it has none."""
        if column in self.values:
            return self.values[column]
        cell = self.cells.get(column)
        return cell.text if cell is not None else None


def _unknown(answer: Any) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class TableSpec(Generic[A]):
    """What a view lists.

    ``name`` is that of the view: it names the files of its exports, what is remembered of it and
    ``opsconsole export NAME``. ``title`` is a template. ``columns`` makes the columns in the language in
    use. ``rows`` makes the rows of an answer, in the order in which they stand unless sorted by a column.
    ``query`` is what to ask the engine for a window (a name of ``windows``, empty where there are none);
    None where the rows come from the board. ``sort``: the column it is sorted by at first, empty for the
    order of ``rows``. ``age`` is the column that ``age>10m`` means. ``total`` says how many rows there are
    where an answer holds only some of them. ``flags`` are what else a filter may ask of a row, as ``is:WORD``
    or as the bare word: by their codes, each with a template of its word. ``schema`` numbers the set of
    columns as files have it: it grows when one is renamed, moved or taken away.
    """

    name: str
    title: str
    columns: Callable[[], tuple[TableColumn, ...]]
    rows: Callable[[A, View], list[TableRow]]
    query: Callable[[str], Query[A]] | None = None
    sort: str = ""
    age: str = ""
    windows: tuple[str, ...] = ()
    total: Callable[[A], int | None] = _unknown
    flags: Mapping[str, str] = field(default_factory=dict)
    schema: int = 1
