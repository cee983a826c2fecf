"""The servers behind a door: HTTP, HTTPS, plain TCP, TCP over TLS and mail, each able to fail as told."""

import asyncio
import random
import socket
import ssl
import struct
import zlib
from collections.abc import Callable

from opsconsole.demo.channels import Channel, PlainChannel, TlsChannel
from opsconsole.demo.pages import answer, refusal
from opsconsole.demo.plan import Door, Leaf, Page, Protocol
from opsconsole.demo.story import LEAF_OF, Fault, Ill

_REQUEST_LIMIT = 65536
# Where each application's own answering time lies, in seconds: a city is never all equally quick.
_QUICKEST, _SLOWEST = 0.004, 0.180
_LINGER_NOT = struct.pack("ii", 1, 0)

FaultOf = Callable[[str], Fault | None]
ContextFor = Callable[[str, Leaf], ssl.SSLContext]


class Connection(asyncio.Protocol):
    """One connection to a door. What it does with what it hears is its subclass's affair."""

    def __init__(self, server: "DoorServer") -> None:
        self.server = server
        self.timer: asyncio.TimerHandle | None = None
        self._silent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, unless the story has something else in mind."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        fault = self.server.fault()
        if fault and fault.ill is Ill.RESET:
            self.reset()
        self._silent = fault is not None and fault.ill is Ill.SILENT
        context = self.server.context(fault)
        self.channel: Channel = TlsChannel(transport, context) if context else PlainChannel(transport)

    def data_received(self, data: bytes) -> None:
        """Hand on what was said; who can not be understood is cut off."""
        if self._silent:
            return
        try:
            said = self.channel.receive(data)
        except ssl.SSLError:
            self.transport.close()
            return
        if said:
            self.heard(said)

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody is left to answer."""
        if self.timer:
            self.timer.cancel()

    def heard(self, data: bytes) -> None:
        """A plain TCP service says nothing of its own: it keeps the line until the caller hangs up."""

    def reset(self) -> None:
        """Tear the connection down so that the peer sees a reset, not an end."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()


class WebConnection(Connection):
    """One HTTP request, one answer, closed."""

    def __init__(self, server: "DoorServer") -> None:
        super().__init__(server)
        self._request = bytearray()

    def heard(self, data: bytes) -> None:
        """Answer once the request is whole; what it carries beyond its head is not read."""
        self._request += data
        if len(self._request) > _REQUEST_LIMIT:
            self.transport.close()
        elif self.timer is None and b"\r\n\r\n" in self._request:
            request_line, *fields = self._request.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
            self._answer(request_line, fields)

    def _answer(self, request_line: bytearray, fields: list[bytearray]) -> None:
        words = request_line.split(b" ")
        path = words[1].split(b"?")[0].decode("latin-1") if len(words) > 1 else ""
        page = self.server.page(path)
        fault = self.server.fault(page)
        ill = fault.ill if fault else None
        if ill is Ill.RESET:
            self.reset()
        if ill in (Ill.RESET, Ill.SILENT):
            return
        delay = _usual_delay(page.row if page else "")
        if fault and ill is Ill.SLOW:
            delay += fault.value
        response = answer(page, fault) if page is None or _may_see(page, fields) else refusal()
        self.timer = asyncio.get_running_loop().call_later(delay, self._say, response)

    def _say(self, response: bytes) -> None:
        self.channel.send(response)
        self.channel.finish()


