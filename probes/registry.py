"""The kinds of probe. A new kind is a module here and a line in `KINDS`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probes.arming import with_secrets
from probes.dns import dns_target, look_dns
from probes.dns_spec import DnsSpec
from probes.env import Env
from probes.http import HttpSpec, http_target, look_http
from probes.observation import Observation
from probes.ping import PingSpec, look_ping, ping_target
from probes.port import look_port
from probes.spec import ProbeSpec
from probes.tcp import TcpSpec, tcp_target
from probes.tls_port import TlsPortSpec, tls_target


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is configured, made ready and looked at.

    ``target`` takes a spec and the folder that its files are relative to; it raises
    `probes.target.TargetError`. ``look`` takes a target, a deadline on the running loop's clock and the
    surroundings; it ends by the deadline and raises nothing but CancelledError.
    """

    name: str
    spec: type[ProbeSpec]
    target: Callable[[Any, Path], Any]
    look: Callable[[Any, float, Env], Awaitable[Observation]]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("http", HttpSpec, http_target, with_secrets(look_http)),
        Kind("tcp", TcpSpec, tcp_target, with_secrets(look_port)),
        Kind("tls", TlsPortSpec, tls_target, with_secrets(look_port)),
        Kind("ping", PingSpec, ping_target, look_ping),
        Kind("dns", DnsSpec, dns_target, look_dns),
    )
}
