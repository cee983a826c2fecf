"""What the words of a filter mean in a table: its columns are the fields.

``rsud "two words" -mail`` as everywhere; ``opd:rsud`` what a column holds, ``runs:3`` a number,
``took>3s`` more than so long, ``last>10m`` longer ago (or further ahead) than that, ``age>10m`` the same of
the table's own column for it, ``due<2h`` due within that time or before now, ``down`` a state, ``is:mine`` or
``mine`` one of the table's flags.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from opsconsole.base.text import _
from opsconsole.console.draw.words import named_states
from opsconsole.console.filter import Filter, RowTest, Term, no_field, parse_words, stray_field
from opsconsole.console.tables.spec import TableColumn, TableRow

_COMPARED = re.compile(r"([^:<>]+)([<>])(.*)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "": 1.0}
_AGE, _IS = "age", "is"


def parse_for(
    text: str, columns: Sequence[TableColumn], age: str = "", flags: Mapping[str, str] | None = None
) -> Filter[TableRow]:
    """Read the words of a filter for a table with these columns; ``age`` is the column of ``age>10m``.

    ``flags`` are as in `TableSpec`.
    """
    return parse_words(text, _OfColumns(columns, age, flags or {}))


class _OfColumns:
    """What can be asked of a table's rows. A column goes by its key, or by its title in this language."""

    def __init__(self, columns: Sequence[TableColumn], age: str, flags: Mapping[str, str]) -> None:
        self._fields = {_(column.title).strip().casefold().replace(" ", ""): column for column in columns}
        self._fields |= {column.key.casefold(): column for column in columns}
        if age:
            self._fields.setdefault(_AGE, next(column for column in columns if column.key == age))
        self._states = next((column.key for column in columns if column.kind == "state"), "")
        self._flags = {_(template).casefold(): code for code, template in flags.items()}
        self._flags |= {code: code for code in flags}
        self._known = [column.key for column in columns if column.title or column.label]
        self._known += [_AGE] if age else []
        self._known += [_IS] if flags else []

    def term(self, word: str) -> Term[TableRow] | None:
        if self._states and word in named_states():
            return Term("state", _is_state(self._states, word))
        if (flag := self._flags.get(word.removeprefix(f"{_IS}:"))) is not None:
            return Term("", lambda row, now: flag in row.flags)
        if (match := _COMPARED.fullmatch(word)) and (column := self._fields.get(match[1])) is not None:
            test = _compared(column, match[2], match[3])
            return Term(f"{column.key}{match[2]}", test) if test else None
        field, colon, value = word.partition(":")
        column = self._fields.get(field)
        if not colon or column is None:
            return None if self._stray(word) else Term("", self.contains(word))
        return Term(column.key, _holds(column, value)) if value else None

    def contains(self, text: str) -> RowTest[TableRow]:
        return lambda row, now: any(text in part.casefold() for part in _texts(row))

    def fault(self, word: str) -> str:
        if field := self._stray(word.casefold()):
            known = [f"{_IS}:{flag}" for flag in self._flags] if field == _IS else self._known
            return no_field(word, field, known)
        column = self._fields[re.split("[:<>]", word.casefold())[0]]
        wanted = {
            "time": f"{column.key}>10m {column.key}<2h",
            "due": f"{column.key}<2h",
            "seconds": f"{column.key}>3s",
            "number": f"{column.key}:3 {column.key}>3",
        }.get(column.kind, f"{column.key}:" + _("WORD"))
        return _("{word}: want {wanted}").format(word=word, wanted=wanted)

    def _stray(self, word: str) -> str:
        """The field that it asks for, where there is no such field."""
        return stray_field(word, self._fields)


def _texts(row: TableRow) -> list[str]:
    """Everything of a row that can be read, as it is drawn and as it is stored."""
    texts = [cell.text for cell in row.cells.values()]
    texts += [value for value in row.values.values() if isinstance(value, str)]
    return [*texts, row.key, row.words]


def _is_state(column: str, name: str) -> RowTest[TableRow]:
    state = named_states()[name].value
    return lambda row, now: row.value(column) == state


def _holds(column: TableColumn, value: str) -> RowTest[TableRow]:
    """A column's text holds the value; a number is it, ``5xx`` any of its hundred."""
    key = column.key
    if column.kind == "state" and value in named_states():
        return _is_state(key, value)
    if column.kind in ("number", "seconds"):
        digits = value.rstrip("x")
        if digits != value:
            return lambda row, now: len(str(row.value(key))) == len(value) and _begins(row, key, digits)
        return lambda row, now: str(row.value(key)) == value

    def test(row: TableRow, now: datetime) -> bool:
        cell, raw = row.cells.get(key), row.value(key)
        drawn = cell is not None and value in cell.text.casefold()
        return drawn or (isinstance(raw, str) and value in raw.casefold())

    return test


def _begins(row: TableRow, key: str, digits: str) -> bool:
    return str(row.value(key)).startswith(digits)


def _compared(column: TableColumn, sign: str, amount: str) -> RowTest[TableRow] | None:
    match = _AMOUNT.fullmatch(amount)
    if match is None or column.kind not in ("number", "seconds", "time", "due"):
        return None
    if (column.kind in ("time", "due") and not match[2]) or (column.kind == "number" and match[2]):
        return None
    limit = float(match[1]) * _SECONDS[match[2]]
    key = column.key

    def test(row: TableRow, now: datetime) -> bool:
        value = row.value(key)
        if isinstance(value, datetime):
            ahead = (value - now).total_seconds()
            value = ahead if column.kind == "due" else abs(ahead)
        if not isinstance(value, int | float):
            return False
        return value > limit if sign == ">" else value < limit

    return test
