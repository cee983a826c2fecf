"""What one run of a probe saw: the same shape for every kind.

An observation is immutable, versioned and already sanitised: no text in it can carry a control
character, and none is longer than a screen needs. `opsconsole probe --json` prints one.
"""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

VERSION = 1
_EXCERPT_CHARS = 300

Param = str | int | float | bool | None


class Verdict(StrEnum):
    """What an observation says of its target. Our own trouble is ``unknown``, never ``down``."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


class Phases(msgspec.Struct, frozen=True):
    """Milliseconds spent in each phase, summed over redirects; 0 where a phase was not reached."""

    resolve: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    send: float = 0.0
    wait: float = 0.0
    receive: float = 0.0


class Expectation(msgspec.Struct, frozen=True):
    """One thing that was asked of the answer, with the value that was seen."""

    expr: str
    seen: str
    ok: bool


class Redirect(msgspec.Struct, frozen=True):
    """One hop that was followed. ``location`` is where it led; ``duration_ms`` is the hop alone."""

    url: str
    status: int
    location: str
    duration_ms: float


class HttpFacts(msgspec.Struct, frozen=True, omit_defaults=False):
    """Facts of the last response. ``body_bytes`` counts decoded bytes, ``wire_bytes`` bytes as received."""

    status: int = 0
    version: str = ""
    redirects: tuple[Redirect, ...] = ()
    body_bytes: int = 0
    wire_bytes: int = 0
    body_complete: bool = True
    content_type: str = ""
    title: str = ""
    excerpt: str = ""


class TlsFacts(msgspec.Struct, frozen=True):
    """Facts of the last handshake. ``chain_expires_at`` is the earliest of the verified chain."""

    version: str = ""
    verified: bool = False
    fingerprint: str = ""
    leaf_expires_at: datetime | None = None
    chain_expires_at: datetime | None = None
    issuer: str = ""
    subject: str = ""


class PingFacts(msgspec.Struct, frozen=True):
    """Facts of echo requests: how many went and came back, and how long the round trips took."""

    sent: int = 0
    received: int = 0
    rtt_min_ms: float = 0.0
    rtt_median_ms: float = 0.0
    rtt_max_ms: float = 0.0


class DnsFacts(msgspec.Struct, frozen=True):
    """Facts of the last answer. ``answers`` are the first of its ``records`` as zone files write them.

    ``transport`` is what it came over, ``truncated`` tells that over UDP it did not fit. Without an answer
    ``rcode`` is empty.
    """

    rcode: str = ""
    authoritative: bool = False
    recursion_available: bool = False
    transport: str = ""
    truncated: bool = False
    records: int = 0
    answers: tuple[str, ...] = ()


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a probe saw.

    ``reason`` is a code of `probes.reasons`, ``params`` its parameters (what was seen, what was
    wanted) and ``detail`` the same in an English sentence. ``address`` and ``port`` are those that
    were connected to. Times are UTC; ``duration_ms`` is measured on the monotonic clock.
    """

    v: int = VERSION
    kind: str
    target: str
    started_at: datetime
    duration_ms: float
    verdict: Verdict
    reason: str
    params: dict[str, Param] = {}
    detail: str = ""
    phases_ms: Phases = Phases()
    address: str = ""
    port: int = 0
    expectations: tuple[Expectation, ...] = ()
    http: HttpFacts | None = None
    tls: TlsFacts | None = None
    ping: PingFacts | None = None
    dns: DnsFacts | None = None
    steps: tuple["Observation", ...] = ()

    @property
    def excerpt(self) -> str:
        """How what was answered begins, where it can be read."""
        if self.dns is not None:
            return " | ".join(self.dns.answers)[:_EXCERPT_CHARS]
        return self.http.excerpt if self.http is not None else ""


def utc(seconds: float) -> datetime:
    """An aware UTC datetime from seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)
