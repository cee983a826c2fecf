"""One look by ICMP echo: how many requests come back, and how quickly."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from probes.dial import Dialer, is_literal
from probes.echoes import INTERVAL, Echoes
from probes.env import Env
from probes.failure import LookError
from probes.observation import Expectation, Observation, PingFacts
from probes.place import Place
from probes.spec import Host, ProbeSpec, format_duration
from probes.stopwatch import Phase, Stopwatch
from probes.verdict import ends_with_a_verdict, judge_time, observe

_SHARE = re.compile(r"([0-9]{1,2}(?:\.[0-9])?)%")
_SCHEMA = {"pattern": r"^\d{1,2}(\.\d)?%$"}


def _check_share(text: str) -> str:
    if not _SHARE.fullmatch(text):
        raise ValueError('want a share of the packets from "0%" to "99.9%", such as "20%"')
    return text


Share = Annotated[str, AfterValidator(_check_share), Field(json_schema_extra=_SCHEMA)]


class PingSpec(ProbeSpec):
    """One host to ping ``count`` times; more than ``max_loss`` lost is a failure."""

    kind: Literal["ping"] = "ping"
    host: Host
    count: Annotated[int, Field(ge=1, le=20)] = 3
    max_loss: Share = "50%"

    @model_validator(mode="after")
    def _room(self) -> Any:
        last = (self.count - 1) * INTERVAL
        if self.timeout <= last:
            want = f"{format_duration(last)}, when the last of them is sent"
            raise ValueError(f"timeout: for {self.count} packets want more than {want}")
        return self


@dataclass(frozen=True, slots=True, eq=False)
class PingTarget:
    """A host made ready. ``max_loss`` is a share of 1; ``within`` words the limit."""

    spec: PingSpec
    label: str
    host_key: str
    literal: bool
    max_loss: float
    within: str
    kind: Literal["ping"] = "ping"


def ping_target(spec: PingSpec, folder: Path) -> PingTarget:
    """Make a spec ready; no key of it names a file."""
    max_loss = float(spec.max_loss.removesuffix("%")) / 100
    within = format_duration(spec.timeout)
    return PingTarget(spec, spec.host, spec.host.lower(), is_literal(spec.host), max_loss, within)


@ends_with_a_verdict
async def look_ping(target: PingTarget, deadline: float, env: Env, started: float) -> Observation:
    """Ping. ``deadline`` is on the running loop's clock; raises nothing but CancelledError.

    The look's ``wait`` is the median round trip, or how long was waited when nothing came back.
    """
    spec, watch = target.spec, Stopwatch()
    dialer = Dialer(env, watch, spec.ip_family, deadline, target.within)
    expectations: list[Expectation] = []
    place: Place | None = None
    facts: PingFacts | None = None
    failure: LookError | None = None
    try:
        place = await dialer.place(spec.host, 0, literal=target.literal)
        echoes = Echoes(place, spec.count, env.open_icmp)
        await echoes.run(deadline)
        facts = _facts(echoes)
        median = facts.rtt_median_ms / 1000
        watch.add(Phase.WAIT, median if facts.received else time.perf_counter() - echoes.sent[0])
        failure = _judge_loss(target, echoes, expectations) or judge_time(spec, median, expectations)
    except LookError as found:
        failure = found.with_traceback(None)  # which would hold this frame, and be held by it
    return observe(
        target,
        started,
        watch,
        failure,
        address=place.address if place else "",
        expectations=expectations,
        ping=facts,
    )


def _judge_loss(target: PingTarget, echoes: Echoes, expectations: list[Expectation]) -> LookError | None:
    loss = (len(echoes.sent) - len(echoes.trips)) / len(echoes.sent)
    ok = loss <= target.max_loss
    seen, want = f"{loss * 100:.1f}".removesuffix(".0") + "%", target.spec.max_loss
    expectations.append(Expectation(f"max_loss {want}", seen, ok))
    if ok:
        return None
    if echoes.unreachable and not echoes.trips:
        return LookError("connect_unreachable", address=echoes.address)
    return LookError("ping_loss", seen=seen, want=want)


def _facts(echoes: Echoes) -> PingFacts:
    trips = sorted(echoes.trips.values()) or [0.0]
    middle = len(trips) // 2
    median = trips[middle] if len(trips) % 2 else (trips[middle - 1] + trips[middle]) / 2
    shortest, median, longest = (round(seconds * 1000, 3) for seconds in (trips[0], median, trips[-1]))
    return PingFacts(len(echoes.sent), len(echoes.trips), shortest, median, longest)
