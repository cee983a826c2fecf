"""The rows of a sheet as entries of a register, and a register as rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsconsole.base.text import safe_text
from opsconsole.client.importing import ImportEntry, NotTaken, Register, SheetRows
from opsconsole.inventory.office import ApplicationEntry, Inventory, OpdEntry, PersonEntry
from opsconsole.inventory.sheets.cells import Refused, read_cell, show_cell, was_completed
from opsconsole.inventory.sheets.columns import Columns
from opsconsole.inventory.sheets.fields import ADDRESS, FIELDS, Field, field_of

_SHOWN = 60
Entry = OpdEntry | ApplicationEntry | PersonEntry


def entries_of(
    rows: Sequence[Sequence[str]], columns: Columns, place: str
) -> tuple[list[ImportEntry], list[NotTaken]]:
    """Every row below the titles that is not empty; ``place`` is the file, as a report names it.

    A cell that is not understood is left as it is in the office; a row without any name is left out.
    """
    entries, not_taken = [], []
    for line, row in enumerate(rows[columns.header + 1 :], columns.header + 2):
        if not any(cell.strip() for cell in row):
            continue
        keys: dict[str, Any] = {}
        for one in columns.found:
            field = field_of(columns.what, one.key)
            assert field is not None, "columns were matched with fields"
            text = row[one.place] if one.place < len(row) else ""
            try:
                value = read_cell(columns.what, field, text)
            except Refused as refused:
                not_taken.append(_refused(line, place, one.title, text, refused))
                continue
            if value is None and field.needed:
                continue
            keys[one.key] = value
            if was_completed(field, text, value):
                not_taken.append(
                    NotTaken(
                        line=line, place=place, column=one.title, value=safe_text(text, _SHOWN),
                        why="read_as", params={"taken": value},
                    )
                )  # fmt: skip
        if keys.keys() & {"code", "id", "name", "short"}:
            entries.append(ImportEntry(columns.what, line, keys, place))
        else:
            not_taken.append(NotTaken(line=line, place=place, why="no_name"))
    return entries, not_taken


def _refused(line: int, place: str, title: str, text: str, refused: Refused) -> NotTaken:
    return NotTaken(
        line=line,
        place=place,
        column=title,
        value=safe_text(text, _SHOWN),
        why=refused.why,
        params=refused.params,
    )


def sheet_of(inventory: Inventory, what: Register) -> SheetRows:
    """A register with a cell for each of its fields, in the order of the files."""
    fields = FIELDS[what]
    rows = tuple(
        tuple(show_cell(field, value_of(entry, field)) for field in fields)
        for entry in entries_in(inventory, what).values()
    )
    return SheetRows(what, tuple(field.key for field in fields), rows)


def entries_in(inventory: Inventory, what: Register) -> Mapping[str, Entry]:
    """The entries of a register by code or id."""
    match what:
        case "opd":
            return inventory.opds
        case "applications":
            return inventory.applications
    return inventory.people


def value_of(entry: Entry, field: Field) -> Any:
    """What an entry has there, as `read_cell` would give it; None where that is as good as nothing."""
    if field.key == ADDRESS:
        return address_of(entry) or None
    value = getattr(entry, field.key)
    if field.kind == "day":
        return value.isoformat() if value else None
    if field.key == "depends_on":
        value = [one.any[0] if len(one.any) == 1 else {"any": list(one.any)} for one in value]
    if isinstance(value, tuple):
        value = list(value)
    return None if value in ("", []) else value


def address_of(entry: Entry) -> str:
    """The address of the first probe; empty where it has none that is a URL or a port."""
    probes = entry.probes if isinstance(entry, ApplicationEntry) else ()
    if not probes:
        return ""
    spec: Any = probes[0].spec
    match spec.kind:
        case "http":
            return str(spec.url)
        case "tcp":
            host = f"[{spec.host}]" if ":" in spec.host else spec.host
            return f"tcp://{host}:{spec.port}"
    return ""
