"""XLSX: rows on sheets that a spreadsheet can filter, and a sheet that says what they are.

Text is written as text and never as a formula, dates as real dates in a format that every locale reads. The
rows go through a temporary file, not through memory.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, islice
from math import isfinite
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from opsconsole.base.text import _
from opsconsole.exports.about import told
from opsconsole.exports.cells import clean, cut, is_formula, is_long, is_typed, naive
from opsconsole.exports.sheet import Column, Kind, Sheet, Tally, Value

# What one sheet of Excel holds, its head included.
MOST_ROWS = 1_048_576
_FORMATS: dict[Kind, str] = {"time": "yyyy-mm-dd hh:mm:ss", "instant": "yyyy-mm-dd hh:mm:ss.000"}
_TIME_WIDTH, _INSTANT_WIDTH = 20, 24
_LEAST_WIDTH, _MOST_WIDTH = 6, 60
# How many rows the widths are taken from.
_MEASURED = 200
# Spreadsheets count days from 1900; what lies before is written as text.
_FIRST_YEAR = 1900
# Spreadsheets read this as the character of that number.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 24
_ABOUT_WIDTHS = 22, 90
# What a line of Calibri 11 takes, and the most that Excel gives a row.
_LINE_POINTS, _MOST_POINTS = 15, 409


def write_workbook(sheet: Sheet, sink: BinaryIO, most: int = MOST_ROWS) -> Tally:
    """One sheet, or several where there are more rows than ``most`` with the head; the audit head last."""
    book, tally = Workbook(write_only=True), Tally()
    book.properties.creator = "opsconsole"
    # Its time has no zone, and is UTC.
    book.properties.created = book.properties.modified = naive(sheet.about.written_at, UTC)
    rows = iter(sheet.rows)
    first = list(islice(rows, _MEASURED))
    widths = [_width(column, [row[place] for row in first]) for place, column in enumerate(sheet.columns)]
    name = _FORBIDDEN.sub(" ", sheet.about.view)[:_LONGEST_NAME]
    with _left_tidy(book), ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for number, some in enumerate(_in_parts(chain(first, rows), most - 1), start=1):
            page = book.create_sheet(name if number == 1 else f"{name} {number}")
            _fill(page, sheet, some, widths, tally)
        _describe(book.create_sheet(_("audit head")), sheet, tally)
        ExcelWriter(book, archive).write_data()
    return tally


def _in_parts(rows: Iterator[Sequence[Value]], most: int) -> Iterator[Iterator[Sequence[Value]]]:
    """At most ``most`` rows each, at least one part; each is to be taken before the next one."""
    yield islice(rows, most)
    for ahead in rows:
        yield chain([ahead], islice(rows, most - 1))


@contextmanager
def _left_tidy(book: Workbook) -> Iterator[None]:
    """Where writing fails, close what openpyxl leaves open, and take its temporary files away."""
    try:
        yield
    except BaseException:
        pages: list[Any] = list(book.worksheets)
        for page in pages:
            # What failed once may fail again.
            with suppress(Exception):
                page.close()
            with suppress(Exception):
                page._writer.xf.close()
            with suppress(Exception):
                page._writer.cleanup()
        raise


def _fill(
    page: Any, sheet: Sheet, rows: Iterable[Sequence[Value]], widths: Sequence[int], tally: Tally
) -> None:
    """One sheet: the head stays in sight, every column can be filtered."""
    page.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    # Printed, it is read across, and each page has its head.
    page.page_setup.orientation = "landscape"
    page.print_title_rows = "1:1"
    page.append([_bold(page, column.title) for column in sheet.columns])
    written = 1
    for row in rows:
        written += 1
        cells = [
            _cell(page, sheet, column, value, tally) for column, value in zip(sheet.columns, row, strict=True)
        ]
        lines = max(map(_lines_of, row, widths))
        if lines > 1:
            _make_higher(page, written, cells, lines)
        page.append(cells)
        page.row_dimensions.pop(written, None)
        tally.rows += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{written}"


def _make_higher(page: Any, number: int, cells: Sequence[Any], lines: int) -> None:
    """Room for a text of several lines, beside which the others stand at the top: nobody else makes it."""
    page.row_dimensions[number].height = min(lines * _LINE_POINTS, _MOST_POINTS)
    for cell in cells:
        if cell is not None:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _lines_of(value: Value, width: int) -> int:
    """How many lines a value takes in a column of this width."""
    if not isinstance(value, str) or (len(value) < width and "\n" not in value):
        return 1
    return sum(1 + len(part) // width for part in value.split("\n"))


def _describe(page: Any, sheet: Sheet, tally: Tally) -> None:
    """The sheet that says what the others are."""
    page.page_setup.orientation = "landscape"
    for name, width in zip("AB", _ABOUT_WIDTHS, strict=True):
        page.column_dimensions[name].width = width
    for number, (label, text) in enumerate(told(sheet, tally), start=1):
        cells = [_bold(page, label), _text(page, clean(text), Tally())]
        if (lines := _lines_of(text, _ABOUT_WIDTHS[1])) > 1:
            _make_higher(page, number, cells, lines)
        page.append(cells)


def _cell(page: Any, sheet: Sheet, column: Column, value: Value, tally: Tally) -> Any:
    if value is None:
        return None
    if isinstance(value, datetime):
        local = naive(value, sheet.zone)
        if local.year < _FIRST_YEAR:
            return _text(page, local.isoformat(" ", "seconds"), tally)
        cell = WriteOnlyCell(page, local)
        cell.number_format = _FORMATS["instant" if column.kind == "instant" else "time"]
        return cell
    if isinstance(value, str):
        return _text(page, clean(value), tally)
    if is_long(value):
        return _text(page, str(value), tally)
    return WriteOnlyCell(page, value) if isfinite(value) else None


def _text(page: Any, text: str, tally: Tally) -> Any:
    """A cell that is text whatever it looks like, also after it was edited."""
    cell = WriteOnlyCell(page, _ESCAPE.sub("_x005F_", cut(text, tally)))
    # Else "=1+1" is a formula and "#N/A" an error.
    cell.data_type = "s"
    cell.number_format = "@"
    if is_formula(text) or is_typed(text):
        cell.quotePrefix = True
    return cell


def _bold(page: Any, text: str) -> Any:
    cell = _text(page, clean(text), Tally())
    cell.font = Font(name="Calibri", size=11, bold=True)
    return cell


def _width(column: Column, values: Sequence[Value]) -> int:
    """What the first rows need, in characters."""
    if column.kind in ("time", "instant"):
        least = _INSTANT_WIDTH if column.kind == "instant" else _TIME_WIDTH
    else:
        least = _LEAST_WIDTH
    longest = [
        len(line) for value in values if isinstance(value, str | int | float) for line in _lines(value)
    ]
    # The head has a button to filter by.
    return min(max(least, len(column.title) + 4, *(length + 2 for length in longest), 0), _MOST_WIDTH)


def _lines(value: str | int | float) -> list[str]:
    return str(value).split("\n")
