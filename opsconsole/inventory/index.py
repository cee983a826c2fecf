"""What a set of documents defines, gathered before anything of it is trusted.

It reads raw tables, so that one mistake in a file does not hide the rest of the set.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from opsconsole.inventory.fields import ALWAYS, SERVICE
from opsconsole.inventory.read import Documents
from opsconsole.inventory.scan import Path


class Found(NamedTuple):
    """One table of a list, and where it stands."""

    file: str
    path: Path
    data: dict[str, Any]

    def text(self, key: str) -> str:
        """The text at ``key``; empty when it is missing or something else."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Index:
    """Everything with a name. ``opds`` maps a folded file name to its code as the file writes it."""

    opds: dict[str, str] = field(default_factory=dict)
    opd_files: list[Found] = field(default_factory=list)
    watched: list[Found] = field(default_factory=list)
    rows: dict[str, Found] = field(default_factory=dict)
    hours: list[Found] = field(default_factory=list)
    hour_names: set[str] = field(default_factory=lambda: {ALWAYS})
    people: list[Found] = field(default_factory=list)


def tables(data: Mapping[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The tables of the list at ``key`` with their places in it; whatever else is there is passed over."""
    rows = data.get(key)
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield number, row


def texts(value: object) -> Iterator[tuple[int, str]]:
    """The texts of a list with their places in it."""
    for number, text in enumerate(value if isinstance(value, list) else []):
        if isinstance(text, str):
            yield number, text


def stem(file: str) -> str:
    """The name of ``opd/<code>.toml`` without folder and ending, folded: codes are compared so."""
    return PurePosixPath(file).stem.casefold()


def row_id(found: Found) -> str:
    """The id of an application or service among all rows."""
    prefix = SERVICE if found.file == "services.toml" else ""
    return prefix + found.text("id")


def make_index(documents: Documents) -> Index:
    """The index of what could be read; of a broken file at least the name is known."""
    index = Index()
    for name in sorted({*documents.data, *documents.broken}):
        if name.startswith("opd/"):
            code = documents.data.get(name, {}).get("code")
            index.opds.setdefault(stem(name), code if isinstance(code, str) else stem(name).upper())
    for name, data in documents.below("opd").items():
        index.opd_files.append(Found(name, (), data))
        index.watched += _found(name, data, "applications")
    index.watched += _found("services.toml", documents.data.get("services.toml", {}), "services")
    index.hours += _found("calendar.toml", documents.data.get("calendar.toml", {}), "hours")
    for name, data in documents.below("people").items():
        index.people += _found(name, data, "people")
    for one in index.watched:
        if one.text("id"):
            index.rows.setdefault(row_id(one), one)
    index.hour_names |= {one.text("name") for one in index.hours}
    return index


def _found(name: str, data: Mapping[str, Any], key: str) -> list[Found]:
    return [Found(name, (key, number), row) for number, row in tables(data, key)]
