"""A copy of the store while it is written to, verified before it bears its name.

SQLite's own way of copying, page by page, from one moment of the store: what is committed meanwhile goes on
into the write-ahead log and is not in the copy. Copying the file itself loses what is in that log.
"""

import os
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.errors import Conflict, Problem
from opsconsole.base.text import N_, safe_text
from opsconsole.store import sqlite
from opsconsole.store.check import Checked, check_file, row_counts
from opsconsole.store.files import RESERVE_BYTES, free_bytes

# 4 MiB at a time: a slow disk is told to and fro within a second.
_PAGES = 1024
_MODE = 0o600
Progress = Callable[[int, int], None]
"""Called with the pages that are copied, and how many there are."""


class NoRoom(Problem):
    """The disk has too little space for a copy; nothing was written."""


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """One backup: where it lies, what it holds, and how long it took in seconds."""

    file: str
    checked: Checked
    seconds: float


def back_up(source: Path, target: Path, progress: Progress | None = None) -> BackedUp:
    """Copy the store at ``source`` into a new file ``target``, for its owner alone, and verify it.

    Only for a process that holds no other connection to it. Raises `Conflict` when the target is there
    already, `NoRoom`, and Problem when it can not be written or what was written is not whole.
    """
    began = time.monotonic()
    if os.path.lexists(target):
        raise Conflict(
            N_("{path} is there already, and a backup overwrites nothing."),
            N_("Name another file."),
            path=str(target),
        )
    part = target.with_name(f"{target.name}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()  # of a copy that was cut off
        counts = _copy(source, part, progress)
        checked = check_file(part)
        _require_whole(checked, counts, target)
        sync(part)
        part.rename(target)
        sync(target.parent)
    except OSError as error:
        raise _not_written(target, error.strerror or str(error)) from error
    except sqlite.dbapi.Error as error:
        raise _not_written(target, str(error)) from error
    finally:
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                leftover.unlink()
    return BackedUp(file=str(target), checked=checked, seconds=time.monotonic() - began)


def _copy(source: Path, part: Path, progress: Progress | None) -> dict[str, int]:
    """Copy one moment of the store; the rows of its tables at that moment."""
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, _MODE))
    part.chmod(_MODE)
    with (
        closing(sqlite.connect(source, writes=False)) as reading,
        closing(sqlite.dbapi.connect(str(part), isolation_level=None)) as writing,
    ):
        # One transaction for all of it. Without, each commit in between would begin the copy anew.
        reading.execute("BEGIN")
        counts = row_counts(reading)
        _require_room(reading, part)
        told = progress or (lambda _done, _all: None)
        reading.backup(writing, pages=_PAGES, progress=lambda _state, left, total: told(total - left, total))
        # One file without companions.
        writing.execute("PRAGMA journal_mode = DELETE")
    return counts


def _require_room(reading: Any, part: Path) -> None:
    [pages], [size] = (reading.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    # What the store itself may need meanwhile is not ours to take.
    wanted, free = int(pages) * int(size) + RESERVE_BYTES, free_bytes(part.parent)
    if free < wanted:
        raise NoRoom(
            N_("There is too little space for a backup in {folder}: {free} MB of {wanted} MB."),
            N_("Make room there, or name a file on another disk."),
            folder=str(part.parent),
            free=free // 1_000_000,
            wanted=-(-wanted // 1_000_000),
        )


def _require_whole(checked: Checked, counts: dict[str, int], target: Path) -> None:
    if checked.whole and checked.counts == counts:
        return
    raise Problem(
        N_("The backup {path} was not kept: what was copied is not whole ({seen})."),
        N_("`opsconsole store check` says whether the store itself is."),
        path=str(target),
        seen=", ".join((*checked.faults, *checked.missing, checked.chain.why)).strip(", ") or "row counts",
    )


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_written(target: Path, seen: str) -> Problem:
    return Problem(
        N_("The backup {path} can not be written: {seen}."),
        N_("Look at its folder, which is the engine's to write to, and at the disk."),
        path=str(target),
        seen=safe_text(seen),
    )
