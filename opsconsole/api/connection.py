"""One connection: who is at its other end, and what it may keep from others.

An account that leaks connections, or opens them and says nothing, must not lock out the rest of the office.
"""

import asyncio
from collections import Counter
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from opsconsole.api.peers import Peer, PeerReader
from opsconsole.base.errors import Problem
from opsconsole.base.text import N_
from opsconsole.client.problems import body_of
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER

SCOPE_PEER = "opsconsole.peer"
# Enough for every console of an office; it keeps a client that leaks connections from taking all files.
MAX_CONNECTIONS = 200
# What one account may hold of them: some twenty consoles.
MAX_PER_UID = MAX_CONNECTIONS // 4
# A request is small and comes from this machine: what takes longer is not coming.
REQUEST_SECONDS = 10.0


class Crowd:
    """How many connections each account holds."""

    def __init__(self) -> None:
        self._held: Counter[int] = Counter()

    def enter(self, uid: int) -> bool:
        """Count one more; whether there is room for it."""
        if self._held[uid] >= MAX_PER_UID:
            return False
        self._held[uid] += 1
        return True

    def leave(self, uid: int) -> None:
        """Count one less."""
        self._held[uid] -= 1
        if not self._held[uid]:
            del self._held[uid]


class Connection(HttpToolsProtocol):
    """Puts the caller's credential into the scope of every request, and ends one that does not come."""

    def __init__(
        self,
        *args: Any,
        peercred: PeerReader,
        crowd: Crowd,
        request_seconds: float = REQUEST_SECONDS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._peercred = peercred
        self._crowd = crowd
        self._request_seconds = request_seconds
        self._peer: Peer | None = None
        self._counted = False
        self._overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        try:
            self._peer = self._peercred(transport.get_extra_info("socket"))
        except OSError:  # it has left already
            transport.abort()
            return
        self._counted = self._crowd.enter(self._peer.uid)
        if not self._counted:
            transport.write(_too_many())
            transport.close()
            return
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._came()
        if self._counted and self._peer is not None:
            self._counted = False
            self._crowd.leave(self._peer.uid)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[SCOPE_PEER] = self._peer  # type: ignore[literal-required]
        self._expect()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._came()

    def _expect(self) -> None:
        """From here on the whole of a request has so long to come."""
        self._came()
        self._overdue = self.loop.call_later(self._request_seconds, self.transport.close)

    def _came(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


def _too_many() -> bytes:
    problem = Problem(
        N_("This account holds {n} connections to the engine, which are all it may."),
        N_("Leave a console of yours, or end the program that keeps them open."),
        n=MAX_PER_UID,
    )
    body = msgspec.json.encode(body_of(problem))
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"{PROTOCOL_HEADER}: {PROTOCOL}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
