"""Files from the disk, and documents from the files."""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsconsole.base.errors import Invalid
from opsconsole.base.paths import PERSONAL
from opsconsole.base.text import N_, _
from opsconsole.base.toml import syntax_error
from opsconsole.inventory.mistakes import Mistake, nearest_name

# A file for people to edit; the largest of a real city has a few dozen KiB.
FILE_LIMIT = 1024 * 1024
# Arrays and tables within each other: far more than any key needs, far less than the interpreter bears.
DEPTH_LIMIT = 20
SINGLE = (
    *("settings.toml", "calendar.toml", "services.toml", "incidents.toml", "readiness.toml"),
    *("road.toml", "notify.toml", "references.toml"),
)
FOLDERS = ("opd", "people", "indices")
_KEY = re.compile(r"[\s{,]*([A-Za-z0-9_.-]+)\s*=")


@dataclass(slots=True)
class Documents:
    """What was read: the documents that are TOML, all texts, and the files that could not be read."""

    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def below(self, folder: str) -> dict[str, dict[str, Any]]:
        """The documents of one folder, by their relative path."""
        return {name: data for name, data in self.data.items() if name.startswith(folder + "/")}

    def any_broken(self, *starts: str) -> bool:
        """Whether a file whose path begins so could not be read: what it defines is not known."""
        return any(name.startswith(starts) for name in self.broken)


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Mistake]]:
    """Every TOML file of a configuration folder by its relative path, and what is wrong with the rest.

    Files whose name begins with a dot, and a person's own console settings, are passed over.
    Raises Invalid when there is no office there.
    """
    files: dict[str, bytes] = {}
    mistakes: list[Mistake] = []
    try:
        for name in _toml_names(folder):
            if text := _out_of_place(name):
                mistakes.append(Mistake(name, (), text, line=1))
                continue
            content = _read(folder / name)
            if isinstance(content, str):
                mistakes.append(Mistake(name, (), content, line=1))
            else:
                files[name] = content
    except OSError as error:
        raise _unreadable(folder, error) from error
    return files, mistakes


def _toml_names(folder: Path) -> list[str]:
    """The relative paths of the TOML files at the top and one folder down, in order."""
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == PERSONAL:
                continue
            if entry.is_dir():
                with os.scandir(entry) as inner:
                    names += [f"{entry.name}/{one.name}" for one in inner if one.name[0] != "."]
            else:
                names.append(entry.name)
    if SINGLE[0] not in names:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), SINGLE[0])
    return sorted(name for name in names if name.endswith(".toml"))


def _unreadable(folder: Path, error: OSError) -> Invalid:
    make_one = N_('Make an office with "opsconsole config init", or say where yours is with --home.')
    match error:
        case FileNotFoundError() if folder.is_dir():
            return Invalid(N_("There is no settings.toml in {folder}."), make_one, folder=str(folder))
        case FileNotFoundError():
            return Invalid(N_("There is no folder {folder}."), make_one, folder=str(folder))
        case NotADirectoryError():
            return Invalid(N_("{folder} is not a folder."), make_one, folder=str(folder))
    return Invalid(
        N_("The configuration in {folder} can not be read: {error}."),
        N_("Let the account that runs opsconsole read it, or say where yours is with --home."),
        folder=str(folder),
        error=error.strerror,
    )


def _out_of_place(name: str) -> str:
    folder, _slash, file = name.rpartition("/")
    if folder in FOLDERS or name in SINGLE:
        return ""
    allowed = [*SINGLE, *(f"{one}/<code>.toml" for one in FOLDERS)]
    text = _("no such file is known; want one of {allowed}").format(allowed=", ".join(allowed))
    singles = [one.removesuffix(".toml") for one in SINGLE]
    near = nearest_name(folder, FOLDERS) if folder else nearest_name(file.removesuffix(".toml"), singles)
    return text + (
        _("; nearest: {near}").format(near=f"{near}/{file}" if folder else f"{near}.toml") if near else ""
    )


def _read(path: Path) -> bytes | str:
    """The content, or what is wrong with the file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return _("can not be read: {error}").format(error=error.strerror)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return _("is not a regular file")
        return file.read(FILE_LIMIT + 1)


def parse_documents(files: Mapping[str, bytes]) -> Documents:
    """Each file as a document; the first mistake of each that is none."""
    documents = Documents()
    for name in sorted(files):
        mistake = _parse(name, files[name], documents)
        if mistake is not None:
            documents.mistakes.append(mistake)
            documents.broken.add(name)
    return documents


def _parse(name: str, content: bytes, documents: Documents) -> Mistake | None:
    if len(content) > FILE_LIMIT:
        return Mistake(
            name, (), _("larger than 1 MiB; split it or take out what is no configuration"), line=1
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Mistake(name, (), _("not UTF-8; save the file in that encoding"), line=line)
    documents.texts[name] = text
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax(name, text, str(error))
    except RecursionError:
        return Mistake(name, (), _("arrays or tables nested too deeply"), line=1)
    if (deep := _too_deep(data)) is not None:
        return Mistake(name, (deep,), _("arrays or tables nested more than {n} deep").format(n=DEPTH_LIMIT))
    documents.data[name] = data
    return None


def _syntax(name: str, text: str, said: str) -> Mistake:
    line, told = syntax_error(text, said)
    key = _KEY.match(text.split("\n")[line - 1])
    return Mistake(name, (), told, key=key[1] if key else "syntax", line=line)


def _too_deep(data: dict[str, Any]) -> str | None:
    """The top-level key below which a document is too deep, found without recursion."""
    for key, value in data.items():
        level: list[Any] = [value]
        for _depth in range(DEPTH_LIMIT):
            level = [
                inner
                for outer in level
                if isinstance(outer, dict | list)
                for inner in (outer.values() if isinstance(outer, dict) else outer)
            ]
        if level:
            return key
    return None
