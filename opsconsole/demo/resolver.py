"""A small DNS server on loopback, for the self-check of the demo's engine: it answers everything alike."""

import asyncio
from collections.abc import Callable
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.rdataclass
import dns.rdatatype
import dns.rrset

_ADDRESS = "127.20.0.80"
_TTL = 60


class Resolver(asyncio.DatagramProtocol):
    """Every name has one address on loopback; other types have no record. Malformed queries are ignored.

    While ``silent()`` is true it answers nobody.
    """

    def __init__(self, silent: Callable[[], bool] = lambda: False) -> None:
        self._silent = silent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str | object, int]) -> None:
        """Answer one query."""
        if not self._silent() and (reply := answer_query(data)):
            self._transport.sendto(reply, address)


def answer_query(query: bytes) -> bytes | None:
    """The answer to a DNS query on the wire; None when it is none."""
    try:
        asked = dns.message.from_wire(query)
    except dns.exception.DNSException:
        return None
    if asked.flags & dns.flags.QR or not asked.question:
        return None
    reply = dns.message.make_response(asked, recursion_available=True)
    question = asked.question[0]
    if question.rdtype == dns.rdatatype.A and question.rdclass == dns.rdataclass.IN:
        reply.answer.append(dns.rrset.from_text(question.name, _TTL, "IN", "A", _ADDRESS))
    return reply.to_wire()
