"""What looks take from their surroundings: addresses that are allowed, names, the wall clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from probes.icmp import OpenIcmp, open_icmp
from probes.resolve import Resolver, shared_resolver
from probes.secrets import Resolve, unresolved

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Env:
    """One for all looks of a process.

    ``allow_networks`` are private networks that a redirect from a public address may lead to.
    ``open_icmp`` gives the socket that pings go through.
    ``secrets`` gives the value of a reference, or raises `probes.secrets.SecretFault`; it is asked at each
    look that needs one.
    ``wall`` gives seconds since the epoch; it dates observations and judges certificates.
    """

    allow_networks: tuple[Network, ...] = ()
    resolver: Resolver = field(default_factory=shared_resolver)
    open_icmp: OpenIcmp = open_icmp
    secrets: Resolve = unresolved
    wall: Callable[[], float] = time.time
