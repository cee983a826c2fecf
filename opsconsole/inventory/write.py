"""Files written so that a crash leaves the old one or the new one, never half of either."""

import errno
import os
import stat
from pathlib import Path

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_

# Readable by the engine's group, by nobody else: telephone numbers and addresses stand in there.
FILE_MODE = 0o640
FOLDER_MODE = 0o750


def create(path: Path, content: bytes) -> None:
    """Write a new file. Raises FileExistsError when there is one."""
    _store(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE), content, FILE_MODE)
    _keep(path.parent)


def remove(path: Path) -> None:
    """Take a file away. Raises FileNotFoundError where there is none."""
    path.unlink()
    _keep(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put new content in the place of a file: written beside it, synced, renamed.

    Mode and, where the account may give it, owner stay; a symbolic link stays one. Raises OSError.
    """
    path = path.resolve()
    before = path.stat()
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            try:
                os.fchown(handle, before.st_uid, before.st_gid)
            except PermissionError:
                pass  # another's file in a folder of ours: it becomes ours, its mode stays
        _store(handle, content, stat.S_IMODE(before.st_mode))
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _keep(path.parent)


def unwritten(file: str, error: OSError) -> Invalid:
    """What to say of a file that can not be written."""
    remedy = N_("Let the account that runs the engine write the configuration.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = N_("Free some space on the disk and try again.")
    what = N_("{file} can not be written: {error}.")
    return Invalid(what, remedy, file=file, error=error.strerror or str(error))


def _keep(folder: Path) -> None:
    """Let the disk have the names in a folder as they are now."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _store(handle: int, content: bytes, mode: int) -> None:
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
