"""What a start finds again in the looks: what is written there alone.

Nearly every look is a steady pass, after which nothing but its time is new. Its row is written; the state of
its probe is not, which saves most of what the engine would write to disk.
"""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.client.shapes import Look
from opsconsole.engine.watched import WatchedProbe
from opsconsole.health import states
from opsconsole.health.model import Health, ProbeState
from opsconsole.health.states import States
from opsconsole.store import looks
from probes.observation import HttpFacts, Observation, Verdict
from probes.reasons import sentence


def only_newer(before: ProbeState, after: ProbeState) -> bool:
    """Whether ``after`` is ``before`` with one more pass: nothing differs that a later look depends on."""
    return (
        after.health is Health.UP
        and after.looked_at is not None
        and after.good_at == after.looked_at
        and before
        == replace(
            after,
            looked_at=before.looked_at,
            heard_at=before.heard_at,
            good_at=before.good_at,
            passes=before.passes,
            answers=before.answers,
        )
    )


def load_states(conn: Connection) -> States:
    """Every stored state, those of probes with the time of the looks that left none."""
    stored = states.load(conn)
    newest = looks.newest(conn, stored.probes)
    probes = {number: _at(state, newest.get(number)) for number, state in stored.probes.items()}
    return replace(stored, probes=probes)


def recall_last(conn: Connection, probes: Iterable[WatchedProbe]) -> None:
    """Give each probe what its newest look saw, as far as that is kept, where this run has made none."""
    unseen = {probe.id: probe for probe in probes if probe.last is None and probe.state.looked_at is not None}
    newest = looks.last(conn, {number: probe.name for number, probe in unseen.items()})
    for number, look in newest.items():
        unseen[number].last = _observation(unseen[number], look)


def _observation(probe: WatchedProbe, look: Look) -> Observation:
    return Observation(
        kind=probe.configured.spec.kind,
        target=probe.configured.target.label,
        started_at=look.at,
        duration_ms=look.duration_ms,
        verdict=Verdict(look.verdict),
        reason=look.reason,
        params=look.params,
        detail=sentence(look.reason, look.params),
        phases_ms=look.phases_ms,
        http=HttpFacts(status=look.status, excerpt=look.excerpt) if look.status else None,
    )


def _at(state: ProbeState, newest: float | None) -> ProbeState:
    if newest is None or state.looked_at is None or newest <= state.looked_at:
        return state
    return replace(state, looked_at=newest, heard_at=max(newest, state.heard_at or newest), good_at=newest)
