"""The console's own sign of life: an address is called each minute, so that somebody misses the call."""

import asyncio

from opsconsole.base.clock import Clock
from opsconsole.inventory.notify import Heartbeat
from opsconsole.notify.delivery import Log
from opsconsole.notify.sending import Surroundings
from opsconsole.notify.webhook import send_heartbeat

BEAT_SECONDS = 60.0
# An engine that has not shown itself for so long is none that lives.
_ALIVE_SECONDS = 15.0
# One that is lost is the network's affair; so many are told on the board.
_MOST_LOST = 3


class SignOfLife:
    """Gives the sign while the engine lives. ``run`` is for the sender's loop, the rest for any thread.

    ``failing_since`` is when the first of several signs in a row was lost, None while they are taken.
    """

    def __init__(
        self,
        heartbeat: Heartbeat | None,
        around: Surroundings,
        clock: Clock,
        log: Log,
    ) -> None:
        self.failing_since: float | None = None
        self._heartbeat = heartbeat
        self._around = around
        self._clock = clock
        self._log = log
        self._alive = clock.monotonic()
        self._lost = 0
        self._first_lost = 0.0

    def alive(self) -> None:
        """The engine's own loop turns."""
        self._alive = self._clock.monotonic()

    def take(self, heartbeat: Heartbeat | None) -> None:
        """Call this from now on."""
        if heartbeat != self._heartbeat:
            self._lost, self.failing_since = 0, None
        self._heartbeat = heartbeat

    async def run(self) -> None:
        """Call, and call again each minute."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT_SECONDS
            try:
                await self.beat()
            except Exception:
                self._log.exception("heartbeat")
            # Whoever is slow to take one gets the next no later.
            await asyncio.sleep(due - loop.time())

    async def beat(self) -> None:
        """Call once, where there is somebody to call and something to tell."""
        heartbeat = self._heartbeat
        if heartbeat is None or self._clock.monotonic() - self._alive > _ALIVE_SECONDS:
            return
        at = self._clock.now()
        failure = await send_heartbeat(heartbeat, self._around)
        if failure is None:
            self._lost, self.failing_since = 0, None
            return
        self._log.warning("heartbeat.failed", why=failure.code, params=failure.params)
        self._first_lost = at if not self._lost else self._first_lost
        self._lost += 1
        if self._lost >= _MOST_LOST:
            self.failing_since = self._first_lost
