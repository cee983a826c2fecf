"""Tables as files: CSV and JSON for programs, with raw values; text for people, as it is drawn."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec

from opsconsole.base.text import safe_text
from opsconsole.console.draw.columns import Column, head_line, row_line
from opsconsole.console.draw.lines import Span, plain
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, Value
from opsconsole.console.tables.table import TableView

# What a spreadsheet would take for a formula, also behind blanks and a byte order mark; full width too.
# What the column that takes the rest gets in a text with all columns.
_REST = 60
_FORMULA = re.compile("[ \u00a0\u3000\ufeff]*[=+\\-@\t\r\n＝＋－＠]")

Format = Literal["csv", "text", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: Mapping[Format, str] = {"csv": "csv", "text": "txt", "json": "json"}


def render(form: Format, table: TableView, rows: Sequence[TableRow], view: View, *, everything: bool) -> str:
    """The rows in this format: the columns that a screen as wide as ``view`` draws, or ``everything``.

    A text is as wide as the view; with all columns, as wide as they need.
    """
    drawn, named = table.columns(view.width), table.named_columns()
    if form == "text":
        columns = [column.at(view.width) for column in named] if everything else drawn
        return to_text(columns, rows, max(view.width, needed(columns)))
    keys = {column.key for column in drawn}
    chosen = [column for column in named if everything or column.key in keys]
    return (to_csv if form == "csv" else to_json)(chosen, rows, view.times)


def needed(columns: Sequence[Column]) -> int:
    """How many cells a line takes in which no column is left out."""
    return sum((column.width or _REST) + 1 for column in columns)


def to_csv(columns: Sequence[TableColumn], rows: Iterable[TableRow], times: Times) -> str:
    """RFC 4180: a line of titles, then raw values; times as ISO 8601 with the zone's offset.

    A text that a spreadsheet would take for a formula begins with ``'`` and so stays a text; a number is
    written as one.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_neutral(column.name) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.value(column.key), times) for column in columns])
    return out.getvalue()


def to_json(columns: Sequence[TableColumn], rows: Iterable[TableRow], times: Times) -> str:
    """A list of objects by column key; times as in `to_csv`, what is absent is null."""
    objects = [{column.key: _plain_value(row.value(column.key), times) for column in columns} for row in rows]
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"


def to_text(columns: Sequence[Column], rows: Iterable[TableRow], width: int) -> str:
    """As it is drawn, ``width`` cells wide, without what stands at the end of a line in vain."""
    lines = [plain(head_line(columns, width, indent=0))]
    for row in rows:
        cells = {column.key: row.cells.get(column.key, Span("")) for column in columns}
        lines.append(plain(row_line(columns, cells, None, width)))
    return "".join(line.rstrip() + "\n" for line in lines)


def _csv_cell(value: Value, times: Times) -> str:
    if isinstance(value, str):
        return _neutral(safe_text(value, len(value), lines=True)) if value else ""
    plainly = _plain_value(value, times)
    return "" if plainly is None else str(plainly)


def _plain_value(value: Value, times: Times) -> str | int | float | None:
    return times.local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _neutral(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
