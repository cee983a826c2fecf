"""The engine's socket as a file: 0660 in a 0750 folder, in place only once it is ready."""

import os
import socket
import stat
from pathlib import Path

from opsconsole.base.errors import Conflict, Refused
from opsconsole.base.text import N_

SOCKET_MODE = 0o660
FOLDER_MODE = 0o750
BACKLOG = 128


def bind_socket(path: Path, *, owns_lock: bool) -> socket.socket:
    """A listening socket at ``path``.

    It is bound beside its place, given its mode, and renamed: nobody ever meets it open to all or
    not yet listening. A file that is there already is replaced only by whoever holds the engine's
    lock. Raises `Conflict` when something else is there and `Refused` when the folder is not safe.
    """
    _prepare(path.parent)
    _check_free(path, owns_lock)
    beside = path.with_name(".s")  # shorter than the final name, so it fits wherever that does
    beside.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fsencode(beside))
        beside.chmod(SOCKET_MODE)
        listener.listen(BACKLOG)
        beside.rename(path)
    except BaseException:
        listener.close()
        raise
    return listener


def inode_of(path: Path) -> int:
    """The file's inode, 0 where there is none."""
    try:
        return path.lstat().st_ino
    except FileNotFoundError:
        return 0


def remove_socket(path: Path, inode: int) -> None:
    """Take the socket away, unless another has been put in its place."""
    if inode and inode_of(path) == inode:
        path.unlink(missing_ok=True)


def _prepare(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or not _is_ours(info) or not _is_ours(folder.parent.stat()):
        raise _unsafe(folder)
    if info.st_mode & stat.S_IRWXO and info.st_uid == os.geteuid():
        folder.chmod(stat.S_IMODE(info.st_mode) & ~0o027)
    elif info.st_mode & stat.S_IWOTH:
        raise _unsafe(folder)


def _is_ours(info: os.stat_result) -> bool:
    return info.st_uid in (os.geteuid(), 0)


def _check_free(path: Path, owns_lock: bool) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (owns_lock and stat.S_ISSOCK(mode)):
        raise Conflict(
            N_("{path} is there already."),
            N_("End the engine that uses it (`opsconsole engine stop`), or move the file away."),
            path=str(path),
        )


def _unsafe(place: Path) -> Refused:
    return Refused(
        N_("{path} is not a folder that only this account can change."),
        N_("Put the office below a folder of its own account."),
        path=str(place),
    )
