"""The server: uvicorn over a Unix socket of our own, in a thread and loop of its own.

No request delays a probe, and no probe a request. uvicorn would bind the socket for everyone (0666), so
we bind it; and it does not know who calls, so a subclass of its protocol asks the kernel
(`opsconsole.api.connection`).
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvicorn

from opsconsole.api.app import Api
from opsconsole.api.bind import bind_socket, inode_of, remove_socket
from opsconsole.api.connection import MAX_CONNECTIONS, REQUEST_SECONDS, Connection, Crowd
from opsconsole.api.peers import PeerReader, read_peer
from opsconsole.api.port import EnginePort

# Longer than httpx keeps an idle connection (5 s), so that none is closed under a request.
KEEP_ALIVE_SECONDS = 30
START_SECONDS = 10.0
_ENDING_PAUSE_SECONDS = 0.01


class ApiServer:
    """The socket of one engine. ``start`` and ``stop`` are called from a thread of the engine.

    ``owns_lock``: the caller holds the engine's lock, so a socket file that is there belongs to a dead
    engine and may be replaced. ``close_streams`` ends every subscription of the port (`Hub.close_all`).
    ``peercred`` reads the caller's credential from a connection. A request has ``request_seconds`` to
    come.
    """

    def __init__(
        self,
        port: EnginePort,
        socket_path: Path,
        *,
        owns_lock: bool,
        close_streams: Callable[[], None],
        peercred: PeerReader = read_peer,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        self._port = port
        self._path = socket_path
        self._owns_lock = owns_lock
        self._close_streams = close_streams
        self._connection = partial(
            Connection, peercred=peercred, crowd=Crowd(), request_seconds=request_seconds
        )
        self._inode = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Bind and serve; answers are given when this returns. Raises `Conflict` or `Refused`."""
        listener = bind_socket(self._path, owns_lock=self._owns_lock)
        self._inode = inode_of(self._path)
        self._server = _Server(self._config(), listener)
        self._thread = threading.Thread(target=self._server.run, name="api", daemon=True)
        self._thread.start()
        if not self._server.up.wait(START_SECONDS) or not self._server.started:
            self.stop()
            raise RuntimeError("the API did not start")

    def stop(self, timeout: float = 1.0) -> None:
        """Take the socket away, end the streams, answer what is under way, and end within ``timeout``."""
        remove_socket(self._path, self._inode)
        self._close_streams()
        if self._server is not None and self._thread is not None:
            self._server.end(timeout)
            self._thread.join(timeout)
            self._server, self._thread = None, None

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            Api(self._port).app(),
            http=self._connection,  # type: ignore[arg-type]
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )


class _Server(uvicorn.Server):
    """uvicorn without its ten wake-ups a second, ended from another thread."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self._listener = listener
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()
        self._grace = 0.5

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run([self._listener])
        finally:
            self._listener.close()
            self.up.set()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        self.up.set()
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, let answers that are under way be sent, then cut off readers that have stalled."""
        # asyncio loses a socket that it accepted in the last turn of the loop before its server is closed.
        asyncio.get_running_loop().remove_reader(self._listener)
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(_ENDING_PAUSE_SECONDS)
        for task in state.tasks:
            task.cancel()
        for connection in list(state.connections):
            connection.transport.abort()

    def end(self, timeout: float) -> None:
        """Begin to end, leaving half of ``timeout`` (seconds) to requests that are under way."""
        self._grace = timeout / 2
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._ending.set)
