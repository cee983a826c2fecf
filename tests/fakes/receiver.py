"""A web server that takes messages, in a thread of its own: it keeps what came, and answers as it is told."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import msgspec

from tests.fakes.connections import Connections, stop_serving


@dataclass(frozen=True, slots=True)
class Received:
    """One request. ``headers`` are by their names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), strict_parsing=True))


Answer = Callable[[Received], bytes]
Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def reply(status: int = 200, body: bytes = b"", *headers: str) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join((*lines, "", "")).encode() + body


def telegram(received: Received, token: str) -> bytes:
    """As api.telegram.org answers sendMessage: JSON with chat_id and text, nothing that it does not know."""
    if received.path != f"/bot{token}/sendMessage":
        return reply(404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
    if received.method != "POST" or received.headers.get("content-type") != "application/json":
        return reply(400, b'{"ok":false,"error_code":400,"description":"Bad Request: no JSON"}')
    asked = received.json
    known = {"chat_id", "text", "parse_mode", "disable_web_page_preview", "disable_notification"}
    if not isinstance(asked.get("text"), str) or not 0 < len(asked["text"]) <= 4096 or set(asked) - known:
        return reply(400, b'{"ok":false,"error_code":400,"description":"Bad Request: message text is empty"}')
    if not str(asked.get("chat_id", "")).lstrip("-").isdigit():
        return reply(400, b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}')
    return reply(200, b'{"ok":true,"result":{"message_id":1}}', "Content-Type: application/json")


def fonnte(received: Received, token: str) -> bytes:
    """As a gateway of the Fonnte kind answers /send: always 200; ``status`` says whether it was taken."""
    form = received.form if received.body else {}
    if received.headers.get("authorization") != token:
        return reply(200, b'{"status":false,"reason":"invalid token"}')
    if received.headers.get("content-type") != "application/x-www-form-urlencoded":
        return reply(200, b'{"status":false,"reason":"unknown content type"}')
    if not form.get("target", "").isdigit() or not form.get("message"):
        return reply(200, b'{"status":false,"reason":"target and message are required"}')
    return reply(200, b'{"status":true,"process":"pending"}')


class Receiver:
    """Used as a context. ``answer`` may be changed at any time; ``behave`` takes the place of all of it.

    Each answer leaves ``slow`` seconds after it was made.
    """

    def __init__(
        self,
        answer: Answer | None = None,
        behave: Behave | None = None,
        tls: ssl.SSLContext | None = None,
        slow: float = 0.0,
    ) -> None:
        self._slow = slow
        self.answer: Answer = answer or (lambda _received: reply())
        self.received: list[Received] = []
        self._behave = behave
        self._tls = tls
        self._open_gate = asyncio.Event()
        self._open_gate.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def texts(self) -> list[str]:
        """The bodies."""
        return [one.body.decode() for one in self.received]

    def hold(self) -> None:
        """Answer nothing until `release`."""
        self._loop.call_soon_threadsafe(self._open_gate.clear)

    def release(self) -> None:
        """Answer what waits, and all that comes."""
        self._loop.call_soon_threadsafe(self._open_gate.set)

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._connections = Connections(self._behave or self._serve)
        self._server = await asyncio.start_server(self._connections, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        await stop_serving(self._server)
        await self._connections.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _version = head[0].split(" ")
            headers = {
                name.lower(): text.strip()
                for name, _, text in (one.partition(":") for one in head[1:] if one)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            received = Received(method, path, headers, body)
            self.received.append(received)
            await self._open_gate.wait()
            answer = self.answer(received)
            if self._slow:
                await asyncio.sleep(self._slow)
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
