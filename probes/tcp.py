"""One look at a TCP port: it accepts a connection, and speaks TLS where that is asked for."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from probes.connection import Connection
from probes.dial import Dialer, is_literal
from probes.env import Env
from probes.failure import LookError, our_own
from probes.observation import Expectation, Observation
from probes.place import Place
from probes.spec import Host, Port, ProbeSpec, format_duration
from probes.stopwatch import Stopwatch
from probes.tls import tls_context
from probes.tls_spec import TlsSpec
from probes.verdict import judge_certificates, judge_time, observe


class TcpSpec(ProbeSpec):
    """One port to connect to. ``tls`` given, even empty, means TLS from the first byte."""

    kind: Literal["tcp"] = "tcp"
    host: Host
    port: Port
    tls: TlsSpec | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TcpTarget:
    """A port made ready. ``tls`` is the context and the certificate's name; ``within`` words the limit."""

    spec: TcpSpec
    label: str
    host_key: str
    literal: bool
    tls: tuple[ssl.SSLContext, str] | None
    within: str
    kind: Literal["tcp"] = "tcp"


def tcp_target(spec: TcpSpec, folder: Path) -> TcpTarget:
    """Make a spec ready. Raises TargetError when a file it names can not be used."""
    address = f"[{spec.host}]:{spec.port}" if ":" in spec.host else f"{spec.host}:{spec.port}"
    tls = None
    if spec.tls:
        tls = tls_context(spec.tls, folder), spec.tls.server_name or spec.host.rstrip(".")
    within = format_duration(spec.timeout)
    return TcpTarget(spec, address, address.lower(), is_literal(spec.host), tls, within)


async def look_tcp(target: TcpTarget, deadline: float, env: Env) -> Observation:
    """Connect. ``deadline`` is on the running loop's clock; raises nothing but CancelledError."""
    started = env.wall()
    try:
        return await _look(target, deadline, env, started)
    except Exception as error:  # ours, and no reason to leave a target without a verdict
        return observe(target, started, Stopwatch(), our_own(error))


async def _look(target: TcpTarget, deadline: float, env: Env, started: float) -> Observation:
    spec, watch = target.spec, Stopwatch()
    dialer = Dialer(env, watch, spec.ip_family, deadline, target.within)
    expectations: list[Expectation] = []
    place: Place | None = None
    connection: Connection | None = None
    failure: LookError | None = None
    try:
        place = await dialer.place(spec.host, spec.port, literal=target.literal)
        connection = Connection(place, watch, target.tls)
        await connection.run(deadline)
    except LookError as found:
        failure = found.with_traceback(None)  # which would hold this frame, and be held by it
    shown = connection.certificates if connection else None
    if failure is None:
        slow = judge_time(spec, watch.seconds, expectations)
        expiring = judge_certificates(spec.tls, shown, started, expectations) if spec.tls else None
        failure = slow or expiring
    return observe(
        target,
        started,
        watch,
        failure,
        address=place.address if place else "",
        port=spec.port if place else 0,
        expectations=expectations,
        tls=shown.facts if shown else None,
    )
