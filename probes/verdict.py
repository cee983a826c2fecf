"""How a look ends: the last rules that hold for every kind, and the observation it leaves."""

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from typing import TypeVar

from probes.certificates import Certificates
from probes.env import Env
from probes.failure import LookError, our_own
from probes.observation import (
    DnsFacts,
    Expectation,
    HttpFacts,
    Observation,
    PingFacts,
    TlsFacts,
    Verdict,
    utc,
)
from probes.reasons import sentence
from probes.spec import ProbeSpec, format_duration
from probes.stopwatch import Stopwatch
from probes.target import Target
from probes.tls_spec import TlsSpec

DAY = 86400.0
_OK = sentence("ok", {})
# Enough time to renew by hand; certificates that live for days alone need less (a third of their life).
MIN_DAYS = 14
_SHORT_LIFE = 1 / 3


def judge_time(spec: ProbeSpec, seconds: float, expectations: list[Expectation]) -> LookError | None:
    """``slow`` when the look took longer than ``slow_over``."""
    if spec.slow_over is None:
        return None
    ok = seconds <= spec.slow_over
    seen, want = _shown(seconds, spec.slow_over, ok=ok), format_duration(spec.slow_over)
    expectations.append(Expectation(f"slow_over {want}", seen, ok))
    return None if ok else LookError("slow", seen=seen, want=want)


def _shown(seconds: float, limit: float, *, ok: bool) -> str:
    """A time to the millisecond, rounded so that it stays on its side of the limit."""
    count = round(seconds * 1000)
    if (count <= round(limit * 1000)) is not ok:
        count += -1 if ok else 1
    return format_duration(count / 1000) if count else "<1ms"


def judge_certificates(
    spec: TlsSpec, shown: Certificates | None, now: float, expectations: list[Expectation]
) -> LookError | None:
    """``cert_expiring`` when the earliest certificate of the chain ends within ``min_days``."""
    if shown is None or shown.expires is None:
        return None
    left = (shown.expires - now) / DAY
    want = spec.min_days
    if want is None:
        want = min(MIN_DAYS, int(shown.life * _SHORT_LIFE / DAY))
    ok = left >= want
    days = int(left // 1)
    expectations.append(Expectation(f"min_days {want}", str(days), ok))
    return None if ok else LookError("cert_expiring", seen=days, want=want)


def observe(
    target: Target,
    started: float,
    watch: Stopwatch,
    failure: LookError | None,
    *,
    address: str = "",
    port: int = 0,
    expectations: Iterable[Expectation] = (),
    http: HttpFacts | None = None,
    tls: TlsFacts | None = None,
    ping: PingFacts | None = None,
    dns: DnsFacts | None = None,
) -> Observation:
    """The observation of a look that began at ``started`` (seconds since the epoch)."""
    reason, verdict, params = "ok", Verdict.UP, {}
    if failure is not None:
        reason, verdict, params = failure.reason, failure.verdict, failure.params
    return Observation(
        kind=target.kind,
        target=target.label,
        started_at=utc(started),
        duration_ms=round(watch.seconds * 1000, 3),
        verdict=verdict,
        reason=reason,
        params=params,
        detail=sentence(reason, params) if failure else _OK,
        phases_ms=watch.phases(),
        address=address,
        port=port,
        expectations=tuple(expectations),
        http=http,
        tls=tls,
        ping=ping,
        dns=dns,
    )


T = TypeVar("T", bound=Target)


def ends_with_a_verdict(
    look: Callable[[T, float, Env, float], Awaitable[Observation]],
) -> Callable[[T, float, Env], Awaitable[Observation]]:
    """A look as the registry wants it, from one that is also told when it began (seconds since the epoch).

    It raises nothing but CancelledError: what else comes up is ours, and no reason to leave a target without
    a verdict.
    """

    @wraps(look)
    async def guarded(target: T, deadline: float, env: Env) -> Observation:
        started = env.wall()
        try:
            return await look(target, deadline, env, started)
        except Exception as error:
            return observe(target, started, Stopwatch(), our_own(error))

    return guarded
