"""Backups of the store: by command, and by the clock. A child makes and verifies each."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Conflict, Invalid, Problem
from opsconsole.base.text import N_
from opsconsole.client.backups import Backup, BackUpStore
from opsconsole.client.shapes import Why
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.log import Logger
from opsconsole.engine.record import Recorder
from opsconsole.engine.store_child import BackupTask
from opsconsole.engine.verified import in_child
from opsconsole.inventory.model import BackupSettings
from opsconsole.store.drafts import own_event

# After a failure: soon enough to be of use, rarely enough not to fill the log.
RETRY_SECONDS = 3600.0
_BY_CLOCK, _BY_HAND = "auto", "hand"
_STAMP = "%Y%m%dT%H%M%SZ"
_FOLDER_MODE = 0o700


class Backups:
    """Makes them one after the other. ``database`` is the store, ``born`` when its office first ran."""

    def __init__(
        self,
        database: Path,
        clock: Clock,
        recorder: Recorder,
        log: Logger,
        settings: BackupSettings,
        *,
        born: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._recorder = recorder
        self._log = log
        self._settings = settings
        self._born = born
        self._turn = asyncio.Lock()
        self._failed_at: float | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def folder(self) -> Path:
        """Where backups lie for which no file is named."""
        return Path(self._settings.dir) if self._settings.dir else self._database.parent / "backups"

    def take(self, settings: BackupSettings) -> None:
        """Go by these settings from now on."""
        self._settings = settings

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the command, by name."""
        return {"backup": self._by_hand}

    def notices(self) -> tuple[Why, ...]:
        """That the last one by the clock failed, until one is made."""
        if self._failed_at is None:
            return ()
        at = utc(self._failed_at).isoformat(timespec="milliseconds")
        return (Why("backup_failed", {"folder": str(self.folder), "at": at}),)

    def look(self) -> None:
        """Look in the background whether one is due, and make it."""
        if self._settings.active and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._tend())
            self._task.add_done_callback(self._ended)

    def due(self) -> float:
        """When the next one by the clock is to be made."""
        if self._failed_at is not None:
            return self._failed_at + RETRY_SECONDS
        made = self._made()
        return (_moment(made[-1]) if made else self._born) + self._settings.every

    async def stop(self) -> None:
        """Let go of one that is being made: what is there of it is removed with its child."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _by_hand(self, request: Request) -> Outcome:
        """Make one now. The result is the `Backup`."""
        args: BackUpStore = request.args
        if args.file and not args.file.startswith("/"):
            raise Invalid(N_("{file} is no whole path."), N_("Name it from / on."), file=args.file)
        if self._turn.locked():
            raise Conflict(N_("A backup is being made."), N_("Try again when it is done."))
        file = Path(args.file) if args.file else await asyncio.to_thread(self._own_file, _BY_HAND)
        made = await self._make(file)
        return Outcome((request.event("store.backed_up", "store", _told(made)),), made)

    async def _tend(self) -> None:
        # The folder may lie on a disk that hangs.
        if self._clock.now() >= await asyncio.to_thread(self.due):
            await self._by_clock()

    async def _by_clock(self) -> None:
        now = self._clock.now()
        try:
            made = await self._make(await asyncio.to_thread(self._own_file, _BY_CLOCK))
        except Problem as problem:
            self._log.error("backup.failed", what=str(problem))
            if self._failed_at is None:
                body = {"folder": str(self.folder)}
                self._recorder.event(own_event("store.backup_failed", "store", now, body))
            self._failed_at = now
            return
        self._failed_at = None
        self._recorder.event(own_event("store.backed_up", "store", self._clock.now(), _told(made)))
        await asyncio.to_thread(self._thin_out)

    def _thin_out(self) -> None:
        """Remove the oldest of those by the clock, those made by hand never."""
        for old in self._made()[: -self._settings.keep]:
            old.unlink(missing_ok=True)

    async def _make(self, target: Path) -> Backup:
        async with self._turn:
            done = await in_child(BackupTask(database=str(self._database), target=str(target)))
        assert done.backup is not None
        self._log.info("backup.made", file=done.backup.file, seq=done.backup.state.seq)
        return done.backup

    def _own_file(self, why: str) -> Path:
        """A new file in the folder, which is made where it is missing."""
        try:
            self.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(
                N_("The folder of backups {path} can not be made: {error}."),
                N_("Make it for the engine's account, or name another one as `dir` under [backup]."),
                path=str(self.folder),
                error=error.strerror or str(error),
            ) from error
        return self.folder / f"{why}-{utc(self._clock.now()):{_STAMP}}.db"

    def _made(self) -> list[Path]:
        """Those by the clock that are there, oldest first."""
        try:
            return sorted(path for path in self.folder.glob(f"{_BY_CLOCK}-*.db") if _moment(path))
        except OSError:
            return []

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed_at = self._clock.now()
            self._log.error("backup.failed", exc_info=error)


def _moment(path: Path) -> float:
    """When a backup was begun, as its name has it; 0 for a name that is not ours."""
    try:
        return datetime.strptime(f"{path.stem.partition('-')[2]}+0000", f"{_STAMP}%z").timestamp()
    except ValueError:
        return 0.0


def _told(made: Backup) -> dict[str, object]:
    """What its event keeps of a backup: with its head the copy can be known again."""
    state = made.state
    return {"file": made.file, "bytes": state.bytes, "seq": state.seq, "hash": state.hash}
