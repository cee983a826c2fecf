"""The httpx transport of one look: each request goes over a fresh connection to a checked, pinned address."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from probes.certificates import Certificates
from probes.connection import Connection
from probes.dial import Dialer, is_literal
from probes.http_spec import PORTS
from probes.reader import ResponseReader
from probes.stopwatch import Stopwatch

_ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Route:
    """What of a request the wire needs, worked out once. ``name`` is what a certificate must be for."""

    host: str
    port: int
    literal: bool
    tls: bool
    name: str
    wire: bytes


def route(request: httpx.Request, server_name: str = "") -> Route:
    """The route of a request, kept with it; ``server_name`` stands in the place of the host's own name."""
    known = request.extensions.get(_ROUTE)
    if isinstance(known, Route):
        return known
    url = request.url
    host = url.raw_host.decode("ascii")
    head = [b"%s %s HTTP/1.1\r\n" % (request.method.encode(), url.raw_path)]
    head += [b"%s: %s\r\n" % field for field in request.headers.raw]
    made = Route(
        host=host,
        port=url.port or PORTS[url.scheme],
        literal=is_literal(host),
        tls=url.scheme == "https",
        name=server_name or host.rstrip("."),
        wire=b"".join((*head, b"\r\n", request.content)),
    )
    request.extensions[_ROUTE] = made
    return made


class LookTransport(httpx.AsyncBaseTransport):
    """Made for one look. At most ``limit`` bytes of each body are kept.

    After a request, whether it succeeded or not: ``address`` and ``port`` are what was connected to,
    ``reader`` holds the response as far as it came, ``certificates`` are those of the last TLS handshake
    and ``watch`` has the phases of all requests together. Raises LookError instead of httpx's exceptions.
    """

    def __init__(
        self,
        dialer: Dialer,
        watch: Stopwatch,
        deadline: float,
        context: Callable[[httpx.URL], ssl.SSLContext],
        limit: int,
    ):
        self.watch = watch
        self.address = ""
        self.port = 0
        self.reader: ResponseReader | None = None
        self.certificates: Certificates | None = None
        self._dialer = dialer
        self._deadline = deadline
        self._context = context
        self._limit = limit

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and read its response."""
        way = route(request)
        self.reader = None
        place = await self._dialer.place(way.host, way.port, literal=way.literal)
        self.address, self.port = place.address, place.port
        reader = self.reader = ResponseReader(head_only=request.method == "HEAD", limit=self._limit)
        tls = (self._context(request.url), way.name) if way.tls else None
        connection = Connection(place, self.watch, tls, way.wire, reader)
        try:
            await connection.run(self._deadline)
        finally:
            self.certificates = connection.certificates or self.certificates
        return httpx.Response(
            reader.status,
            headers=reader.headers,
            stream=httpx.ByteStream(reader.body),
            extensions={"http_version": b"HTTP/" + reader.version.encode(), "reason_phrase": reader.phrase},
            request=request,
        )
