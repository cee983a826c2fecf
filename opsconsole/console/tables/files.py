"""A table as a sheet for `opsconsole.exports`, or as text for people, as it is drawn."""

from collections.abc import Iterable, Mapping, Sequence

from opsconsole.base.text import _, language
from opsconsole.client.audit import AuditHead
from opsconsole.console.draw.columns import Column, head_line, row_line
from opsconsole.console.draw.lines import Span, plain
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import Kind, TableColumn, TableRow
from opsconsole.console.tables.table import TableView
from opsconsole.exports import sheet

# What the column that takes the rest gets in a text with all columns.
_REST = 60
_KINDS: Mapping[Kind, sheet.Kind] = {
    "text": "text", "number": "number", "seconds": "seconds", "time": "time", "due": "time", "state": "state",
}  # fmt: skip


def sheet_of(
    table: TableView,
    rows: Iterable[TableRow],
    view: View,
    *,
    everything: bool,
    words: str = "",
    head: AuditHead | None = None,
    unread: int = 0,
) -> sheet.Sheet:
    """The rows with their raw values: in the columns that a screen as wide as ``view`` draws, or in all.

    ``words`` is the filter that let them through, ``unread`` how many more there are than could be read.
    """
    chosen = chosen_columns(table, view, everything=everything)
    about = sheet.About(
        view=table.spec.name, schema=table.spec.schema, zone=view.times.zone, language=language(),
        written_at=view.now, filter=words, window=table.window,
        sort=f"{'-' * table.backwards}{table.sort}", head=head,
        unread=unread,
    )  # fmt: skip
    return sheet.Sheet(
        title=_(table.spec.title),
        columns=[sheet.Column(one.key, one.name, _KINDS[one.kind]) for one in chosen],
        rows=([row.value(column.key) for column in chosen] for row in rows),
        zone=view.times.tzinfo,
        about=about,
    )


def chosen_columns(table: TableView, view: View, *, everything: bool) -> list[TableColumn]:
    """The columns of a file, in the chosen order; none without a title."""
    drawn = {column.key for column in table.columns(view.width)}
    return [column for column in table.named_columns() if everything or column.key in drawn]


def text_of(table: TableView, rows: Iterable[TableRow], view: View, *, everything: bool) -> str:
    """As it is drawn: as wide as the view; with all columns, as wide as they need."""
    if not everything:
        return to_text(table.columns(view.width), rows, view.width)
    columns = [column.at(view.width) for column in table.named_columns()]
    needed = sum((column.width or _REST) + 1 for column in columns)
    return to_text(columns, rows, max(view.width, needed))


def to_text(columns: Sequence[Column], rows: Iterable[TableRow], width: int) -> str:
    """As it is drawn, ``width`` cells wide, without what stands at the end of a line in vain."""
    lines = [plain(head_line(columns, width, indent=0))]
    for row in rows:
        cells = {column.key: row.cells.get(column.key, Span("")) for column in columns}
        lines.append(plain(row_line(columns, cells, None, width)))
    return "".join(line.rstrip() + "\n" for line in lines)
