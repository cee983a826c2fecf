"""Being woken: the outbox, what sends it, and what people ask of it, joined to the engine."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from opsconsole.base.clock import Clock, utc
from opsconsole.base.secrets.store import SecretStore
from opsconsole.base.text import language, translations
from opsconsole.client.outbox import AskOutbox, Message, OutboxPage
from opsconsole.client.shapes import Why
from opsconsole.engine.asked import Asked
from opsconsole.engine.batch import Command, Written
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.log import Logger
from opsconsole.engine.outset import Outset
from opsconsole.engine.record import Recorder
from opsconsole.inventory.office import Inventory
from opsconsole.notify import commands, outbox, queries
from opsconsole.notify.delivery import Plan, Write
from opsconsole.notify.queries import Backlog
from opsconsole.notify.sender import Sender
from opsconsole.notify.sending import Surroundings
from opsconsole.notify.subscriber import Load, Outbox, ShiftAt
from opsconsole.notify.texts import Speech
from opsconsole.store.database import Store
from opsconsole.store.drafts import Decide
from probes.env import Env
from probes.resolve import SystemResolver

# So long whoever asked for a test waits for what came of it: a look-up of secrets and an attempt.
_TEST_SECONDS = 16.0
# As much of the engine's end as messages that are on their way may take.
STOP_SECONDS = 0.4
_MOST_LISTED = 1000
# Old messages are forgotten so often, so many in one transaction that nobody waits for it.
PRUNE_SECONDS = 600.0
_MOST_PRUNED = 2000
# So many names of channels are looked up at once, by threads of their own: looks do not wait for them.
_NAMES_AT_ONCE = 8


class Notifications:
    """Made before the writer, whose subscriber is `outbox`; started with the recorder. Called in the loop."""

    def __init__(
        self, outset: Outset, store: Store, clock: Clock, log: Logger, *, secrets: SecretStore, load: Load
    ) -> None:
        inventory = outset.office.inventory
        self._inventory = inventory
        self._store = store
        self._clock = clock
        self._log = log
        self._run = outset.run
        self._last_sign = outset.last_sign
        self._loop = asyncio.get_running_loop()
        self._moved = asyncio.Event()
        self._sender: Sender | None = None
        self._around = Surroundings(
            Env(resolver=SystemResolver(_NAMES_AT_ONCE), secrets=secrets.value, wall=clock.now),
            outset.place.config,
        )
        self.outbox = Outbox(load, inventory.notify, _shift_at(inventory), self.wake)

    def start(self, recorder: Recorder) -> None:
        """Begin to send what the outbox holds."""
        self._recorder = recorder
        self._sender = Sender(
            _plan(self._inventory),
            self._around,
            self._clock,
            self._log,
            commit=partial(_commit, recorder),
            read=self._store.reader,
            run=self._run,
            moved=self._has_moved,
        )
        # The last engine lived later than now only where the clock was set back since.
        if self._last_sign is not None:
            self.stepped(self._clock.now() - self._last_sign)
        self._replan()
        self._sender.start()

    def take(self, inventory: Inventory) -> None:
        """Go by another configuration from now on."""
        self._inventory = inventory
        self.outbox.take(inventory.notify, _shift_at(inventory))
        if self._sender is not None:
            self._sender.take(_plan(inventory))
            self._replan()

    def wake(self) -> None:
        """Look at the outbox soon. From any thread."""
        if self._sender is not None:
            self._sender.wake()

    def alive(self) -> None:
        """The engine's loop turns: what the sign of life says."""
        if self._sender is not None:
            self._sender.life.alive()

    def stepped(self, seconds: float) -> None:
        """The clock was set by so much. Set back, what waits would wait longer; set on, we may have slept."""
        if seconds < 0:
            _commit(self._recorder, lambda conn: outbox.put_back(conn, -seconds))
            self.wake()

    def prune(self) -> None:
        """Have messages forgotten that are older than the office keeps them."""
        before = self._clock.now() - self._inventory.notify.outbox.keep
        _commit(self._recorder, lambda conn: outbox.prune(conn, before, _MOST_PRUNED))

    def stop(self) -> None:
        """End within a second; what has not left comes with the next engine. Blocks."""
        if self._sender is not None:
            self._sender.stop(STOP_SECONDS)

    @property
    def backlog(self) -> Backlog:
        """How much is in the outbox."""
        return Backlog() if self._sender is None else self._sender.backlog

    def notices(self) -> tuple[Why, ...]:
        """What somebody should see to."""
        found = []
        if self.backlog.dead:
            backlog = self.backlog
            found.append(Why("notify_dead", {"count": backlog.dead, "channel": backlog.dead_channel}))
        if self._sender is not None and self._sender.life.failing_since is not None:
            since = utc(self._sender.life.failing_since).strftime("%Y-%m-%dT%H:%M:%SZ")
            found.append(Why("heartbeat_failed", {"since": since}))
        return tuple(found)

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the commands of the outbox, by name."""
        return {
            "notify-test": self._test,
            "notify-retry": self._retry,
            "notify-dismiss": self._dismiss,
        }

    async def answer_outbox(self, asked: Asked) -> OutboxPage:
        """The outbox as it is stored."""
        args: AskOutbox = asked.args
        limit = max(0, min(args.limit, _MOST_LISTED))

        def read() -> OutboxPage:
            with asked.store.answering() as conn:
                return queries.page(conn, asked.clock.now(), args.state, limit)

        return await asyncio.to_thread(read)

    async def _test(self, request: Request) -> Outcome:
        """Send a test. The result is its messages as they are once all were tried, or the time is over."""
        event = commands.try_channel(self._inventory.notify, request.args.channel, request.event)
        command = Command(request.command_id, (event,))
        self._recorder.command(command)
        seq = (await asyncio.wrap_future(command.done)).seq
        until = self._clock.monotonic() + _TEST_SECONDS
        while True:
            self._moved.clear()
            messages = await asyncio.to_thread(self._messages, seq)
            left = until - self._clock.monotonic()
            if left <= 0 or not any(one.state in ("pending", "leased") for one in messages):
                return Outcome(result=messages, seq=seq)
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                continue

    async def _retry(self, request: Request) -> Outcome:
        return Outcome(decide=commands.retry(request.args.message, request.event))

    async def _dismiss(self, request: Request) -> Outcome:
        return Outcome(decide=commands.dismiss(request.args.message, request.event))

    def _messages(self, seq: int) -> list[Message]:
        with self._store.reader() as conn:
            return queries.of_event(conn, seq)

    def _replan(self) -> None:
        """Have what waits go to whom the rules name now: the files may have changed while no engine ran."""
        _commit(self._recorder, None, partial(self.outbox.replan, at=self._clock.now()))

    def _has_moved(self) -> None:
        self._loop.call_soon_threadsafe(self._moved.set)


def _commit(recorder: Recorder, write: Write | None, decide: Decide | None = None) -> "Future[Any]":
    """Have it written; the future gives what ``write`` or ``decide`` returned."""
    command = Command(None, (), write, decide)
    recorder.command(command)
    given: Future[Any] = Future()

    def done(written: "Future[Written]") -> None:
        error = written.exception()
        if error is not None:
            given.set_exception(error)
        else:
            given.set_result(written.result().value)

    command.done.add_done_callback(done)
    return given


def _plan(inventory: Inventory) -> Plan:
    office = inventory.settings.office
    speech = Speech(translations(office.language or language()), office.name, office.zone)
    return Plan(inventory.notify, speech)


def _shift_at(inventory: Inventory) -> ShiftAt:
    return lambda when: inventory.calendar.shift_at(when).name
