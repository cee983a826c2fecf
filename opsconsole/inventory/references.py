"""``references.toml``: the law, decree, standard or letter that a rule, threshold, stage or form goes by."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from opsconsole.base.text import _
from opsconsole.inventory.fields import Id, Line, Name
from opsconsole.inventory.mistakes import Mistake, found, nearest
from opsconsole.inventory.read import Documents
from opsconsole.inventory.scan import Path
from probes.spec import Strict

FILE = "references.toml"
# Where files name a reference: in a key of this name, wherever it stands.
KEY = "source"
_NAMING = ("incidents.toml", "readiness.toml", "road.toml", "indices/")


class Reference(Strict):
    """One reference. ``kept`` is where a copy is, ``replaced_by`` the id of what holds in its place,
    ``until`` its last day where it ends by itself.

    ``confirm``: it was taken from what others say of it, and the office has yet to hold it against the text.
    """

    id: Id
    kind: Literal[
        "law", "regulation", "decree", "circular", "standard", "letter", "practice", "agreement",
        "certificate",
    ]  # fmt: skip
    number: Line = ""
    title: Name
    date: datetime.date | None = None
    until: datetime.date | None = None
    kept: Line = ""
    replaced_by: str = ""
    confirm: bool = False
    note: Line = ""


class ReferencesFile(Strict):
    """``references.toml``."""

    references: list[Reference] = []


def check_references(documents: Documents) -> Iterator[Mistake]:
    """Every id is there once, and every source that a file names is there; without a list none is asked."""
    written = documents.data.get(FILE)
    if written is None or FILE in documents.broken:
        return
    listed = [one for one in written.get("references") or [] if isinstance(one, dict)]
    ids = [str(one.get("id")) for one in listed]
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            yield Mistake(FILE, ("references", number, "id"), _("this id is in use already"))
    for number, one in enumerate(listed):
        if (other := one.get("replaced_by")) and other not in ids:
            yield _unknown(FILE, ("references", number, "replaced_by"), str(other), ids)
    for file, data in documents.data.items():
        if file.startswith(_NAMING):
            for path, source in _sources(data, ()):
                if source and source not in ids:
                    yield _unknown(file, path, source, ids)


def uses(files: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Which places of which files name each reference: ``readiness.toml evidence[3]``."""
    used: dict[str, list[str]] = {}
    for file, data in files.items():
        if file.startswith(_NAMING):
            for path, source in _sources(data, ()):
                used.setdefault(source, []).append(f"{file} {_dotted(path[:-1])}".rstrip())
    return used


def _sources(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key == KEY and isinstance(one, str):
                yield (*path, key), one
            else:
                yield from _sources(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _sources(one, (*path, number))


def _dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _unknown(file: str, path: Path, source: str, ids: list[str]) -> Mistake:
    text = _("{found}, want the id of a reference in {file}{nearest}")
    return Mistake(
        file, path, text.format(found=found(source, path), file=FILE, nearest=nearest(source, ids))
    )
