"""The city's own name server: one zone, over UDP and TCP on one port, able to fail as told."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone

from opsconsole.demo.plan import Door, path_of
from opsconsole.demo.servers import Connection, ContextFor, DoorServer, FaultOf
from opsconsole.demo.story import Fault, Ill

_ZONE = """
$TTL 3600
@        IN SOA ns1 hostmaster 2026110301 7200 900 1209600 300
@        IN NS  ns1
@        IN MX  10 surel
@        IN TXT "v=spf1 mx -all"
ns1      IN A   127.20.0.53
surel    IN A   127.20.0.25
portal   IN A   127.20.2.59
ppid     IN A   127.20.2.64
"""
_ORIGIN = dns.name.from_text("sukamaju.example.")
_ASTRAY = "127.20.66.6"
_DATAGRAM_BYTES, _STREAM_BYTES = 512, 65535
_LENGTH_BYTES = 2
_TRIES = 20

FaultFor = Callable[[str], Fault | None]


class Zone:
    """The names of the city. ``fault_for`` tells what is wrong with a question now."""

    def __init__(self, fault_for: FaultFor) -> None:
        self._fault_for = fault_for
        self._zone = dns.zone.from_text(_ZONE, _ORIGIN, relativize=False)

    def answer(self, query: bytes, largest: int) -> bytes | None:
        """The answer to a query on the wire, at most so many bytes; None where none is given."""
        try:
            asked = dns.message.from_wire(query)
        except dns.exception.DNSException:
            return None
        if asked.flags & dns.flags.QR or asked.opcode() != dns.opcode.QUERY or not asked.question:
            return None
        question = asked.question[0]
        fault = self._fault_for(path_of(question.name.to_text(), dns.rdatatype.to_text(question.rdtype)))
        ill = fault.ill if fault else None
        if ill is Ill.SILENT:
            return None
        reply = dns.message.make_response(asked)
        if ill is Ill.SERVFAIL:
            reply.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(reply, question, astray=ill is Ill.ASTRAY)
        return reply.to_wire(max_size=largest, prefer_truncation=True)

    def _fill(self, reply: dns.message.Message, question: dns.rrset.RRset, *, astray: bool) -> None:
        if question.rdclass != dns.rdataclass.IN or not question.name.is_subdomain(_ORIGIN):
            reply.set_rcode(dns.rcode.REFUSED)
            return
        reply.flags |= dns.flags.AA
        found = self._zone.get_rrset(question.name, question.rdtype)
        if found is None:
            if self._zone.get_node(question.name) is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
            reply.authority.append(self._zone.find_rrset(_ORIGIN, "SOA"))
        elif astray and question.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(question.name, found.ttl, "IN", "A", _ASTRAY))
        else:
            reply.answer.append(found)


class NameServer(DoorServer):
    """A door that answers questions, as datagrams and over connections."""

    def __init__(self, door: Door, fault_of: FaultOf, context_for: ContextFor) -> None:
        self._datagrams: asyncio.DatagramTransport | None = None
        for left in reversed(range(_TRIES)):
            super().__init__(door, fault_of, context_for)
            try:
                # Connected to itself it hears nobody: the port stays ours, and callers are refused.
                self._reserved = _bound(door.address, self.port)
                self._reserved.connect((door.address, self.port))
                break
            except OSError:
                super().close()
                if not left:
                    raise
        self.zone = Zone(lambda path: self.fault(self.page(path)))

    def connection(self) -> Connection:
        """Who deals with a new connection."""
        return NameConnection(self)

    async def settle(self) -> None:
        """Listen, or stop, as the story has it now."""
        await super().settle()
        if not self.is_open and self._datagrams:
            self._close_datagrams()
            await asyncio.sleep(0)  # a transport closes its socket in the next turn
        elif self.is_open and self._datagrams is None:
            bound = _bound(self.door.address, self.port)
            loop = asyncio.get_running_loop()
            self._datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self.zone), sock=bound
            )

    def close(self) -> None:
        """Give the port back."""
        self._close_datagrams()
        self._reserved.close()
        super().close()

    def _close_datagrams(self) -> None:
        if self._datagrams:
            self._datagrams.close()
            self._datagrams = None


class NameConnection(Connection):
    """Questions over TCP: every message behind its length, until the caller hangs up."""

    def __init__(self, server: NameServer) -> None:
        super().__init__(server)
        self._zone = server.zone
        self._heard = bytearray()

    def heard(self, data: bytes) -> None:
        """Answer every question that is whole."""
        self._heard += data
        while len(self._heard) >= _LENGTH_BYTES:
            end = _LENGTH_BYTES + int.from_bytes(self._heard[:_LENGTH_BYTES], "big")
            if len(self._heard) < end:
                return
            query = bytes(self._heard[_LENGTH_BYTES:end])
            del self._heard[:end]
            if reply := self._zone.answer(query, _STREAM_BYTES):
                self.channel.send(len(reply).to_bytes(_LENGTH_BYTES, "big") + reply)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str | object, int]) -> None:
        if reply := self._zone.answer(data, _DATAGRAM_BYTES):
            self._transport.sendto(reply, address)


def _bound(address: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # The reserved socket and the one that hears share the port.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.setblocking(False)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound
