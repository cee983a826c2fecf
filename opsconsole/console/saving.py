"""Saving a table as a file of the user's: its name, where it goes, and how to fetch it from elsewhere."""

import errno
import os
import shlex
import socket
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from opsconsole.base.errors import Problem
from opsconsole.base.paths import user_place
from opsconsole.base.text import N_, _
from opsconsole.client.locate import Found
from opsconsole.console.own_files import create_file
from opsconsole.console.tables.files import ENDINGS, Format

_MOST_OF_A_MINUTE = 99
_PLAIN: Mapping[int, str] = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the quota of this account is used up"),
    errno.EACCES: N_("this account may not write there"),
    errno.EPERM: N_("this account may not write there"),
    errno.EROFS: N_("it can only be read there"),
}


def exports_folder(found: Found, environ: Mapping[str, str] = os.environ) -> Path:
    """The exports of an office that is the account's own, else the account's: a demo's would go with it."""
    return found.place.exports if found.why in ("own", "none") else user_place(environ).exports


def file_name(view: str, form: Format, local: datetime) -> str:
    """``board-20261124-0214.csv``; ``local`` is the time in the office's zone."""
    return f"{view}-{local:%Y%m%d-%H%M}.{ENDINGS[form]}"


def save(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file, for its owner alone; a second one of the same minute is numbered.

    Raises Problem when it can not be written; nothing of it stays then.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, _MOST_OF_A_MINUTE + 1):
            path = folder / (name if number == 1 else numbered(name, number))
            try:
                create_file(path, content)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise _unwritable(folder / name, error) from error
    raise Problem(
        N_("{path} exists already, and so do all of its numbers."),
        N_("Wait a minute, or take some away."),
        path=str(folder / name),
    )


def save_as(path: Path, content: bytes) -> None:
    """Write a new file of this name, for its owner alone. Raises Problem, also where it exists already."""
    try:
        create_file(path, content)
    except FileExistsError as error:
        raise Problem(
            N_("{path} exists already."), N_("Name another file; none is written over."), path=str(path)
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def numbered(name: str, number: int) -> str:
    """``board-20261124-0214-2.csv``."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{number}{dot}{ending}"


def fetch_line(path: Path, home: Path) -> str:
    """What to type elsewhere to fetch the file: ``scp ops1:exports/board.csv .``."""
    remote = str(path.relative_to(home) if path.is_relative_to(home) else path)
    return f"scp {shlex.quote(f'{socket.gethostname()}:{remote}')} ."


def _unwritable(path: Path, error: OSError) -> Problem:
    known = _PLAIN.get(error.errno or 0)
    return Problem(
        N_("Nothing was saved, {error}: {path}"),
        path=str(path),
        error=_(known) if known else error.strerror or str(error),
    )
