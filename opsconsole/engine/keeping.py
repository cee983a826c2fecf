"""What keeps the store provable and replaceable: its verification, its anchors, its backups."""

import asyncio
from collections.abc import Callable, Mapping

from opsconsole.base.clock import Clock
from opsconsole.client.backups import StoreState
from opsconsole.client.shapes import Why
from opsconsole.client.verified import Verified
from opsconsole.engine.anchors import Anchors, journal
from opsconsole.engine.asked import Asked
from opsconsole.engine.backups import Backups
from opsconsole.engine.commands import Handler
from opsconsole.engine.log import Logger
from opsconsole.engine.office import Office
from opsconsole.engine.outset import Outset
from opsconsole.engine.record import Recorder
from opsconsole.engine.verified import Verifications
from opsconsole.store import runs
from opsconsole.store.database import Store

# How often it is looked whether a shift has begun or a backup is due.
LOOK_SECONDS = 20.0


class Keeping:
    """All three, for one engine. ``office()`` is the one in force."""

    def __init__(
        self,
        outset: Outset,
        store: Store,
        clock: Clock,
        recorder: Recorder,
        log: Logger,
        *,
        office: Callable[[], Office],
    ) -> None:
        self._log = log
        self._verifications = Verifications()
        self._anchors = Anchors(
            store,
            clock,
            recorder,
            log,
            shifts=lambda: office().inventory.calendar.shifts,
            journal=journal(),
        )
        with store.reader() as conn:
            born = runs.first_start(conn)
        self._backups = Backups(
            store.path, clock, recorder, log, outset.office.inventory.settings.backup, born=born
        )
        self._anchoring: asyncio.Task[None] | None = None

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out its commands, by name."""
        return self._backups.handlers()

    def notices(self) -> tuple[Why, ...]:
        """What whoever looks has to know of it."""
        return self._backups.notices()

    def take(self, office: Office) -> None:
        """Go by this office's settings from now on."""
        self._backups.take(office.inventory.settings.backup)

    async def verify(self, asked: Asked) -> Verified:
        """The query ``verify``."""
        return await self._verifications.verify(asked)

    async def check(self, asked: Asked) -> StoreState:
        """The query ``store-check``."""
        return await self._verifications.check(asked)

    async def start(self) -> None:
        """Write where the chain stood when this run began."""
        self._anchors.is_due()
        await asyncio.to_thread(self._anchor, "start")

    def look(self) -> None:
        """Do what is due."""
        self._backups.look()
        if self._anchors.is_due():
            self._anchoring = asyncio.get_running_loop().create_task(asyncio.to_thread(self._anchor, "shift"))

    async def stop(self) -> None:
        """Let go of what is under way."""
        await self._backups.stop()

    def last_anchor(self) -> None:
        """Write where the chain stands when this run has written all that it had to."""
        self._anchor("end")

    def _anchor(self, why: str) -> None:
        try:
            self._anchors.anchor(why)
        except Exception:
            # A store that can not be read at this moment is no reason not to run.
            self._log.exception("audit.anchor")
