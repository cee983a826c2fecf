"""One engine per store: ``flock`` on a file of its own, which says who holds it.

The kernel frees the lock when its holder ends, however it ends, so what a dead engine left in the
file means nothing. The descriptor is never inherited: a child that outlived the engine would keep the
office locked. A stopped or hung engine still holds it; `replace` ends such a one.
"""

import fcntl
import os
import select
import signal
import stat
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from opsconsole.base.errors import Conflict
from opsconsole.base.text import N_

TERM_SECONDS = 5.0
KILL_SECONDS = 5.0
_POLL_SECONDS = 0.02
_MODE = 0o640


class Holder(msgspec.Struct, frozen=True):
    """What the holder wrote into the file. ``run`` is 0 until the store is open."""

    pid: int
    run: int = 0
    since: float = 0.0


class LockHeld(Conflict):
    """Another engine holds the lock; ``holder`` is None when it has not written who it is yet."""

    code = "lock_held"
    exit_code = 6

    def __init__(self, path: Path, holder: Holder | None) -> None:
        super().__init__(
            N_("An engine already runs for this office: process {pid}, run {run}."),
            N_("Use it, or end it with `opsconsole engine stop`; one that hangs with `engine --replace`."),
            pid=holder.pid if holder else "?",
            run=holder.run if holder and holder.run else "?",
        )
        self.path = path
        self.holder = holder


class Lock:
    """The lock, held until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int, since: float) -> None:
        self.path = path
        self._descriptor = descriptor
        self._since = since

    @classmethod
    def take(cls, path: Path, now: float) -> "Lock":
        """Take the lock at once or raise `LockHeld`. ``now`` is wall time, seconds."""
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, _MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(descriptor)
            os.close(descriptor)
            raise LockHeld(path, holder) from None
        lock = cls(path, descriptor, now)
        lock.tell(0)
        return lock

    def tell(self, run: int) -> None:
        """Write who holds it, for those who find it taken. A full disk leaves it unsaid."""
        text = msgspec.json.encode(Holder(os.getpid(), run, self._since)) + b"\n"
        with suppress(OSError):
            os.pwrite(self._descriptor, text, 0)
            os.ftruncate(self._descriptor, len(text))

    def release(self) -> None:
        """Free the lock. The file stays: removing it would let two engines lock two files."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def replace(
    path: Path, now: float, *, term_seconds: float = TERM_SECONDS, kill_seconds: float = KILL_SECONDS
) -> Lock:
    """Take the lock, ending its holder first: SIGTERM, and SIGKILL after ``term_seconds``.

    Only a process of our own uid that really has the lock file open is ended; otherwise, or when the
    lock is not free ``kill_seconds`` after that, `LockHeld` is raised.
    """
    try:
        return Lock.take(path, now)
    except LockHeld as held:
        holder = held.holder
        if holder is None:
            raise
        with suppress(ProcessLookupError):
            _end(path, holder, held, term_seconds)
    return _wait_for(path, now, kill_seconds)


def _end(path: Path, holder: Holder, held: LockHeld, term_seconds: float) -> None:
    # A pidfd keeps naming the process that was verified, whatever happens to its number.
    process = os.pidfd_open(holder.pid)
    try:
        if not _is_ours(holder.pid) or not _has_open(holder.pid, path):
            raise held
        signal.pidfd_send_signal(process, signal.SIGTERM)
        if not _ended(process, term_seconds):
            signal.pidfd_send_signal(process, signal.SIGKILL)
    finally:
        os.close(process)


def _is_ours(pid: int) -> bool:
    # Not the owner of the folder: that is root for a process that changed its uid.
    status = Path(f"/proc/{pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    return set(uids) == {str(os.getuid())}


def _has_open(pid: int, path: Path) -> bool:
    wanted = path.stat()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found = entry.stat()
            if stat.S_ISREG(found.st_mode) and os.path.samestat(found, wanted):
                return True
    return False


def _ended(process: int, seconds: float) -> bool:
    readable, _, _ = select.select([process], [], [], seconds)
    return bool(readable)


def _wait_for(path: Path, now: float, seconds: float) -> Lock:
    until = time.monotonic() + seconds
    while True:
        try:
            return Lock.take(path, now)
        except LockHeld:
            if time.monotonic() >= until:
                raise
            time.sleep(_POLL_SECONDS)


def _read(descriptor: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Holder)
    except msgspec.DecodeError:
        return None
