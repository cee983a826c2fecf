"""A line that is slow: everything that goes through it comes so much later, in both directions."""

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Self


class SlowProxy:
    """Listens on a loopback port of its own and hands on to ``port``, each way ``delay`` seconds later.

    ``sent`` and ``received`` count the bytes from and to whoever connects.
    """

    def __init__(self, port: int, delay: float) -> None:
        self._to, self._delay = port, delay
        self.port = 0
        self.sent = self.received = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slow-line", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
            await asyncio.gather(
                self._carry(reader, there_writer, "sent"), self._carry(there_reader, writer, "received")
            )

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: str) -> None:
        """Hand on what comes, in order; the end of it too."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(max(due - self._loop.time(), 0))
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()

        arriving = asyncio.create_task(arrive())
        data = b"first"
        while data:
            data = await reader.read(65536)
            setattr(self, count, getattr(self, count) + len(data))
            under_way.put_nowait((self._loop.time() + self._delay, data))
        await arriving
