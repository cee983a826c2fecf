"""Probes of another monitor without what this office does not have: files that they name."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from opsconsole.inventory.imports.source import Imported, Loss
from opsconsole.inventory.scan import Path as KeyPath
from opsconsole.inventory.sections import type_probe

# No probe names so many files.
_MOST_LEFT_OUT = 8


def usable(imported: Imported, folder: Path) -> Imported:
    """What can be used in an office whose files of OPD stand in ``folder``; the rest is lost."""
    losses = list(imported.losses)
    found = []
    for one in imported.applications:
        probes = [made for probe in one["probes"] if (made := _usable(one["id"], probe, folder, losses))]
        if probes:
            found.append({**one, "probes": probes})
    return Imported(tuple(found), tuple(losses))


def _usable(id_: str, probe: Mapping[str, Any], folder: Path, losses: list[Loss]) -> dict[str, Any] | None:
    keys = deepcopy(dict(probe))
    for _attempt in range(_MOST_LEFT_OUT):
        typed = type_probe(keys, "", (), folder)
        if not isinstance(typed, list):
            return keys
        for mistake in typed:
            value = _take(keys, mistake.path)
            path = ".".join(str(part) for part in mistake.path)
            # The name of a file may be told; of anything else it may be a secret.
            hint = str(value) if mistake.path[0] == "tls" and value else mistake.text
            losses.append(Loss(f"{id_} -> {path}", "file", hint))
    return None


def _take(keys: dict[str, Any], path: KeyPath) -> object:
    """Take out the value of a key, and the table that is empty without it."""
    table: Any = keys
    for part in path[:-1]:
        if not isinstance(table, dict) or part not in table:
            return None
        table = table[part]
    value = table.pop(path[-1], None) if isinstance(table, dict) else None
    if len(path) > 1 and not table:
        keys.pop(str(path[0]), None)
    return value
