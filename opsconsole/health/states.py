"""States and their changes in the store."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from opsconsole.health.model import Health, OpdState, ProbeState, ShownState, Transition

Entity = Literal["probe", "application", "opd"]

_SAVE = """
INSERT INTO state (entity, id, health, hard, attempt, streak, overlay, flapping, announced, since,
                   confirmed_at, cause, address, fingerprint, version, memory)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (entity, id) DO UPDATE SET
    health = excluded.health, hard = excluded.hard, attempt = excluded.attempt, streak = excluded.streak,
    overlay = excluded.overlay, flapping = excluded.flapping, announced = excluded.announced,
    since = excluded.since, confirmed_at = excluded.confirmed_at, cause = excluded.cause,
    address = excluded.address, fingerprint = excluded.fingerprint, version = excluded.version,
    memory = excluded.memory
"""
_RECORD = """
INSERT INTO transition (entity, entity_id, happened_at, noticed_at, from_state, to_state, hard, cause,
                        params, flapping, rev, run)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class States(msgspec.Struct, frozen=True, kw_only=True):
    """Every stored state: probes by their number, applications by row id, OPDs by code."""

    probes: dict[int, ProbeState]
    applications: dict[str, ShownState]
    opds: dict[str, OpdState]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A transition with whose it is; the id of a probe is its number."""

    entity: Entity
    id: str | int
    transition: Transition


def load(conn: Connection) -> States:
    """Read every state, those of rows that are retired included."""
    states = States(probes={}, applications={}, opds={})
    for entity, row_id, memory in conn.exec_driver_sql("SELECT entity, id, memory FROM state"):
        if entity == "probe":
            states.probes[int(row_id)] = msgspec.json.decode(memory, type=ProbeState)
        elif entity == "application":
            states.applications[row_id] = msgspec.json.decode(memory, type=ShownState)
        else:
            states.opds[row_id] = msgspec.json.decode(memory, type=OpdState)
    return states


def save(
    conn: Connection,
    *,
    probes: Mapping[int, ProbeState] | None = None,
    applications: Mapping[str, ShownState] | None = None,
    opds: Mapping[str, OpdState] | None = None,
) -> None:
    """Write states over what was there, in one batch of the caller's transaction: pass those that changed."""
    rows = [
        *(_probe_row(number, state) for number, state in (probes or {}).items()),
        *(_application_row(row_id, state) for row_id, state in (applications or {}).items()),
        *(_opd_row(code, state) for code, state in (opds or {}).items()),
    ]
    if rows:
        conn.exec_driver_sql(_SAVE, rows)


def record(conn: Connection, changes: Iterable[Changed], *, rev: int, run: int) -> None:
    """Add transitions, all of one configuration revision and one run of the engine."""
    rows = list(_transition_rows(changes, rev, run))
    if rows:
        conn.exec_driver_sql(_RECORD, rows)


def _probe_row(number: int, state: ProbeState) -> tuple[Any, ...]:
    return (
        *("probe", str(number), state.health.value, state.hard, state.attempt, state.streak, "none"),
        *(state.flapping, Health.PENDING.value, _ms(state.since)),
        None if state.confirmed_at is None else _ms(state.confirmed_at),
        *(state.reason, state.address, state.fingerprint, state.version, msgspec.json.encode(state)),
    )


def _application_row(row_id: str, state: ShownState) -> tuple[Any, ...]:
    return (
        *("application", row_id, state.health.value, state.hard, state.attempt, 0, state.overlay.value),
        *(state.flapping, state.told.announced.value, _ms(state.since), None),
        *(state.reason, "", "", state.version, msgspec.json.encode(state)),
    )


def _opd_row(code: str, state: OpdState) -> tuple[Any, ...]:
    return (
        *("opd", code, state.state.value, True, 0, 0, "none"),
        *(False, Health.PENDING.value, _ms(state.since), None),
        *("", "", "", 0, msgspec.json.encode(state)),
    )


def _transition_rows(changes: Iterable[Changed], rev: int, run: int) -> Iterator[tuple[Any, ...]]:
    for change in changes:
        one = change.transition
        yield (
            *(change.entity, str(change.id), _ms(one.happened_at), _ms(one.noticed_at)),
            *(one.before.value, one.after.value, one.hard, one.reason),
            *(msgspec.json.encode(one.params), one.flapping, rev, run),
        )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
