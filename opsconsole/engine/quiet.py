"""Looks that say all there is to say: steady passes, after which nothing but their time is new.

Nearly every look is one. Its row is written; the state of its probe is not, which saves most of what the
engine would write to disk. A start finds the time again in the newest look.
"""

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.health import states
from opsconsole.health.model import Health, ProbeState
from opsconsole.health.states import States
from opsconsole.store import looks


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


def _at(state: ProbeState, newest: float | None) -> ProbeState:
    if newest is None or state.looked_at is None or newest <= state.looked_at:
        return state
    return replace(state, looked_at=newest, heard_at=max(newest, state.heard_at or newest), good_at=newest)
