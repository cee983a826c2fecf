"""JSON for programs: an object a line, or one list of them; raw values by the columns' keys."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import BinaryIO

from opsconsole.exports.cells import iso
from opsconsole.exports.sheet import Column, Sheet, Tally, Value

# What a terminal or an editor would act on is written as its number: a reader gets the same text.
_ACTS = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_json = json.JSONEncoder(ensure_ascii=False).encode


def write_lines(sheet: Sheet, sink: BinaryIO) -> Tally:
    """JSON Lines: every line has every key, in the order of the columns; what is absent is null."""
    tally = Tally()
    for row in sheet.rows:
        sink.write(_object(sheet, row).encode() + b"\n")
        tally.rows += 1
    return tally


def write_list(sheet: Sheet, sink: BinaryIO) -> Tally:
    """One JSON list of the same objects."""
    tally = Tally()
    sink.write(b"[")
    for row in sheet.rows:
        sink.write((",\n  " if tally.rows else "\n  ").encode() + _object(sheet, row).encode())
        tally.rows += 1
    sink.write(b"\n]\n" if tally.rows else b"]\n")
    return tally


def _object(sheet: Sheet, row: Sequence[Value]) -> str:
    """A row. What acts on whoever looks at it can stand in texts alone: the line is made harmless whole."""
    pairs = (
        f"{_json(column.key)}: {_value(sheet, column, value)}"
        for column, value in zip(sheet.columns, row, strict=True)
    )
    line = "{" + ", ".join(pairs) + "}"
    if line.isascii() and "\x7f" not in line:
        return line
    # Half a pair of surrogates is no text.
    return _ACTS.sub(lambda match: f"\\u{ord(match[0]):04x}", _SURROGATE.sub("\ufffd", line))


def _value(sheet: Sheet, column: Column, value: Value) -> str:
    if isinstance(value, datetime):
        return _json(iso(value, sheet.zone, column.kind))
    if isinstance(value, float) and not isfinite(value):
        return "null"
    if column.kind == "json" and isinstance(value, str):
        return value
    return _json(value)
