"""One look at a TLS port: the handshake alone, and how long the certificates still hold."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from probes.port import PortTarget, port_target
from probes.spec import Host, Port, ProbeSpec
from probes.tls_spec import TlsSpec


class PortTlsSpec(TlsSpec):
    """The ``tls`` section of a tls probe: what the certificate is asked for stands at the probe's top."""

    @field_validator("min_days")
    @classmethod
    def _stands_at_the_top(cls, value: int | None) -> int | None:
        if value is not None:
            raise ValueError("for kind tls it stands at the top of the probe, not in its tls section")
        return value


class TlsPortSpec(ProbeSpec):
    """One port to shake hands with. ``min_days`` left out means what it means in a ``tls`` section."""

    kind: Literal["tls"] = "tls"
    host: Host
    port: Port
    min_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    tls: PortTlsSpec = PortTlsSpec()


def tls_target(spec: TlsPortSpec, folder: Path) -> PortTarget:
    """Make a spec ready. Raises TargetError when a file it names can not be used."""
    asked = spec.tls.model_copy(update={"min_days": spec.min_days})
    return port_target(spec, folder, host=spec.host, port=spec.port, asked=asked)
