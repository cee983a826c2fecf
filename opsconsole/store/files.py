"""The store's files on disk: made by us, refused where SQLite would not be safe, set aside when damaged.

Nothing here may open a database that a connection of this process holds: closing any descriptor of a
file drops the process's POSIX locks on it, and with them acknowledged writes.
"""

import os
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_

# What is kept free for commands on a full disk: over 10,000 events.
RESERVE_BYTES = 16 * 1024 * 1024
# Less than this free and the shared-memory file and a write-ahead log may not fit.
_FULL_BELOW = 1024 * 1024
# Their locks, or their shared memory, are not those of one machine (sqlite.org/faq.html#q5).
_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "fuse"),
        *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2"),
    )
)


def prepare(path: Path, mounts: str | None = None) -> None:
    """Make folder and file where they are missing; refuse a file that is not safe to open.

    ``mounts`` is the text of ``/proc/self/mountinfo``. Raises Problem.
    """
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    kind = file_system(path.parent.resolve(), _mountinfo() if mounts is None else mounts)
    if kind.partition(".")[0] in _NETWORK:
        raise Problem(
            N_("The store {path} would lie on a network file system ({kind}), where it is not safe."),
            N_("Choose a folder on a disk of this machine."),
            path=str(path),
            kind=kind,
        )
    try:
        found = path.lstat()
    except FileNotFoundError:
        _create(path)
        return
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise Problem(
            N_("The store {path} is a link or no regular file, so it could be written under two names."),
            N_("Put the file itself there, or remove what is there for a new store."),
            path=str(path),
        )


def _create(path: Path) -> None:
    # SQLite would make it 0644; its companions (-wal, -shm) copy the mode that they find.
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o640)
    try:
        os.fchmod(descriptor, 0o640)
    finally:
        os.close(descriptor)


def _mountinfo() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return ""


def file_system(folder: Path, mounts: str) -> str:
    """The type of the file system a folder lies on (``ext4``, ``nfs4``, ``fuse.sshfs``), empty if unknown."""
    best, kind = -1, ""
    for point, found in _mounts(mounts.splitlines()):
        # Of several mounts on one point the last one counts.
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), found
    return kind


def _mounts(lines: Iterable[str]) -> Iterable[tuple[Path, str]]:
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) > 4 and after:
            point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
            yield Path(point), after.split(" ")[0]


def free_bytes(folder: Path) -> int:
    """How much may still be written to the disk of a folder."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def reserve_of(path: Path) -> Path:
    """The file that keeps space free for the store at ``path``."""
    return path.with_name("reserve")


def is_full(path: Path) -> bool:
    """Whether too little space is left to open a store at ``path``."""
    return free_bytes(path.parent) < _FULL_BELOW


def free_reserve(path: Path) -> bool:
    """Give the reserved space back, for what must still be written. False: there was none."""
    try:
        reserve_of(path).unlink()
    except OSError:  # also a file system that became read-only
        return False
    return True


def keep_reserve(path: Path, size: int = RESERVE_BYTES) -> bool:
    """Reserve ``size`` bytes if they leave as much free again. False: there is not enough, or no way to."""
    reserve = reserve_of(path)
    try:
        if reserve.exists():
            return True
        if free_bytes(path.parent) < 2 * size:
            return False
        # Beside it and renamed, so that a reserve is whole or not there.
        partial = path.with_name("reserve.part")
        _allocate(partial, size)
        partial.replace(reserve)
    except OSError:  # a quota, no file left, a file system that became read-only
        return False
    return True


def _allocate(path: Path, size: int) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_WRONLY, 0o640)
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def aside(path: Path) -> list[Path]:
    """The damaged stores that were set aside beside ``path`` and are still there, oldest first."""
    found = path.parent.glob(f"{path.name}.corrupt-*")
    return sorted(one for one in found if not one.name.endswith(("-wal", "-shm")))


def set_aside(path: Path, why: str = "corrupt") -> Path:
    """Rename a damaged or replaced store, its companions with it, so that nothing is ever written over it.

    The new name, which is returned, tells why and when the store last changed. No connection may be open.
    """
    stamp = f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y%m%dT%H%M%SZ}"
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    for suffix in ("-wal", "-shm", ""):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + suffix))
    return aside
