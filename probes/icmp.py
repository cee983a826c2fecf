"""ICMP echo (RFC 792, RFC 4443): the socket for it, the requests, and what of what comes back is ours."""

import contextlib
import secrets
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_GROUP_RANGE = Path("/proc/sys/net/ipv4/ping_group_range")
# Of linux/icmp.h, linux/icmpv6.h and linux/in.h; the socket module has no names for them.
_SOL_RAW, _ICMP_FILTER, _ICMPV6_FILTER = 255, 1, 1
_IP_RECVERR, _IPV6_RECVERR = 11, 25
MSG_ERRQUEUE = 0x2000
_HEADER = struct.Struct("!BBHHH")
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class IcmpSocket:
    """A socket that does not block. A ``raw`` one sees all replies, the other only those to itself."""

    sock: socket.socket
    raw: bool


OpenIcmp = Callable[[socket.AddressFamily], IcmpSocket]


def open_icmp(family: socket.AddressFamily) -> IcmpSocket:
    """A socket for echoes, without rights where the kernel allows that to our group, else with CAP_NET_RAW.

    Raises PermissionError, saying what the kernel allows, and other OSErrors.
    """
    protocol = socket.IPPROTO_ICMP if family == socket.AF_INET else socket.IPPROTO_ICMPV6
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        with contextlib.suppress(PermissionError):
            sock = socket.socket(family, kind | socket.SOCK_NONBLOCK, protocol)
            _set_up(sock, raw=kind is socket.SOCK_RAW)
            return IcmpSocket(sock, kind is socket.SOCK_RAW)
    raise PermissionError(f"net.ipv4.ping_group_range is {_group_range()}")


def _set_up(sock: socket.socket, *, raw: bool) -> None:
    """Hear of unreachable hosts, and on a raw socket of nothing else but replies."""
    if sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        if raw:
            sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", ~(1 << Echo.REPLY_V4) & 0xFFFFFFFF))
        return
    sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    if raw:
        blocked = [0xFFFFFFFF] * 8
        blocked[Echo.REPLY_V6 // 32] &= ~(1 << Echo.REPLY_V6 % 32)
        sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMPV6_FILTER, struct.pack("=8I", *blocked))


def _group_range() -> str:
    try:
        return " ".join(_GROUP_RANGE.read_text("ascii").split())
    except OSError:
        return "?"


class Echo:
    """The requests of one look over ``opened``, numbered from 0, with a token that nobody can guess."""

    REQUEST_V4, REPLY_V4, REQUEST_V6, REPLY_V6 = 8, 0, 128, 129

    def __init__(self, opened: IcmpSocket):
        is_v4 = opened.sock.family == socket.AF_INET
        self._types = (self.REQUEST_V4, self.REPLY_V4) if is_v4 else (self.REQUEST_V6, self.REPLY_V6)
        self._raw = opened.raw
        self._has_ip_header = opened.raw and is_v4
        self._id = secrets.randbelow(0x10000)
        self._token = secrets.token_bytes(_TOKEN_BYTES)

    def request(self, number: int) -> bytes:
        """The packet to send. Where the socket is not raw, and for IPv6, the kernel sums it afresh."""
        unsummed = _HEADER.pack(self._types[0], 0, 0, self._id, number) + self._token
        return _HEADER.pack(self._types[0], 0, _checksum(unsummed), self._id, number) + self._token

    def answered(self, packet: bytes) -> int | None:
        """The number of the request that a received packet answers, None when it answers none of ours."""
        if self._has_ip_header:
            packet = packet[(packet[0] & 0x0F) * 4 :] if packet else packet
        number = self._number(packet, self._types[1])
        return number if packet[_HEADER.size :] == self._token else None

    def refused(self, quoted: bytes) -> int | None:
        """The number of the request that an ICMP error quotes, None when it quotes none of ours."""
        return self._number(quoted, self._types[0])

    def _number(self, packet: bytes, wanted: int) -> int | None:
        if len(packet) < _HEADER.size:
            return None
        kind, code, _, identifier, number = _HEADER.unpack_from(packet)
        # On other sockets the kernel puts in an identifier of its own, and sorts by it.
        if kind != wanted or code or (self._raw and identifier != self._id):
            return None
        return int(number)


def _checksum(packet: bytes) -> int:
    """The Internet checksum of a packet of even length (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF
