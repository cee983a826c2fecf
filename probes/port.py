"""One look at a port: it is connected to, perhaps over TLS, perhaps with a script. Shared by tcp and tls."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from probes.arming import Arming, Need
from probes.conversation import Conversation
from probes.dial import Dialer, is_literal
from probes.env import Env
from probes.failure import LookError
from probes.observation import Expectation, Observation
from probes.place import Place
from probes.script_spec import Action, StartTls
from probes.secrets import Secret
from probes.spec import ProbeSpec, format_duration
from probes.stopwatch import Stopwatch
from probes.tls import tls_context
from probes.tls_spec import TlsSpec
from probes.verdict import ends_with_a_verdict, judge_certificates, judge_time, observe


@dataclass(frozen=True, slots=True, eq=False)
class PortTarget:
    """A port made ready. ``asked`` is what TLS is asked for, None where it is not spoken.

    ``tls`` is the context and whom the certificate must be for: from the first byte, or from a StartTls of
    ``actions`` on. ``within`` words the limit.
    """

    kind: str
    spec: ProbeSpec
    host: str
    port: int
    label: str
    literal: bool
    asked: TlsSpec | None
    tls: tuple[ssl.SSLContext, str] | None
    actions: tuple[Action, ...]
    within: str
    arming: Arming | None = None

    @property
    def host_key(self) -> str:
        """What the bound on looks per host counts by."""
        return self.label.lower()

    @property
    def upgrades(self) -> bool:
        """Whether TLS begins in the middle."""
        return any(isinstance(action, StartTls) for action in self.actions)


def port_target(
    spec: ProbeSpec,
    folder: Path,
    *,
    host: str,
    port: int,
    asked: TlsSpec | None,
    actions: tuple[Action, ...] = (),
) -> PortTarget:
    """Make a spec ready. Raises TargetError when a file it names can not be used."""
    target = PortTarget(
        kind=spec.kind,
        spec=spec,
        host=host,
        port=port,
        label=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        literal=is_literal(host),
        asked=asked,
        tls=(tls_context(asked, folder), asked.server_name or host.rstrip(".")) if asked else None,
        actions=actions,
        within=format_duration(spec.timeout),
    )
    if asked is None or not asked.client_ref:
        return target
    need = Need("tls.client_cert", asked.client_ref)
    return replace(target, arming=Arming((need,), partial(_armed, target, asked, folder)))


def _armed(target: PortTarget, asked: TlsSpec, folder: Path, values: Mapping[str, Secret]) -> PortTarget:
    """The target with its certificate. Raises SecretFault."""
    assert target.tls is not None, "a certificate is asked for only where TLS is spoken"
    context = tls_context(asked, folder, client=values[asked.client_ref])
    return replace(target, tls=(context, target.tls[1]))


@ends_with_a_verdict
async def look_port(target: PortTarget, deadline: float, env: Env, started: float) -> Observation:
    """Connect. ``deadline`` is on the running loop's clock; raises nothing but CancelledError."""
    watch = Stopwatch()
    dialer = Dialer(env, watch, target.spec.ip_family, deadline, target.within)
    expectations: list[Expectation] = []
    place: Place | None = None
    connection: Conversation | None = None
    failure: LookError | None = None
    try:
        place = await dialer.place(target.host, target.port, literal=target.literal)
        connection = _connection(target, place, watch)
        await connection.run(deadline)
    except LookError as found:
        failure = found.with_traceback(None)  # which would hold this frame, and be held by it
    shown = connection.certificates if connection else None
    if connection is not None:
        expectations += connection.expectations
    if failure is None:
        slow = judge_time(target.spec, watch.seconds, expectations)
        asked = target.asked
        expiring = judge_certificates(asked, shown, started, expectations) if asked else None
        failure = slow or expiring
    return observe(
        target,
        started,
        watch,
        failure,
        address=place.address if place else "",
        port=target.port if place else 0,
        expectations=expectations,
        tls=shown.facts if shown else None,
    )


def _connection(target: PortTarget, place: Place, watch: Stopwatch) -> Conversation:
    at_once, later = (None, target.tls) if target.upgrades else (target.tls, None)
    return Conversation(place, watch, target.actions, tls=at_once, upgrade=later)
