"""A Markdown table for papers and chats, with the audit head below it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from opsconsole.exports.about import told
from opsconsole.exports.cells import clean, naive, number
from opsconsole.exports.sheet import Column, Sheet, Tally, Value

_MARKS = re.compile(r"[\\`*\[\]|~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_NUMBERS = frozenset({"number", "seconds"})


def write_markdown(sheet: Sheet, sink: BinaryIO) -> Tally:
    """A heading, the table, and a list of what the file says of itself."""
    tally = Tally()
    rule = ["---:" if column.kind in _NUMBERS else "---" for column in sheet.columns]
    sink.write(f"# {escaped(sheet.title)}\n\n".encode())
    sink.write(_line([escaped(column.title) for column in sheet.columns]))
    sink.write(_line(rule))
    for row in sheet.rows:
        sink.write(
            _line([_cell(sheet, column, value) for column, value in zip(sheet.columns, row, strict=True)])
        )
        tally.rows += 1
    lines = (f"- {escaped(label)}: {escaped(text)}\n" for label, text in told(sheet, tally))
    sink.write(("\n---\n\n" + "".join(lines)).encode())
    return tally


def _line(cells: Sequence[str]) -> bytes:
    return ("| " + " | ".join(cells) + " |\n").encode()


def _cell(sheet: Sheet, column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return naive(value, sheet.zone).isoformat(
            " ", "milliseconds" if column.kind == "instant" else "seconds"
        )
    return escaped(value) if isinstance(value, str) else number(value)


def escaped(text: str) -> str:
    """Text that is shown as it is: no mark-up, no link, no HTML; line breaks inside a cell are ``<br>``."""
    text = _MARKS.sub(r"\\\g<0>", clean(text))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.strip("\n").replace("\n", "<br>").replace("\r", " ")
