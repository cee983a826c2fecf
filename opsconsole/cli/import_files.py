"""The files that are imported: what each is, and its rows and monitors as entries."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import MOST_BYTES, read_sheet
from opsconsole.base.text import N_, safe_text
from opsconsole.client.importing import ImportEntry, NotTaken, Register
from opsconsole.exports.cells import as_text
from opsconsole.inventory.imports.blackbox import from_blackbox, prometheus_targets
from opsconsole.inventory.imports.gatus import from_gatus
from opsconsole.inventory.imports.kuma import from_kuma
from opsconsole.inventory.imports.source import Imported, Loss, Names
from opsconsole.inventory.imports.usable import usable
from opsconsole.inventory.sheets.columns import Columns, guess
from opsconsole.inventory.sheets.rows import entries_of

Source = Literal["csv", "xlsx", "uptime-kuma", "gatus", "blackbox"]
SHEETS: tuple[Source, ...] = ("csv", "xlsx")
_ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}
_MOST_FILES = 100
_TOP_KEY = re.compile(r"^(endpoints|modules)\s*:", re.MULTILINE)
# Words in the name of a file that say what it is a list of.
_NAMED: Mapping[str, Register] = {
    "opd": "opd", "skpd": "opd", "applications": "applications", "aplikasi": "applications",
    "people": "people", "petugas": "people", "kontak": "people", "personil": "people",
}  # fmt: skip


@dataclass(slots=True)
class Read:
    """What the files come to. ``columns`` are those of each sheet by its name."""

    source: Source
    entries: list[ImportEntry] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    columns: dict[str, Columns] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()


def read_files(path: Path, source: Source | None, what: Register | None, given: Mapping[str, str]) -> Read:
    """The sheets of a file or of every one in a folder. Raises Invalid for what can not be read or meant."""
    done = Read(source or "csv")
    for file in _sheets_of(path):
        rows = [[_plain(cell) for cell in row] for row in read_sheet(file)]
        columns = guess(rows, what or _named(file), given)
        name = safe_text(file.name, 80)
        entries, not_taken = entries_of(rows, columns, name)
        done.columns[name] = columns
        done.entries += entries
        done.not_taken += not_taken
    return done


def read_monitors(
    path: Path, source: Source, taken: Sequence[str], targets: Path | None, folder: Path
) -> Read:
    """The configuration of another monitor; ``taken`` are ids in use, ``folder`` has the files of OPD."""
    text = _text(path)
    names = Names(taken)
    found = {} if targets is None else _converted(targets, prometheus_targets)
    convert: Mapping[Source, Callable[[str], Imported]] = {
        "uptime-kuma": lambda text: from_kuma(text, names),
        "gatus": lambda text: from_gatus(text, names),
        "blackbox": lambda text: from_blackbox(text, names, found),
    }
    try:
        imported = usable(convert[source](text), folder)
    except ValueError as error:
        raise _not_that(path, source, error) from error
    name = safe_text(path.name, 80)
    entries = [
        ImportEntry("applications", number, one, name) for number, one in enumerate(imported.applications, 1)
    ]
    return Read(source, entries, losses=imported.losses)


def source_of(path: Path) -> Source:
    """What a file is, by its content. Raises Invalid for one that can not be read."""
    if path.is_dir():
        return "csv"
    start = _start(path)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    text = start.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return "uptime-kuma"
    top = _TOP_KEY.search(_text(path)) if path.suffix.lower() in (".yml", ".yaml") else _TOP_KEY.search(text)
    if top is not None:
        return "gatus" if top[1] == "endpoints" else "blackbox"
    return "csv"


def _named(file: Path) -> Register | None:
    words = re.split(r"[^a-z]+", file.stem.casefold())
    found = {_NAMED[word] for word in words if word in _NAMED}
    return found.pop() if len(found) == 1 else None


def _sheets_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS and one.name[0] != ".")
    if not files:
        raise Invalid(N_("There is no CSV or XLSX in {path}."), N_("Name a file."), path=safe_text(str(path)))
    if len(files) > _MOST_FILES:
        raise Invalid(
            N_("There are more than {n} files in {path}."), n=_MOST_FILES, path=safe_text(str(path))
        )
    return files


def _plain(cell: str) -> str:
    """A cell without the sign that an export puts before what a spreadsheet would take for something else."""
    rest = cell[1:]
    return rest if cell.startswith("'") and as_text(rest, typed=True) == cell else cell


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64 * 1024)
    except OSError as error:
        raise _unread(path, error) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unread(path, error) from error
    if len(content) > MOST_BYTES:
        raise Invalid(N_("{path} is larger than {mib} MiB."), path=safe_text(str(path)), mib=MOST_BYTES >> 20)
    return content.decode("utf-8-sig", "replace")


def _converted(path: Path, convert: Callable[[str], dict[str, list[str]]]) -> dict[str, list[str]]:
    try:
        return convert(_text(path))
    except ValueError as error:
        raise _not_that(path, "prometheus", error) from error


def _unread(path: Path, error: OSError) -> Invalid:
    return Invalid(
        N_("{path} can not be read: {error}."),
        path=safe_text(str(path)),
        error=error.strerror or str(error),
    )


def _not_that(path: Path, source: str, error: ValueError) -> Invalid:
    return Invalid(
        N_("{path} is no configuration of {source}: {error}."),
        N_("Say what it is with --from."),
        path=safe_text(str(path)),
        source=source,
        error=safe_text(str(error), 120),
    )
