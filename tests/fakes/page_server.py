"""A small web server that answers each path with the bytes it was given, and remembers what it was asked."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.fakes.connections import Connections, stop_serving


@dataclass(frozen=True)
class Asked:
    """One request as it came. Header names are lower case; the last of several values stands."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def page(
    body: bytes = b"ok", status: str = "200 OK", headers: tuple[str, ...] = (), *, length: bool = True
) -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def redirect(location: str, status: int = 302, headers: tuple[str, ...] = ()) -> bytes:
    """A response that leads elsewhere."""
    return page(b"", f"{status} Elsewhere", (f"Location: {location}", *headers))


class PageServer:
    """Serves ``pages`` by path, with query, for as long as the block lasts; an unknown path gets 404."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, name: str = "") -> None:
        self.pages: dict[str, bytes] = {"/": page()}
        self.asked: list[Asked] = []
        self.port = 0
        self._host = host
        self._name = name or (f"[{host}]" if ":" in host else host)
        self._tls = tls

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"{'https' if self._tls else 'http'}://{self._name}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        # A look closes without a farewell; waiting for one would hold up the end of the test.
        farewell = {"ssl_shutdown_timeout": 0.1} if self._tls else {}
        self._connections = Connections(self._serve)
        self._server = await asyncio.start_server(self._connections, self._host, 0, ssl=self._tls, **farewell)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await stop_serving(self._server)
        await self._connections.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, path, _ = first.split(" ", 2)
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.asked.append(Asked(method, path, headers, body))
            writer.write(self.pages.get(path, page(b"", "404 Not Found")))
            await writer.drain()
