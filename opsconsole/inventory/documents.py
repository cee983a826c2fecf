"""The files of an office while they are changed: comments and order are kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from opsconsole.inventory.blocks import put, take
from opsconsole.inventory.edit import append_row, item
from opsconsole.inventory.sheets.fields import Field


class Drafts:
    """``files`` are those of the office; `changed` holds what is to be written."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._documents: dict[str, TOMLDocument] = {}
        self._places: dict[tuple[str, str], dict[str, Any]] = {}
        self._touched: set[str] = set()

    def changed(self) -> dict[str, bytes]:
        """Every file that says something else now."""
        made = {name: tomlkit.dumps(self._documents[name]).encode() for name in sorted(self._touched)}
        return {name: content for name, content in made.items() if content != self._files.get(name)}

    def begin(self, file: str, comment: str = "") -> None:
        """A file that need not be there yet."""
        if file not in self._files and file not in self._documents:
            self._set(file, f"# {comment}\n" if comment else "")

    def set_top(self, file: str, keys: Mapping[str, Any]) -> None:
        """Keys at the top of a file; None takes one out."""
        _write(self._document(file), keys)
        self._touched.add(file)

    def set_row(self, file: str, table: str, name: str, keys: Mapping[str, Any]) -> None:
        """Keys of the entry ``name`` of the list ``table``; None takes one out."""
        _write(self.row(file, table, name), keys)
        self._touched.add(file)

    def row(self, file: str, table: str, name: str) -> Any:
        """The entry itself. Raises KeyError."""
        places = self._places.get((file, table))
        if places is None:
            places = {str(row.get("id")): row for row in self._document(file).get(table, [])}
            self._places[file, table] = places
        return places[name]

    def touch(self, file: str) -> None:
        """Say that an entry of `row` was changed."""
        self._touched.add(file)

    def add(self, file: str, table: str, row: Mapping[str, Any]) -> None:
        """A new entry at the end of a list."""
        append_row(self._document(file), table, row)
        self._places.pop((file, table), None)
        self._touched.add(file)

    def take(self, file: str, table: str, name: str) -> str:
        """An entry as it is written, which is no longer there. Raises Invalid where that can not be done."""
        block, rest = take(tomlkit.dumps(self._document(file)), table, name)
        self._set(file, rest)
        return block

    def put(self, file: str, block: str) -> None:
        """What `take` gave, at the end of a file."""
        self._set(file, put(tomlkit.dumps(self._document(file)), block))

    def _set(self, file: str, text: str) -> None:
        self._documents[file] = tomlkit.parse(text)
        self._places = {place: rows for place, rows in self._places.items() if place[0] != file}
        self._touched.add(file)

    def _document(self, file: str) -> TOMLDocument:
        found = self._documents.get(file)
        if found is None:
            text = self._files[file].decode("utf-8-sig").rstrip()
            found = self._documents[file] = tomlkit.parse(f"{text}\n" if text else "")
        return found


def _write(table: Any, keys: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = item(value)


def to_file(field: Field, value: Any) -> Any:
    """A value of a cell as a file has it: days are no texts there."""
    return date.fromisoformat(value) if field.kind == "day" and value is not None else value
