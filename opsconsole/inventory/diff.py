"""What differs between two sets of files, key by key, as they are written."""

import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from opsconsole.client.shapes import Difference
from opsconsole.inventory.fields import SERVICE
from opsconsole.inventory.index import tables
from opsconsole.inventory.mistakes import shown
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.scan import Path

# Where the rows of a board stand; the rest of a file is a subject of its own.
_ROWS = ("applications", "services")


class _Changed(NamedTuple):
    key: Path
    was: str
    now: str


def diff(old: Inventory, new: Inventory) -> list[Difference]:
    """Every row and file that is not the same in both, rows first, each in the order of their names.

    Comments, blanks and the order of keys make no difference.
    """
    if old.digest == new.digest:
        return []
    before, after = _subjects(old), _subjects(new)
    return [
        difference
        for subject in sorted({*before, *after}, key=lambda name: (name.endswith(".toml"), name))
        if (difference := _difference(subject, before.get(subject), after.get(subject)))
    ]


def _difference(subject: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Difference | None:
    if old is None or new is None:
        return Difference(change="added" if old is None else "removed", subject=subject)
    changed = list(_changes(old, new, ()))
    if not changed:
        return None
    return Difference(
        change="changed",
        subject=subject,
        keys=tuple(".".join(str(part) for part in one.key) for one in changed),
        was=tuple(one.was for one in changed),
        now=tuple(one.now for one in changed),
    )


def _subjects(inventory: Inventory) -> dict[str, dict[str, Any]]:
    subjects: dict[str, dict[str, Any]] = {}
    for file, content in inventory.files.items():
        data = tomllib.loads(content.decode("utf-8-sig"))
        for key in _ROWS:
            prefix = SERVICE if key == "services" else ""
            for _number, row in tables(data, key):
                # The file is the row's agency: moving it from one to another is a change of the row.
                subjects[prefix + row["id"]] = {**row, "file": file}
        subjects[file] = {key: value for key, value in data.items() if key not in _ROWS}
    return subjects


def _changes(old: Any, new: Any, path: Path) -> Iterator[_Changed]:
    old_tables, new_tables = _named(old), _named(new)
    if old_tables is not None and new_tables is not None:
        for key in [*old_tables, *(key for key in new_tables if key not in old_tables)]:
            yield from _changes(old_tables.get(key), new_tables.get(key), (*path, key))
    elif old != new:
        yield _Changed(path, *("" if one is None else shown(one, path) for one in (old, new)))


def _named(value: Any) -> dict[str, Any] | None:
    """A table, or a list of tables by the names they have; None for anything else."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return None
    names = [one.get("id") or one.get("name") or one.get("kind") for one in value]
    return dict(zip(names, value, strict=True)) if len({*names, None}) > len(names) else None
