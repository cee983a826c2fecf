"""Servers on loopback for the engine to look at, each told what to do."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Literal, Self

from tests.fakes.connections import Connections, stop_serving

Behaviour = Literal["ok", "fail", "mute"]
_ANSWERS = {
    "ok": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    "fail": b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


class Site:
    """One server. ``behaviour`` may be changed at any time; ``hits`` are when it was asked (monotonic)."""

    def __init__(self, address: str, port: int, behaviour: Behaviour) -> None:
        self.address = address
        self.port = port
        self.behaviour: Behaviour = behaviour
        self.hits: list[float] = []

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}/"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits.append(time.monotonic())
        try:
            await reader.readuntil(b"\r\n\r\n")
            if self.behaviour == "mute":
                await reader.read()
            else:
                writer.write(_ANSWERS[self.behaviour])
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass


class City:
    """Sites and black holes, in a thread of their own, for as long as the block lasts."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []
        self._connections: list[Connections] = []
        self._holes: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        for hole in self._holes:
            hole.close()

    def site(self, behaviour: Behaviour = "ok", port: int = 0, address: str = "127.0.0.1") -> Site:
        """A server that answers as ``behaviour`` says, on a port of its own."""
        return self._call(self._open(behaviour, address, port))

    def close_site(self, site: Site) -> None:
        """Let nothing listen on its port any more."""
        self._call(self._close_one(site))

    def black_hole(self) -> tuple[str, int]:
        """Address and port that swallow every packet: a listener whose queue is full."""
        address = f"127.99.{len(self._holes) // 500}.{len(self._holes) // 2 % 250 + 1}"
        listener = socket.socket()
        listener.bind((address, 0))
        listener.listen(0)
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            self._holes.append(filler)
        self._holes.append(listener)
        found: tuple[str, int] = listener.getsockname()
        return found

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self, behaviour: Behaviour, address: str, port: int) -> Site:
        site = Site(address, port, behaviour)
        connections = Connections(site.serve)
        server = await asyncio.start_server(connections, address, port)
        self._connections.append(connections)
        site.port = server.sockets[0].getsockname()[1]
        self._servers.append(server)
        return site

    async def _close_one(self, site: Site) -> None:
        for server in self._servers:
            if server.sockets and server.sockets[0].getsockname() == (site.address, site.port):
                await stop_serving(server)

    async def _close(self) -> None:
        for server in self._servers:
            await stop_serving(server)
        await asyncio.gather(*(connections.close() for connections in self._connections))
