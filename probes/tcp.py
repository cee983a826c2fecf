"""One look at a TCP port: it accepts a connection, speaks TLS and plays a script where that is asked for."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from probes.port import PortTarget, port_target
from probes.script_spec import Script, check_script, plan
from probes.spec import Host, Port, ProbeSpec
from probes.tls_spec import TlsSpec


class TcpSpec(ProbeSpec):
    """One port to connect to, and what is said there.

    ``tls`` given, even empty, means TLS from the first byte, unless ``script`` has a ``starttls`` step,
    which then uses it.
    """

    kind: Literal["tcp"] = "tcp"
    host: Host
    port: Port
    tls: TlsSpec | None = None
    script: Annotated[Script, AfterValidator(check_script)] = []


def tcp_target(spec: TcpSpec, folder: Path) -> PortTarget:
    """Make a spec ready. Raises TargetError when a file it names can not be used."""
    asked = spec.tls
    if asked is None and any(step.starttls for step in spec.script):
        asked = TlsSpec()
    actions = plan(spec.script)
    return port_target(spec, folder, host=spec.host, port=spec.port, asked=asked, actions=actions)
