"""Connections that a server of a test has accepted: served, and every one of them closed at the end."""

import asyncio
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
# From accepted to served, and from aborted to closed, takes a few turns of the loop, however long they last.
_TURNS = 10


class Connections:
    """What `asyncio.start_server` calls for each connection; ``serve`` need not close it.

    Tasks of the loop's own are left alone: an accepted socket whose task is cancelled before it begins
    stays open.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one more."""
        task = asyncio.get_running_loop().create_task(self._serve_one(reader, writer))
        self._writers.add(writer)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()

    async def close(self) -> None:
        """End whatever is served. The server must have been closed by `stop_serving` before."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await _turns()  # a transport closes its socket in the loop's next turn


async def stop_serving(server: asyncio.Server) -> None:
    """Close a server once all that it accepted are connections: else it leaves their sockets open."""
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener.fileno())
    await _turns()
    server.close()


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
