"""Rows of a spreadsheet that somebody sends: CSV as Excel and others write it, or XLSX.

Cells come out as text, as they are seen: numbers without a trailing ``.0``, dates as ISO.
"""

import csv
import io
import re
from datetime import date, datetime, time
from pathlib import Path

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_

_SIGNS = re.compile(r"[^0-9a-z]+")
MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 20_000, 100
# Unpacked, an XLSX of that many bytes is no list of people any more.
_MOST_UNPACKED = 100 * 1024 * 1024
_DELIMITERS = ";,\t|"


def read_sheet(path: Path) -> list[list[str]]:
    """The rows of the file, or of the first sheet in it; empty rows are kept, so that numbers of lines hold.

    Raises Invalid for a file that can not be read, is too large, or is neither.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Invalid(
            N_("{path} can not be read: {error}."), path=str(path), error=error.strerror or str(error)
        ) from error
    if len(content) > MOST_BYTES:
        raise _too_large(path)
    rows = _xlsx(content, path) if content.startswith(b"PK\x03\x04") else _csv(content, path)
    if len(rows) > MOST_ROWS:
        raise _too_large(path)
    return rows


def _csv(content: bytes, path: Path) -> list[list[str]]:
    if b"\0" in content[:4096]:
        raise Invalid(N_("{path} is neither CSV nor XLSX."), N_("Save it as one of them."), path=str(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    # Excel says so on the first line where it was told to.
    first, _newline, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    else:
        delimiter = max(_DELIMITERS, key=first.count)
    try:
        return [row[:MOST_COLUMNS] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise Invalid(N_("{path} is no CSV: {error}."), path=str(path), error=str(error)) from error


def _xlsx(content: bytes, path: Path) -> list[list[str]]:
    # Every command of the shell reads this module, and hardly any of them a spreadsheet.
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
                raise _too_large(path)
            formulas = any(
                b"<f" in packed.read(one) for one in packed.namelist() if one.startswith("xl/worksheets/")
            )
        found = _first_sheet(content, values=True)
        if formulas:
            _put_formulas(found, _first_sheet(content, values=False))
    except Invalid:
        raise
    except Exception as error:
        raise Invalid(
            N_("{path} is no XLSX that can be read: {error}."), path=str(path), error=str(error)[:200]
        ) from error
    return found


def _first_sheet(content: bytes, *, values: bool) -> list[list[str]]:
    # Late: it costs as much as all the rest, and most lists are CSV.
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    try:
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        return [[_cell(value) for value in row] for row in rows]
    finally:
        book.close()


def _put_formulas(rows: list[list[str]], written: list[list[str]]) -> None:
    """The formula itself where a file holds no value of it, so that it is not taken for an empty cell."""
    for row, cells in zip(rows, written, strict=True):
        for place, cell in enumerate(cells):
            if not row[place] and cell.startswith("="):
                row[place] = cell


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | datetime():
            return value.isoformat()
    return str(value)


def _too_large(path: Path) -> Invalid:
    return Invalid(
        N_("{path} is too large: at most {rows} rows and {mib} MiB are read."),
        N_("Split the file."),
        path=str(path),
        rows=MOST_ROWS,
        mib=MOST_BYTES // 1024 // 1024,
    )


def bare(text: str) -> str:
    """A title or a word without case, blanks and signs, as people write them in many ways."""
    return _SIGNS.sub("", text.casefold())
