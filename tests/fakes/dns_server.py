"""A name server on loopback, UDP and TCP on one port, that answers as it is told: well, badly or never."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Self, cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

NAME = "portal.kota.example"
RECORD = f"{NAME}. 300 IN A 127.20.2.59"
_HEADER_BYTES = 12
_POINTER_TO_QUESTION = b"\xc0\x0c"
_CHAIN = 14

Udp = Callable[[bytes], Iterable[bytes]]
Tcp = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def answered(
    query: bytes,
    *records: str,
    rcode: str = "NOERROR",
    flags: int = 0,
    authority: tuple[str, ...] = (),
    additional: tuple[str, ...] = (),
) -> bytes:
    """A proper answer to ``query`` with records as a zone file writes them; ``flags`` are added."""
    reply = dns.message.make_response(dns.message.from_wire(query), recursion_available=True)
    reply.flags |= flags
    reply.set_rcode(dns.rcode.from_text(rcode))
    for section, texts in (
        (reply.answer, records),
        (reply.authority, authority),
        (reply.additional, additional),
    ):
        for text in texts:
            owner, ttl, group, kind, data = text.split(" ", 4)
            section.append(dns.rrset.from_text(owner, int(ttl), group, kind, data))
    return reply.to_wire(max_size=65535)


def built(query: bytes, records: int, body: bytes, *, flags: int = 0x8180) -> bytes:
    """An answer of raw bytes behind a proper header and question."""
    question = query[_HEADER_BYTES:]
    return query[:2] + struct.pack("!5H", flags, 1, records, 0, 0) + question + body


def raw_record(kind: int, data: bytes, *, owner: bytes = _POINTER_TO_QUESTION, ttl: int = 60) -> bytes:
    """One record on the wire; without another ``owner`` that of the question."""
    return owner + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def pointer(offset: int) -> bytes:
    """A name that goes on at ``offset``."""
    return struct.pack("!H", 0xC000 | offset)


class DnsServer:
    """Answers each datagram with what ``udp`` gives, each query over a connection by ``tcp``.

    Without ``tcp`` the same goes over a connection. ``asked`` holds every query, ``over`` which way it came.
    """

    def __init__(self, udp: Udp, tcp: Tcp | None = None, address: str = "127.0.0.1") -> None:
        self.asked: list[bytes] = []
        self.over: list[str] = []
        self.sources: list[int] = []
        self.port = 0
        self._udp, self._tcp = udp, tcp
        self._address = address
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def server(self) -> str:
        """What a probe writes."""
        return f"[{self._address}]:{self.port}" if ":" in self._address else f"{self._address}:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        while not self.port:
            self._listener = await asyncio.start_server(self._connected, self._address, 0)
            port = self._listener.sockets[0].getsockname()[1]
            try:
                self._datagrams, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self), local_addr=(self._address, port)
                )
            except OSError:
                self._listener.close()
                continue
            self.port = port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self._datagrams.close()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.sleep(0)

    def datagram(self, query: bytes, source: tuple[str, int]) -> Iterable[bytes]:
        """What to send back."""
        self.asked.append(query)
        self.over.append("udp")
        self.sources.append(source[1])
        return self._udp(query)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            length = int.from_bytes(await reader.readexactly(2), "big")
            query = await reader.readexactly(length)
            self.asked.append(query)
            self.over.append("tcp")
            if self._tcp is not None:
                await self._tcp(query, writer)
            else:
                for message in self._udp(query):
                    writer.write(framed(message))
            await writer.drain()
            await reader.read()
        self._open.discard(writer)
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str | object, int]) -> None:
        for message in self._server.datagram(data, cast("tuple[str, int]", address)):
            self._transport.sendto(message, address)


def framed(message: bytes, length: int | None = None) -> bytes:
    """A message on a stream, perhaps with a length that is not its own."""
    return (len(message) if length is None else length).to_bytes(2, "big") + message


def with_another_id(message: bytes) -> bytes:
    """The message for somebody else's query."""
    return bytes([message[0] ^ 0xFF]) + message[1:]


def healthy(query: bytes) -> list[bytes]:
    """The record, plainly."""
    return [answered(query, RECORD)]


def truncated(query: bytes) -> list[bytes]:
    """Half of an answer that does not fit."""
    return [answered(query, RECORD, flags=dns.flags.TC)[:-3]]


def _cname_only(query: bytes) -> list[bytes]:
    return [answered(query, f"{NAME}. 300 IN CNAME lost.kota.example.")]


def _escapes(query: bytes) -> list[bytes]:
    return [built(query, 1, raw_record(16, b"\x0c\x1b]0;owned\x07\x9b1"))]


def _huge_txt(query: bytes) -> list[bytes]:
    return [built(query, 1, raw_record(16, (b"\xff" + b"x" * 255) * 250))]


def _large_txt(query: bytes) -> list[bytes]:
    return [built(query, 1, raw_record(16, (b"\xff" + b"x" * 255) * 60))]


def _many_records(query: bytes) -> list[bytes]:
    return [built(query, 3700, raw_record(1, b"\x7f\x00\x00\x01") * 3700)]


def _pointer_to_itself(query: bytes) -> list[bytes]:
    here = len(query)
    return [built(query, 1, raw_record(1, b"\x7f\x00\x00\x01", owner=pointer(here)))]


def _pointers_in_a_circle(query: bytes) -> list[bytes]:
    here = len(query)
    body = raw_record(5, pointer(here + 14)) + raw_record(5, pointer(here + 12))
    return [built(query, 2, body)]


def _name_bomb(query: bytes) -> list[bytes]:
    """Every name of 1,500 records unfolds to 127 labels."""
    labels = b"\x01a" * 110
    first = raw_record(5, labels + _POINTER_TO_QUESTION)
    again = pointer(len(query) + 12)
    return [built(query, 1500, first + raw_record(5, again, owner=again) * 1499)]


