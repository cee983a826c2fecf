"""The demo's own home: a folder that is its alone, marked and locked, and taken away at the end."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from opsconsole.base.errors import Conflict, Problem
from opsconsole.base.paths import Place, home_place
from opsconsole.base.text import N_

MARK = "demo.lock"
"""A file that only a demo's home has; its demo holds it with ``flock`` for as long as it runs."""

_MADE_BY_A_DEMO = ("config", "certs", "secrets", "store", "run", "log")


class DemoHome:
    """A claimed home. Use it as a context: leaving it removes what was temporary."""

    def __init__(self, folder: Path, *, temporary: bool) -> None:
        self.place: Place = home_place(folder)
        self.folder = self.place.config.parent
        self.certificates = self.folder / "certs"
        self._temporary = temporary
        self._mark = _claim(self.folder)
        for name in _MADE_BY_A_DEMO:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def __enter__(self) -> "DemoHome":
        return self

    def __exit__(self, *_: object) -> None:
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._mark)
        if not self.place.socket.is_relative_to(self.folder):
            # The alias of a socket path that was too long: a folder in the runtime directory.
            shutil.rmtree(self.place.socket.parent, ignore_errors=True)


def open_home(given: Path | None) -> DemoHome:
    """A fresh temporary home, or ``given``: a new folder, an empty one, or what an earlier demo left.

    Raises Problem for a folder that holds anything else, an office above all, and Conflict when
    another demo is running in it.
    """
    if given is None:
        return DemoHome(_temporary_folder(), temporary=True)
    folder = given.expanduser().absolute()
    if not _marked(folder):
        _check_empty(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return DemoHome(folder, temporary=False)


def _marked(folder: Path) -> bool:
    mark = folder / MARK
    return mark.is_file() and not mark.is_symlink()


def _check_empty(folder: Path) -> None:
    if home_place(folder).settings.exists():
        raise Problem(
            N_("{home} holds an office; the demo does not touch it."),
            N_("Choose an empty folder for the demo, or leave --home (OPSCONSOLE_HOME) out."),
            home=str(folder),
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(
            N_("{home} is not an empty folder."),
            N_("Choose an empty folder for the demo, or leave --home (OPSCONSOLE_HOME) out."),
            home=str(folder),
        )


def _temporary_folder() -> Path:
    """A folder of a name so short that the engine's socket can lie in it."""
    usual = Path(tempfile.gettempdir())
    trial = home_place(usual / "opsconsole-demo-12345678")
    parent = usual if trial.socket.is_relative_to(usual) else Path("/tmp")  # noqa: S108 - mkdtemp below
    return Path(tempfile.mkdtemp(prefix="opsconsole-demo-", dir=parent))


def _claim(folder: Path) -> int:
    mark = os.open(folder / MARK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    engine_lock = home_place(folder).lock
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _check_unlocked(engine_lock)
    except BlockingIOError as error:
        os.close(mark)
        raise Conflict(
            N_("A demo is running in {home}."),
            N_("End it first, or choose another folder."),
            home=str(folder),
        ) from error
    return mark


def _check_unlocked(engine_lock: Path) -> None:
    """Raise BlockingIOError while an engine of an earlier demo still holds its lock."""
    if not engine_lock.exists():
        return
    with engine_lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