class MailConnection(Connection):
    """As much of SMTP as it takes to begin TLS and take leave."""

    def __init__(self, server: "DoorServer") -> None:
        super().__init__(server)
        self._said = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet, unless the story has something else in mind."""
        super().connection_made(transport)
        if not self._silent and not self.transport.is_closing():
            self.channel.send(b"220 surel.kota.example ESMTP\r\n")

    def heard(self, data: bytes) -> None:
        """Answer each line; who writes none is cut off."""
        self._said += data
        if len(self._said) > _REQUEST_LIMIT:
            self.transport.close()
        while b"\n" in self._said:
            line, _, rest = bytes(self._said).partition(b"\n")
            self._said = bytearray(rest)
            self._answer(line.split()[0].upper() if line.split() else b"")

    def _answer(self, verb: bytes) -> None:
        match verb:
            case b"EHLO":
                self.channel.send(b"250-surel.kota.example\r\n250-STARTTLS\r\n250 8BITMIME\r\n")
            case b"STARTTLS":
                self.channel.send(b"220 2.0.0 go ahead\r\n")
                # What was said before TLS counts for nothing behind it.
                self._said.clear()
                context = self.server.certificate(self.server.fault())
                self.channel = TlsChannel(self.transport, context)
            case b"QUIT":
                self.channel.send(b"221 2.0.0 bye\r\n")
                self.channel.finish()
            case _:
                self.channel.send(b"502 5.5.2 no such command here\r\n")


_KINDS: dict[Protocol, type[Connection]] = {
    "http": WebConnection,
    "https": WebConnection,
    "tcp": Connection,
    "tls": Connection,
    "smtp": MailConnection,
}


class DoorServer:
    """One door of the city: it keeps its port for as long as the city lives, and listens when it may.

    ``fault_of`` tells what is wrong with a row or a host now; ``context_for`` gives the TLS side of an
    address for a leaf. ``port`` is the kernel's choice.
    """

    def __init__(self, door: Door, fault_of: FaultOf, context_for: ContextFor) -> None:
        self.door = door
        self._fault_of, self._context_for = fault_of, context_for
        self._rows = {page.row for page in door.pages}
        self._server: asyncio.Server | None = None
        # Bound but never listening: the port stays ours while the door is shut, and callers are refused.
        self._holder = _bound(door.address, 0)
        self.port: int = self._holder.getsockname()[1]

    def fault(self, page: Page | None = None) -> Fault | None:
        """What is wrong with the host, the door, the page, or the only row behind the door."""
        if fault := self._fault_of(self.door.address) or self._fault_of(self.door.name):
            return fault
        if page:
            return self._fault_of(page.row)
        return self._fault_of(next(iter(self._rows))) if len(self._rows) == 1 else None

    def page(self, path: str) -> Page | None:
        """The page at ``path``."""
        return next((page for page in self.door.pages if page.path == path), None)

    def context(self, fault: Fault | None) -> ssl.SSLContext | None:
        """The TLS side of a new connection, None where it begins in the clear."""
        return self.certificate(fault) if self.door.protocol in ("https", "tls") else None

    def certificate(self, fault: Fault | None) -> ssl.SSLContext:
        """The TLS side with the certificate that the host presents now."""
        leaf = LEAF_OF.get(fault.ill, Leaf.GOOD) if fault else Leaf.GOOD
        return self._context_for(self.door.address, leaf)

    def connection(self) -> Connection:
        """Who deals with a new connection."""
        return _KINDS[self.door.protocol](self)

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    async def settle(self) -> None:
        """Listen, or stop, as the story has it now."""
        fault = self.fault()
        shut = fault is not None and fault.ill is Ill.REFUSED
        if shut and self._server:
            self._server.close()
            self._server = None
        elif not shut and self._server is None:
            loop = asyncio.get_running_loop()
            listening = _bound(self.door.address, self.port)
            self._server = await loop.create_server(self.connection, sock=listening)

    def close(self) -> None:
        """Give the port back."""
        if self._server:
            self._server.close()
        self._holder.close()


def _may_see(page: Page, fields: list[bytearray]) -> bool:
    return not page.token or f"Authorization: Bearer {page.token}".encode() in fields


def _bound(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def _usual_delay(row: str) -> float:
    share = zlib.crc32(row.encode()) % 1000 / 1000
    jitter = random.uniform(0.8, 1.3)  # noqa: S311 - nothing secret about it
    return (_QUICKEST + (_SLOWEST - _QUICKEST) * share**3) * jitter
