"""The feed: a thread that reads what the engine says, whether or not the screen can draw it.

It has a loop of its own, so that a terminal that stops reading never keeps the engine's stream from being
drained. It asks nothing on a timer: it reads the board once, then follows the changes.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import N_
from opsconsole.console.feed.inbox import Batch, Inbox, Link

if TYPE_CHECKING:
    from opsconsole.client.calls import AsyncClient

T = TypeVar("T")

# The engine's own row comes every two seconds.
SILENT_AFTER_S = 5.0
LOST_AFTER_S = 20.0
_FIRST_DELAY_S, _MOST_DELAY_S = 0.25, 10.0


class Feed:
    """Follows the engine of ``place``. ``prepare`` runs once, in a thread, before the first connection."""

    def __init__(self, place: Place, clock: Clock, prepare: Callable[[], None] | None = None) -> None:
        self._place = place
        self._clock = clock
        self._prepare = prepare
        self._waker: Callable[[], None] | None = None
        self._inbox = Inbox(Link("connecting", self._now()), self._wake)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._rewatch = asyncio.Event()
        self._client: AsyncClient | None = None
        self._watch: frozenset[str] = frozenset()
        self._seq = self._run = 0
        self._heard, self._heard_at = time.monotonic(), self._now()
        self._thread = threading.Thread(target=self._work, name="console-feed", daemon=True)

    def start(self) -> None:
        """Begin to connect. May be called before there is anybody to wake."""
        self._thread.start()

    def on_batch(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` from now on; at once if a batch waits already."""
        self._waker = wake
        wake()

    @property
    def link(self) -> Link:
        """How we stand with the engine now."""
        return self._inbox.link

    def take(self) -> Batch:
        """What came in since the last time."""
        return self._inbox.take()

    def watch(self, ids: frozenset[str]) -> None:
        """Have the looks of these applications sent too."""
        if ids != self._watch:
            self._watch = ids
            self._call_soon(self._rewatch.set)

    def ask(self, question: "Callable[[AsyncClient], Awaitable[T]]") -> "Future[T]":
        """Put a question to the engine. The future raises `Unreachable` when there is none."""

        if not self._thread.is_alive():
            raise Unreachable(N_("The engine does not answer now."))

        async def put() -> T:
            if self._client is None:
                raise Unreachable(N_("The engine does not answer now."))
            return await question(self._client)

        return asyncio.run_coroutine_threadsafe(put(), self._loop)

    def close(self) -> None:
        """End the thread; what it asks just now is given up."""
        self._call_soon(self._ended.set)
        self._thread.join(2.0)

    def _wake(self) -> None:
        if self._waker is not None:
            self._waker()

    def _call_soon(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:  # the thread has ended, and its loop with it
            pass

    def _now(self) -> datetime:
        return utc(self._clock.now())

    def _work(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._main())
        except Exception as error:
            self._lose(Problem(N_("The console's own connection failed: {error}"), error=repr(error)))

    async def _main(self) -> None:
        tasks = {
            asyncio.create_task(task) for task in (self._ended.wait(), self._follow(), self._notice_silence())
        }
        done, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in done:
            task.result()

    async def _follow(self) -> None:
        """Stay connected: after a loss, try again with growing pauses."""
        from opsconsole.client.calls import AsyncClient

        if self._prepare is not None and not await self._is_ready(self._prepare):
            return
        delay = _FIRST_DELAY_S
        while True:
            try:
                async with AsyncClient(self._place) as client:
                    self._client = client
                    await self._read_board(client, greet=True)
                    delay = _FIRST_DELAY_S
                    await self._read_changes(client)
            except Problem as problem:
                self._lose(problem)
            finally:
                self._client = None
            await asyncio.sleep(delay)
            delay = min(delay * 2, _MOST_DELAY_S)

    async def _is_ready(self, prepare: Callable[[], None]) -> bool:
        """Prepare; False when that failed in a way that waiting does not mend."""
        try:
            await asyncio.to_thread(prepare)
        except Problem as problem:
            self._lose(problem)
            return isinstance(problem, Unreachable)
        return True

    async def _read_board(self, client: "AsyncClient", *, greet: bool = False) -> None:
        hello = await client.hello() if greet else None
        board = await client.board()
        self._seq, self._run = board.seq, board.run
        self._hear()
        self._inbox.load(board, self._now(), hello)

    async def _read_changes(self, client: "AsyncClient") -> None:
        """Follow the stream, anew whenever other looks are wanted. Raises `Problem` when it ends."""
        while True:
            self._rewatch.clear()
            stream = asyncio.create_task(self._read_stream(client))
            wanted = asyncio.create_task(self._rewatch.wait())
            try:
                await asyncio.wait({stream, wanted}, return_when=asyncio.FIRST_COMPLETED)
                if stream.done():
                    stream.result()
            finally:
                for task in (stream, wanted):
                    task.cancel()
                await asyncio.gather(stream, wanted, return_exceptions=True)

    async def _read_stream(self, client: "AsyncClient") -> None:
        """Read one stream until it has a gap. Raises `Unreachable` when the engine ends it."""
        changes = client.changes(self._seq, self._run, self._watch, silence=LOST_AFTER_S)
        async with aclosing(changes):  # type: ignore[type-var]
            async for change in changes:
                self._hear()
                self._seq = change.seq
                if change.entity == "gap":
                    await self._read_board(client)
                    return
                self._inbox.add(change, self._now())
        raise Unreachable(N_("The engine has ended."), N_("Start it with `opsconsole engine`."))

    def _hear(self) -> None:
        self._heard, self._heard_at = time.monotonic(), self._now()
        if self._inbox.link.status == "silent":
            self._inbox.set_link(Link("live", self._now()))

    def _lose(self, problem: Problem) -> None:
        """Tell that the engine is lost: the first time since when it was last heard, later only why."""
        link = self._inbox.link
        lost = link.lost or link.status in ("live", "silent")
        since = link.since if link.status == "down" else self._heard_at
        self._inbox.set_link(Link("down", since, problem, lost))

    async def _notice_silence(self) -> None:
        """Tell when a connected engine says nothing."""
        while True:
            await asyncio.sleep(1.0)
            silent = time.monotonic() - self._heard > SILENT_AFTER_S
            if silent and self._inbox.link.status == "live":
                self._inbox.set_link(Link("silent", self._now()))