def _chain_bomb(query: bytes) -> list[bytes]:
    """2,000 names, each behind as long a chain of pointers as most would follow."""
    first = len(query) + 12
    links = [_POINTER_TO_QUESTION, *(pointer(first + 2 * at) for at in range(_CHAIN))]
    chain = raw_record(65280, b"".join(links))
    last = pointer(first + 2 * _CHAIN)
    return [built(query, 2001, chain + raw_record(1, b"\x7f\x00\x00\x01", owner=last) * 2000)]


def _bitmap_bomb(query: bytes) -> list[bytes]:
    """Seven records that name every type there can be."""
    bitmap = b"\0" + b"".join(bytes((window, 32)) + b"\xff" * 32 for window in range(256))
    return [built(query, 7, raw_record(47, bitmap) * 7)]


def _small_bitmaps(query: bytes) -> list[bytes]:
    bitmap = b"\0" + b"".join(bytes((window, 32)) + b"\xff" * 32 for window in range(15))
    return [built(query, 120, raw_record(47, bitmap) * 120)]


def _odd_types(query: bytes) -> list[bytes]:
    return [built(query, 3000, b"".join(raw_record(1000 + at, b"\x01\x02") for at in range(3000)))]


def _lying_counts(query: bytes) -> list[bytes]:
    return [built(query, 65535, raw_record(1, b"\x7f\x00\x00\x01"))]


def _short_address(query: bytes) -> list[bytes]:
    return [built(query, 1, raw_record(1, b"\x7f"))]


def _header_alone(query: bytes) -> list[bytes]:
    return [query[:2] + b"\x81\x80"]


def _question_missing(query: bytes) -> list[bytes]:
    return [query[:2] + struct.pack("!5H", 0x8182, 0, 0, 0, 0)]


def _garbage(query: bytes) -> list[bytes]:
    noise = random.Random(7)
    return [query[:2] + b"\x80\x00" + noise.randbytes(300)]


def _another_question(query: bytes) -> list[bytes]:
    other = dns.message.make_query("mirip.example", "A", id=int.from_bytes(query[:2], "big"), use_edns=False)
    return [answered(other.to_wire(), "mirip.example. 300 IN A 127.66.6.6")]


def _from_another_port(query: bytes, to: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.sendto(answered(query, f"{NAME}. 300 IN A 127.66.6.6"), ("127.0.0.1", to))


class Stranger(DnsServer):
    """Lets somebody else answer, from another port."""

    def datagram(self, query: bytes, source: tuple[str, int]) -> Iterable[bytes]:
        """Nothing of its own."""
        _from_another_port(query, source[1])
        return super().datagram(query, source)


UDP: Mapping[str, Udp] = {
    "healthy": healthy,
    "silent": lambda query: [],
    "another id": lambda query: [with_another_id(healthy(query)[0])],
    "another question": _another_question,
    "the query itself": lambda query: [query],
    "strays, then the answer": lambda query: [
        b"x" * 40,
        with_another_id(healthy(query)[0]),
        *_another_question(query),
        query,
        *healthy(query),
    ],
    "servfail": lambda query: [answered(query, rcode="SERVFAIL")],
    "servfail without question": _question_missing,
    "refused": lambda query: [answered(query, rcode="REFUSED")],
    "nxdomain": lambda query: [answered(query, rcode="NXDOMAIN")],
    "empty": lambda query: [answered(query)],
    "cname only": _cname_only,
    "escapes": _escapes,
    "large txt": _large_txt,
    "huge txt": _huge_txt,
    "many records": _many_records,
    "pointer to itself": _pointer_to_itself,
    "pointers in a circle": _pointers_in_a_circle,
    "name bomb": _name_bomb,
    "chain bomb": _chain_bomb,
    "bitmap bomb": _bitmap_bomb,
    "small bitmaps": _small_bitmaps,
    "odd types": _odd_types,
    "lying counts": _lying_counts,
    "short address": _short_address,
    "header alone": _header_alone,
    "garbage": _garbage,
    "trailing bytes": lambda query: [healthy(query)[0] + b"tail"],
}


async def _tells_too_much(query: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(framed(healthy(query)[0], 60_000))


async def _tells_too_much_and_closes(query: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(framed(healthy(query)[0], 60_000))
    writer.write_eof()


async def _tells_too_little(query: bytes, writer: asyncio.StreamWriter) -> None:
    message = healthy(query)[0]
    writer.write(framed(message, len(message) - 3))


async def _drips(query: bytes, writer: asyncio.StreamWriter) -> None:
    for byte in framed(answered(query, *[RECORD] * 20)):
        writer.write(bytes((byte,)))
        await asyncio.sleep(0.1)


async def _closes(query: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write_eof()


async def _floods(query: bytes, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(framed(with_another_id(healthy(query)[0])) * 50)
        await writer.drain()
        await asyncio.sleep(0.01)


async def _in_pieces(query: bytes, writer: asyncio.StreamWriter) -> None:
    for byte in framed(with_another_id(query)) + framed(healthy(query)[0]):
        writer.write(bytes((byte,)))
        await writer.drain()


async def _hangs(query: bytes, writer: asyncio.StreamWriter) -> None:
    """Takes the query and says nothing."""


TCP: Mapping[str, Tcp] = {
    "length too large": _tells_too_much,
    "length too large, closed": _tells_too_much_and_closes,
    "length too small": _tells_too_little,
    "drips": _drips,
    "closes": _closes,
    "floods": _floods,
    "in pieces": _in_pieces,
    "hangs": _hangs,
}
