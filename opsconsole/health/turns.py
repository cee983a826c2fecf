"""The recorded transitions as `opsconsole.health.history` reads them."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from opsconsole.client.shapes import State
from opsconsole.health.history import Turn
from opsconsole.health.states import Entity
from probes.observation import Param

_COLUMNS = "happened_at, from_state, to_state, cause, params"
_BEFORE = f"""
SELECT {_COLUMNS} FROM transition WHERE entity = ? AND entity_id = ? AND happened_at <= ?
ORDER BY happened_at DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants
_WITHIN = f"""
SELECT {_COLUMNS} FROM transition
WHERE entity = ? AND entity_id = ? AND happened_at > ? AND happened_at < ? ORDER BY happened_at, id
"""  # noqa: S608 - constants

_params = msgspec.json.Decoder(dict[str, Param])


def turns_of(conn: Connection, entity: Entity, entity_id: str, start: int, end: int) -> list[Turn]:
    """The changes from ``start`` to ``end`` (milliseconds) in order, after the last one before them."""
    before = conn.exec_driver_sql(_BEFORE, (entity, entity_id, start)).one_or_none()
    within = conn.exec_driver_sql(_WITHIN, (entity, entity_id, start, end)).all()
    return [_turn(row) for row in ([] if before is None else [before]) + list(within)]


def _turn(row: Any) -> Turn:
    at, before, after, cause, params = row
    return Turn(at, State(before), State(after), cause, _params.decode(params))
