"""CSV in its profiles: `excel-id` for people with a spreadsheet, `rfc4180` and `csv` for programs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import BinaryIO

from opsconsole.exports.cells import as_text, clean, cut, is_formula, is_long, is_typed, iso, naive, number
from opsconsole.exports.sheet import Column, Sheet, Tally, Value

# Also what separates elsewhere: programs guess.
_QUOTED = re.compile(r'[",;\t\r\n]|^\s|\s$')
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Profile:
    """How a CSV is written.

    ``spreadsheet``: a decimal comma, times as ``yyyy-mm-dd hh:mm:ss`` of the office, which Excel reads in any
    locale, and a ``'`` before every text that Excel would take for something else; else a decimal dot and
    ISO 8601 with offset, and of such texts only formulas get it. ``titles``: the first line has titles in the
    language in use, else the columns' keys, which are the same in all.
    """

    separator: str
    spreadsheet: bool
    titles: bool


EXCEL_ID = Profile(";", spreadsheet=True, titles=True)
RFC4180 = Profile(",", spreadsheet=False, titles=False)
CSV = Profile(",", spreadsheet=False, titles=True)


def write_csv(profile: Profile, sheet: Sheet, sink: BinaryIO) -> Tally:
    """One line for each row, and one before them with the columns' names."""
    tally = Tally()
    if profile.spreadsheet:
        sink.write(_BOM)
    names = [column.title if profile.titles else column.key for column in sheet.columns]
    sink.write(_line(profile, [_quoted(as_text(clean(name), typed=False)) for name in names]))
    for row in sheet.rows:
        sink.write(_line(profile, list(_cells(profile, sheet.columns, row, sheet.zone, tally))))
        tally.rows += 1
    return tally


def _line(profile: Profile, cells: Sequence[str]) -> bytes:
    # A line of one empty cell would be an empty line, which readers pass over.
    return ((profile.separator.join(cells) or '""') + "\r\n").encode()


def _cells(
    profile: Profile, columns: Sequence[Column], row: Sequence[Value], zone: tzinfo, tally: Tally
) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if value is None:
            yield ""
        elif isinstance(value, datetime):
            yield _time(profile, column, value, zone)
        elif isinstance(value, str):
            yield _text(profile, clean(value), tally)
        else:
            yield _number(profile, value)


def _time(profile: Profile, column: Column, moment: datetime, zone: tzinfo) -> str:
    if profile.spreadsheet:
        return naive(moment, zone).isoformat(" ", "seconds")
    return iso(moment, zone, column.kind)


def _number(profile: Profile, value: int | float) -> str:
    if not profile.spreadsheet:
        return number(value)
    return f"'{value}" if is_long(value) else number(value).replace(".", ",")


def _text(profile: Profile, text: str, tally: Tally) -> str:
    if profile.spreadsheet:
        return _quoted(cut(as_text(text, typed=True), tally))
    # Readers that take what is quoted for text keep 0812 and 2026-11-24 as they are.
    typed = is_typed(text) and not is_formula(text)
    return _quoted(as_text(text, typed=False), always=typed)


def _quoted(text: str, *, always: bool = False) -> str:
    if always or _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
