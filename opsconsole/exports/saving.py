"""Where a file goes: its name, its folder, what lies beside it, and how to fetch it from elsewhere."""

import errno
import os
import shlex
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.new_file import create_file, new_file
from opsconsole.base.paths import user_place
from opsconsole.base.text import N_, _
from opsconsole.client.locate import Found
from opsconsole.exports.formats import HOLDS_ITS_HEAD, Format, Written, write

if TYPE_CHECKING:
    from opsconsole.exports.about import SideFile
    from opsconsole.exports.sheet import Sheet

SIDE_ENDING = ".audit.json"
_MOST_OF_A_MINUTE = 99
_PLAIN: Mapping[int, str] = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the quota of this account is used up"),
    errno.EACCES: N_("this account may not write there"),
    errno.EPERM: N_("this account may not write there"),
    errno.EROFS: N_("it can only be read there"),
    errno.ENOTDIR: N_("what should be its folder is a file"),
    errno.ENOENT: N_("there is no such folder"),
}


def exports_folder(found: Found, environ: Mapping[str, str] = os.environ) -> Path:
    """The exports of an office that is the account's own, else the account's: a demo's would go with it."""
    return found.place.exports if found.why in ("own", "none") else user_place(environ).exports


def file_name(view: str, ending: str, local: datetime) -> str:
    """``board-20261124-0214.csv``; ``local`` is the time in the office's zone."""
    return f"{view}-{local:%Y%m%d-%H%M}.{ending}"


def numbered(name: str, number: int) -> str:
    """``board-20261124-0214-2.csv``."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{number}{dot}{ending}"


def fetch_line(path: Path, home: Path) -> str:
    """What to type elsewhere to fetch the file: ``scp ops1:exports/board.csv .``."""
    remote = str(path.relative_to(home) if path.is_relative_to(home) else path)
    return f"scp {shlex.quote(f'{socket.gethostname()}:{remote}')} ."


def save(folder: Path, name: str, form: Format, sheet: "Sheet") -> Path:
    """Write a new file, for its owner alone; a second one of the same minute is numbered.

    Raises Problem when it can not be written; nothing of it stays then.
    """
    return _under_a_free_name(folder, name, lambda path: _write(path, form, sheet))


def save_as(path: Path, form: Format, sheet: "Sheet") -> None:
    """Write a new file of this name, and beside it what it can not hold itself: `about.SideFile`.

    Raises Problem, also where one of the two exists already; nothing of either stays then.
    """
    with saying_why(path):
        _write(path, form, sheet)


def save_text(folder: Path, name: str, content: bytes) -> Path:
    """Write what people read as it is drawn, with nothing beside it. Raises Problem as `save` does."""
    return _under_a_free_name(folder, name, lambda path: create_file(path, content))


def save_text_as(path: Path, content: bytes) -> None:
    """The same under this very name."""
    with saying_why(path):
        create_file(path, content)


def side_note(sheet: "Sheet", form: Format, done: Written, file: str) -> "SideFile":
    """What lies beside the file ``file``, empty for standard output."""
    from opsconsole.exports.about import side_file

    return side_file(sheet, form, done.tally, file=file, size=done.size, sha256=done.sha256)


def beside(path: Path) -> Path:
    """``incidents-20261124-0214.csv.audit.json``."""
    return path.with_name(path.name + SIDE_ENDING)


def _under_a_free_name(folder: Path, name: str, put: Callable[[Path], None]) -> Path:
    """``put`` raises FileExistsError before it takes any row."""
    with saying_why(folder / name):
        make_folder(folder)
        for number in range(1, _MOST_OF_A_MINUTE + 1):
            path = folder / (name if number == 1 else numbered(name, number))
            with suppress(FileExistsError):
                put(path)
                return path
    raise Problem(
        N_("{path} exists already, and so do all of its numbers."),
        N_("Wait a minute, or take some away."),
        path=str(folder / name),
    )


def make_folder(folder: Path) -> None:
    """The folder, for its owner alone, with all above it. Raises OSError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


def _write(path: Path, form: Format, sheet: "Sheet") -> None:
    """Raises FileExistsError before it takes any row; where the name is taken after that, a Problem."""
    done, is_there = None, False
    try:
        with ExitStack() as around:
            side = None if form in HOLDS_ITS_HEAD else around.enter_context(new_file(beside(path)))
            with new_file(path) as file:
                done = write(form, sheet, file)
            is_there = True
            if side is not None:
                note = side_note(sheet, form, done, path.name)
                side.write(msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n")
    except BaseException as error:
        if is_there:  # and what lies beside it is not
            path.unlink(missing_ok=True)
        if done is not None and isinstance(error, FileExistsError):
            raise _taken(error, path) from error
        raise


@contextmanager
def saying_why(path: Path) -> Iterator[None]:
    """Say what kept the file at ``path`` from being written, as a Problem."""
    try:
        yield
    except FileExistsError as error:
        raise _taken(error, path) from error
    except OSError as error:
        known = _PLAIN.get(error.errno or 0)
        raise Problem(
            N_("Nothing was saved, {error}: {path}"),
            path=str(path),
            error=_(known) if known else error.strerror or str(error),
        ) from error


def _taken(error: FileExistsError, path: Path) -> Problem:
    taken = path if error.filename is None else error.filename
    return Problem(
        N_("{path} exists already."), N_("Name another file; none is written over."), path=str(taken)
    )
