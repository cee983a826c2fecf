"""What answers the query ``schedule``: a picture of this moment, made of values that the loop replaces."""

from opsconsole.api.hub import Hub
from opsconsole.base.clock import utc
from opsconsole.client.planned import SOON_SECONDS, PlannedProbe, Schedule
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.engine.pauses import shown
from opsconsole.engine.prober import Prober
from opsconsole.engine.watched import Tally, WatchedProbe

_RUNNING, _WAITING = ("fast", "slow"), ("host", "place")


async def answer_schedule(prober: Prober, hub: Hub, asked: Asked) -> Schedule:
    """The schedule now. The lag and the self-check are those of the engine's newest row."""
    now, monotonic = asked.clock.now(), asked.clock.monotonic()
    office, engine, misses = asked.office, hub.board().engine, prober.misses
    bounds = office.inventory.settings.engine
    # What a midnight a moment ago has not emptied yet is of yesterday.
    tallies = misses.tallies if misses.is_of(now) else {}
    periods = tuple(misses.periods.values()) if misses.is_of(now) else ()
    probes = tuple(
        _planned(office, probe, tallies.get(probe.id, Tally()), monotonic, now - monotonic)
        for probe in office.probes.values()
    )
    return Schedule(
        at=utc(now),
        run=engine.run,
        started_at=engine.started_at,
        day_began=utc(misses.day_began),
        probes=probes,
        running=sum(probe.lane in _RUNNING for probe in probes),
        waiting=sum(probe.lane in _WAITING for probe in probes),
        bound=bounds.concurrency,
        per_host=bounds.per_host,
        slow_lane=prober.slow_lane,
        soon=sum(probe.due_s is not None and probe.due_s < SOON_SECONDS for probe in probes),
        paused=sum(probe.pause is not None for probe in probes),
        missed=prober.missed,
        overrun=prober.overrun,
        missed_today=sum(tally.missed for tally in tallies.values()) + misses.shared,
        overrun_today=sum(tally.overrun for tally in tallies.values()),
        periods=periods[::-1],
        periods_more=misses.more,
        lag_ms=engine.lag_ms,
        self_check=engine.self_check,
    )


def _planned(office: Office, probe: WatchedProbe, today: Tally, now: float, ahead: float) -> PlannedProbe:
    """One probe; wall time is ``ahead`` of the monotonic one. Each value is read once: the loop goes on."""
    entry, spec, last = office.rows[probe.row_id].entry, probe.configured.spec, probe.last
    opd = office.opds.get(entry.opd)
    turn, work, state, tally, pause = probe.turn, probe.work, probe.state, probe.tally, probe.pause
    return PlannedProbe(
        application=probe.row_id,
        name=entry.name,
        opd=entry.opd,
        opd_short=opd.entry.short if opd else "",
        probe=probe.name,
        kind=spec.kind,
        state=state.word,
        every_s=spec.every,
        retry_s=spec.retry,
        timeout_s=spec.timeout,
        next_at=None if turn is None else utc(turn.due + ahead),
        due_s=None if turn is None else max(turn.due - now, 0.0),
        lane=work.lane if work else "",
        work_since=utc(work.since + ahead) if work else None,
        last_at=None if state.looked_at is None else utc(state.looked_at),
        verdict=last.verdict.value if last else "",
        reason=last.reason if last else "",
        params=last.params if last else {},
        status=last.http.status if last and last.http else 0,
        took_ms=last.duration_ms if last else 0.0,
        looks=probe.looks,
        missed=tally.missed,
        overrun=tally.overrun,
        missed_today=today.missed,
        overrun_today=today.overrun,
        pause=shown(pause) if pause else None,
    )
