"""Which addresses a look may connect to.

Addresses that belong to no application are always denied, in whatever form they are wrapped. Loopback and
private addresses are where a city's applications live, so a configured target may be there; but a
redirect may not lead from further out to further in, unless the network is allowed by name.
"""

import enum
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Reach(enum.IntEnum):
    """How far in an address lies; a redirect may stay or lead outwards."""

    PUBLIC = 0
    PRIVATE = 1
    LOOPBACK = 2


@dataclass(frozen=True, slots=True)
class Examined:
    """The address that one stands for, how far in that lies, and the rule that denies it, if any."""

    address: Address
    reach: Reach
    denied: str = ""


# IANA's special-purpose registries (RFC 6890 and its updates), and where clouds serve credentials.
_DENIED_V4 = tuple(
    (IPv4Network(network), rule)
    for network, rule in (
        ("0.0.0.0/8", "unspecified"),
        ("169.254.0.0/16", "link-local"),
        ("100.100.100.200/32", "metadata"),
        ("168.63.129.16/32", "metadata"),
        ("192.0.0.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_PRIVATE_V4 = tuple(
    IPv4Network(network) for network in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_DENIED_V6 = tuple(
    (IPv6Network(network), rule)
    for network, rule in (
        ("::/128", "unspecified"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
        ("fd00:ec2::/32", "metadata"),
        ("fd20:ce::/32", "metadata"),
    )
)
_LOOPBACK_V6 = IPv6Address("::1")
_PRIVATE_V6 = IPv6Network("fc00::/7")
_GLOBAL_V6 = IPv6Network("2000::/3")
_MAPPED_V6 = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


@functools.lru_cache(maxsize=8192)
def examine(text: str) -> Examined:
    """What the literal address ``text`` is. Raises ValueError when it is none."""
    address = ip_address(text)
    return _examine_v4(address) if isinstance(address, IPv4Address) else _examine_v6(address)


def _examine_v4(address: IPv4Address) -> Examined:
    denied = next((rule for network, rule in _DENIED_V4 if address in network), "")
    if address in _LOOPBACK_V4:
        reach = Reach.LOOPBACK
    else:
        reach = Reach.PRIVATE if any(address in network for network in _PRIVATE_V4) else Reach.PUBLIC
    return Examined(address, reach, denied)


def _examine_v6(address: IPv6Address) -> Examined:
    if address in _MAPPED_V6:
        return _examine_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    inside = [_examine_v4(IPv4Address(number)) for number in _embedded(address)]
    denied = next((rule for network, rule in _DENIED_V6 if address in network), "")
    denied = denied or next((found.denied for found in inside if found.denied), "")
    if address == _LOOPBACK_V6:
        return Examined(address, Reach.LOOPBACK)
    reach = max((found.reach for found in inside), default=Reach.PUBLIC)
    if address in _PRIVATE_V6 or address in _NAT64_LOCAL:
        reach = max(reach, Reach.PRIVATE)
    elif address not in _GLOBAL_V6 and address not in _NAT64:
        denied = denied or "reserved"
    return Examined(address, reach, denied)


def _embedded(address: IPv6Address) -> Iterable[int]:
    """The IPv4 addresses that a translator or tunnel may make of ``address`` (RFC 6052, 3056, 4380, 5214)."""
    number = int(address)
    if address in _NAT64:
        yield number & 0xFFFFFFFF
    if address in _NAT64_LOCAL:
        # Of a /96 prefix, or of a /48: then half of it stands before the byte that is always zero.
        yield from filter(None, (number & 0xFFFFFFFF, (number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF))
    if address in _SIX_TO_FOUR:
        yield number >> 80 & 0xFFFFFFFF
    if address in _TEREDO:
        yield number >> 64 & 0xFFFFFFFF
        yield ~number & 0xFFFFFFFF
    if number >> 32 & 0xFFFFFFFF in _ISATAP:
        yield number & 0xFFFFFFFF


def denial(found: Examined, came_from: Reach | None, allowed: Iterable[Network]) -> str:
    """The rule that denies an address, empty when it is allowed.

    ``came_from`` is how far in the host lies that redirected here, None for a configured target.
    """
    if found.denied or came_from is None or found.reach <= came_from:
        return found.denied
    if any(found.address in network for network in allowed if network.version == found.address.version):
        return ""
    return found.reach.name.lower()
