"""From what the engine knows to the shapes that cross the socket. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.shapes import Application, Link, Look, Opd, Probe
from opsconsole.engine.watched import WatchedOpd, WatchedProbe, WatchedRow
from opsconsole.health.model import OpdState, ShownState
from opsconsole.store.looks import LookRecord
from probes.observation import Verdict


def application(row: WatchedRow, shown: ShownState, opd_short: str) -> Application:
    """The row of the board; its last look is that of the probe that decides."""
    entry = row.entry
    probe = next((probe for probe in row.probes if probe.name == shown.probe), None)
    last = probe.last if probe else None
    looked_at = probe.state.looked_at if probe else None
    return Application(
        id=entry.id,
        name=entry.name,
        kind=entry.kind,
        opd=entry.opd,
        opd_short=opd_short,
        tier=entry.tier,
        state=shown.state,
        hard=shown.hard,
        since=utc(shown.since),
        reason=shown.reason,
        params=shown.params,
        attempt=shown.attempt,
        attempts=shown.attempts,
        flapping=shown.flapping,
        parent=shown.via,
        probe=shown.probe,
        status=last.http.status if last and last.http else 0,
        latency_ms=last.duration_ms if last else 0.0,
        last_at=None if looked_at is None else utc(looked_at),
        version=shown.version,
    )


def opd(watched: WatchedOpd, shown: OpdState) -> Opd:
    """The agency's row of the board."""
    entry = watched.entry
    return Opd(
        code=entry.code,
        name=entry.name,
        short=entry.short,
        kind=entry.kind,
        state=shown.state,
        since=utc(shown.since),
        up=shown.up,
        total=shown.total,
    )


def look(record: LookRecord, probe: str) -> Look:
    """A look just recorded, as its watchers see it; the store gives the same shape for older ones."""
    observation = record.observation
    passed = observation.verdict is Verdict.UP
    http = observation.http
    return Look(
        probe=probe,
        at=observation.started_at,
        verdict=observation.verdict.value,
        reason=observation.reason,
        params={} if passed else observation.params,
        status=http.status if http else 0,
        duration_ms=observation.duration_ms,
        phases_ms=observation.phases_ms,
        late_ms=max(observation.started_at.timestamp() - record.due, 0.0) * 1000,
        queued_ms=record.queued * 1000,
        lag_ms=record.lag * 1000,
        trigger=record.trigger,
        suspect=record.suspect,
        offline=record.offline,
        excerpt="" if passed else observation.excerpt,
    )


def probe(watched: WatchedProbe, wall_ahead: float) -> Probe:
    """A probe on the page of its application. ``wall_ahead`` is wall time minus monotonic time, seconds."""
    state, policy, spec = watched.state, watched.policy, watched.configured.spec
    turn = watched.turn
    return Probe(
        id=watched.name,
        kind=spec.kind,
        target=watched.configured.target.label,
        state=state.word,
        hard=state.hard,
        since=utc(state.since),
        reason=state.reason,
        params=state.params,
        attempt=state.attempt,
        attempts=policy.attempts,
        streak=state.streak,
        recoveries=policy.recoveries,
        essential=policy.essential,
        every_s=spec.every,
        retry_s=spec.retry,
        timeout_s=spec.timeout,
        slow_over_s=spec.slow_over or 0.0,
        next_at=None if turn is None else utc(turn.due + wall_ahead),
        last=watched.last,
        last_good_at=None if state.good_at is None else utc(state.good_at),
    )


def links(rows: Iterable[WatchedRow]) -> tuple[Link, ...]:
    """Other rows that this one depends on, or that depend on it."""
    return tuple(
        Link(row.id, row.entry.name, row.shown.state, utc(row.shown.since)) for row in rows if row.shown
    )


def differs(row: Application, published: Application) -> bool:
    """Whether a row differs from the one published in more than what every look changes."""
    return row != replace(published, status=row.status, latency_ms=row.latency_ms, last_at=row.last_at)
