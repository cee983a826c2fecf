"""Messages from the outbox to their channels: leased, sent, marked. At least once, and nobody waits for it.

It runs in a thread and loop of its own. What is on its way when the engine dies is sent again by the next
one, under the same key.
"""

import asyncio
import contextlib
import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from opsconsole.base.clock import Clock
from opsconsole.base.errors import Problem
from opsconsole.notify import leases, queries
from opsconsole.notify.delivery import PAUSE_SECONDS, Commit, Courier, Log, Plan
from opsconsole.notify.heartbeat import SignOfLife
from opsconsole.notify.leases import Parcel
from opsconsole.notify.queries import Backlog
from opsconsole.notify.sending import Surroundings

# Of one channel at once: one that hangs holds up itself alone.
_AT_ONCE = 4
# The outbox is looked at this often for no reason: a clock that was set, a wake that was missed.
_LOOK_SECONDS = 30.0
_START_SECONDS = 5.0

Read = Callable[[], AbstractContextManager[Connection]]


class Sender:
    """Sends what the outbox holds. Its methods may be called from any thread.

    ``commit`` and ``read`` reach the store, ``moved()`` is called in the sender's thread whenever a message
    was marked. ``backlog`` is how much there is, as of the last look.
    """

    def __init__(
        self,
        plan: Plan,
        around: Surroundings,
        clock: Clock,
        log: Log,
        *,
        commit: Commit,
        read: Read,
        run: int,
        moved: Callable[[], None],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.backlog = Backlog()
        self.life = SignOfLife(plan.notify.heartbeat, around, clock, log)
        self._plan = plan
        self._commit = commit
        self._read = read
        self._clock = clock
        self._log = log
        self._run = run
        self._moved = moved
        self._courier = Courier(around, clock, log, commit=commit, jitter=jitter)
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._loop = asyncio.new_event_loop()
        self._woken = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def take(self, plan: Plan) -> None:
        """Send by this from now on."""
        self._plan = plan
        self.life.take(plan.notify.heartbeat)
        self.wake()

    def wake(self) -> None:
        """Look at the outbox soon."""
        self._call(self._woken.set)

    def stop(self, seconds: float) -> None:
        """End; what is on its way has ``seconds`` to arrive, and comes again with the next engine if not."""
        if self._thread.ident is None:
            self._loop.close()
            return
        self._call(lambda: self._end(seconds))
        self._thread.join(2 * seconds)

    def _call(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(act)

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._turning = self._loop.create_task(self._turn_and_turn())
            beating = self._loop.create_task(self.life.run())
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._turning)
            for task in (beating, *self._under_way.values()):
                task.cancel()
            self._loop.run_until_complete(
                asyncio.gather(beating, *self._under_way.values(), return_exceptions=True)
            )
        finally:
            self._loop.close()

    def _end(self, seconds: float) -> None:
        tasks = list(self._under_way.values())

        async def wait() -> None:
            if tasks:
                await asyncio.wait(tasks, timeout=seconds)
            self._turning.cancel()

        self._ending = self._loop.create_task(wait())

    async def _turn_and_turn(self) -> None:
        self._woken.set()
        while True:
            try:
                wait = await self._turn()
            except Problem:
                wait = PAUSE_SECONDS
            except Exception:
                self._log.exception("notify.turn")
                wait = PAUSE_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(wait, _LOOK_SECONDS))):
                    await self._woken.wait()

    async def _turn(self) -> float:
        """Lease what is due and set it on its way; the seconds until there may be more."""
        if self._woken.is_set():
            self._woken.clear()
            # Whoever woke us may not have committed yet; what they wrote comes before this.
            await asyncio.wrap_future(self._commit(None))
        with self._read() as conn:
            at = leases.soonest(conn, self._run)
            self.backlog = queries.backlog(conn)
        now = self._clock.now()
        if at is None or at > now:
            return _LOOK_SECONDS if at is None else at - now
        digest, busy = self._plan.notify.digest, frozenset(self._under_way)

        def take(conn: Connection) -> tuple[list[Parcel], float | None]:
            return leases.lease(conn, now, self._run, busy, digest=digest, most=_AT_ONCE)

        parcels, later = await asyncio.wrap_future(self._commit(take))
        for parcel in parcels:
            self._set_out(parcel)
        # The next of the same recipient leaves once this one has arrived, which wakes us.
        return _LOOK_SECONDS if later is None else later - now

    def _set_out(self, parcel: Parcel) -> None:
        key = parcel.channel, parcel.recipient
        task = self._loop.create_task(self._courier.deliver(parcel, self._plan))
        self._under_way[key] = task

        def arrived(_task: "asyncio.Task[None]") -> None:
            del self._under_way[key]
            self._woken.set()
            self._moved()

        task.add_done_callback(arrived)
