"""The hub: what is true now, and the changes that led there, for every client at once.

A change is encoded once, whoever reads it. Each client has a bounded queue; one that falls behind is
told ``gap`` and reads the board afresh. A client that comes back resumes from the ring of recent
changes. The looks of an application are live only: they are encoded when somebody watches it, and a
client that comes back reads them afresh.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import msgspec

from opsconsole.base.errors import Unreachable
from opsconsole.base.text import N_
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, Board, Change, Engine, Entity, Opd, Published

# One mass failure of the largest office foreseen (2,000 probes) fits twice; a line is about 400 bytes.
RING_LINES = 4096
QUEUE_LINES = 4096
WATCH_ALL = "*"

_encoder = msgspec.json.Encoder()


class HubSubscription:
    """One client's queue. Made by `Hub.subscribe`, in the loop that reads it."""

    def __init__(self, hub: "Hub", watch: frozenset[str], bound: int) -> None:
        self.watch = watch
        self._hub = hub
        self._bound = bound
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._lines: deque[bytes] = deque()
        self._woken = False
        self._closed = False

    def wants(self, application_id: str) -> bool:
        """Whether looks of this application go to this client."""
        return WATCH_ALL in self.watch or application_id in self.watch

    def offer(self, line: bytes, seq: int) -> None:
        """Queue a line; a full queue becomes one gap. Called under the hub's lock."""
        if len(self._lines) >= self._bound:
            self._lines.clear()
            line = gap_line(seq)
        self._lines.append(line)

    def wake(self) -> None:
        """Let the reader run. Called under the hub's lock, from any thread."""
        if self._woken or not (self._lines or self._closed):
            return
        self._woken = True
        try:
            self._loop.call_soon_threadsafe(self._ready.set)
        except RuntimeError:  # the loop has ended, and its reader with it
            self._closed = True

    def close(self) -> None:
        """End the iteration; what is queued is not delivered."""
        self._hub.drop(self)
        with self._hub.lock:
            self._closed = True
            self.wake()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """One item for all lines that were waiting."""
        while True:
            await self._ready.wait()
            with self._hub.lock:
                self._ready.clear()
                self._woken = False
                if self._closed:
                    return
                chunk = b"".join(self._lines)
                self._lines.clear()
            if chunk:
                yield chunk


def gap_line(seq: int) -> bytes:
    """The line that says: changes up to ``seq`` were left out, read the board."""
    return _encoder.encode(Change(seq, "gap", "")) + b"\n"


def _line(seq: int, entity: Entity, row_id: str, row: msgspec.Struct | None) -> bytes:
    return _encoder.encode(Change(seq, entity, row_id, msgspec.Raw(_encoder.encode(row)))) + b"\n"


class Hub:
    """Rows by entity and id, their sequence number, and who wants to know.

    ``on_clients`` is called with the number of open streams whenever it changes, from the thread that
    changed it and outside the lock.
    """

    def __init__(
        self,
        run: int,
        *,
        ring_lines: int = RING_LINES,
        queue_lines: int = QUEUE_LINES,
        on_clients: Callable[[int], None] | None = None,
    ) -> None:
        self.run = run
        self.lock = threading.RLock()
        self._queue_lines = queue_lines
        self._on_clients = on_clients
        self._seq = 0
        self._engine: Engine | None = None
        self._applications: dict[str, Application] = {}
        self._opds: dict[str, Opd] = {}
        self._incidents: dict[str, Incident] = {}
        self._ring: deque[tuple[int, bytes]] = deque(maxlen=ring_lines)
        self._forgotten = 0
        self._clients: set[HubSubscription] = set()

    @property
    def clients(self) -> int:
        """How many streams are open."""
        with self.lock:
            return len(self._clients)

    @property
    def seq(self) -> int:
        """The number of the last change."""
        with self.lock:
            return self._seq

    def watched(self, application_id: str) -> bool:
        """Whether anybody wants the looks of this application."""
        with self.lock:
            return any(client.wants(application_id) for client in self._clients)

    def publish(self, changes: Iterable[Published]) -> int:
        """Make rows known, in order, and return the last sequence number. Safe from any thread.

        Each is (entity, id, row); a row of None takes the row away. For a look the id is the
        application's. Call it after the commit: what is published is true.
        """
        with self.lock:
            for entity, row_id, row in changes:
                if entity == "look":
                    self._publish_look(row_id, row)
                else:
                    self._keep(entity, row_id, row)
                    self._seq += 1
                    line = _line(self._seq, entity, row_id, row)
                    self._remember(line)
                    for client in self._clients:
                        client.offer(line, self._seq)
            for client in self._clients:
                client.wake()
            return self._seq

    def board(self) -> Board:
        """All rows as of the last change. Raises `Unreachable` before the engine's own first row."""
        with self.lock:
            if self._engine is None:
                raise Unreachable(N_("The engine is still starting."), N_("Try again in a moment."))
            return Board(
                run=self.run,
                seq=self._seq,
                engine=self._engine,
                applications=tuple(self._applications.values()),
                opds=tuple(self._opds.values()),
                incidents=tuple(self._incidents.values()),
            )

    def incidents(self) -> tuple[Incident, ...]:
        """The incidents that are shown."""
        with self.lock:
            return tuple(self._incidents.values())

    def subscribe(self, after: int | None, run: int | None, watch: frozenset[str]) -> HubSubscription:
        """A new client, with what it missed already queued. Called in the loop that will read it.

        The engine's current row comes last of that: so the client knows at once that its stream is
        open, and how fresh the engine is.
        """
        client = HubSubscription(self, watch, self._queue_lines)
        with self.lock:
            if after is not None:
                self._catch_up(client, after, run)
            if self._engine is not None:
                client.offer(_line(self._seq, "engine", "engine", self._engine), self._seq)
            self._clients.add(client)
            client.wake()
        self._tell_clients()
        return client

    def drop(self, client: HubSubscription) -> None:
        """Forget a client."""
        with self.lock:
            known = client in self._clients
            self._clients.discard(client)
        if known:
            self._tell_clients()

    def close_all(self) -> None:
        """End every stream."""
        with self.lock:
            clients = list(self._clients)
        for client in clients:
            client.close()

    def _tell_clients(self) -> None:
        if self._on_clients is not None:
            self._on_clients(self.clients)

    def _catch_up(self, client: HubSubscription, after: int, run: int | None) -> None:
        if run != self.run or not self._forgotten <= after <= self._seq:
            client.offer(gap_line(self._seq), self._seq)
            return
        for seq, line in self._ring:
            if seq > after:
                client.offer(line, self._seq)

    def _publish_look(self, application_id: str, row: msgspec.Struct | None) -> None:
        wanting = [client for client in self._clients if client.wants(application_id)]
        if wanting:
            self._seq += 1
            line = _line(self._seq, "look", application_id, row)
            for client in wanting:
                client.offer(line, self._seq)

    def _remember(self, line: bytes) -> None:
        if len(self._ring) == self._ring.maxlen:
            self._forgotten = self._ring[0][0]
        self._ring.append((self._seq, line))

    def _keep(self, entity: Entity, row_id: str, row: msgspec.Struct | None) -> None:
        match row:
            case Engine():
                self._engine = row
            case Application():
                self._applications[row_id] = row
            case Opd():
                self._opds[row_id] = row
            case Incident():
                self._incidents[row_id] = row
            case None:
                self._forget(entity, row_id)

    def _forget(self, entity: Entity, row_id: str) -> None:
        kept: dict[str, dict[str, Any]] = {
            "application": self._applications,
            "opd": self._opds,
            "incident": self._incidents,
        }
        kept[entity].pop(row_id, None)
