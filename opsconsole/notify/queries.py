"""What is read of the outbox."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.outbox import Message, OutboxPage

_COLUMNS = (
    "id, incident, kind, severity, rule, channel, recipient, state, due_at, attempts, error, error_params, "
    "sent_at, bundle, idem_key"
)

# The largest number that the store can be asked for.
_MOST_ID = 2**63 - 1


class Backlog(NamedTuple):
    """What waits or is on its way, what is dead, and the channel of the last dead one."""

    waiting: int = 0
    dead: int = 0
    dead_channel: str = ""


def backlog(conn: Connection) -> Backlog:
    """The backlog now."""
    waiting, dead = conn.exec_driver_sql(
        "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'leased')), "
        "(SELECT count(*) FROM outbox WHERE state = 'dead')"
    ).one()
    channel = ""
    if dead:
        channel = conn.exec_driver_sql(
            "SELECT channel FROM outbox WHERE state = 'dead' ORDER BY id DESC LIMIT 1"
        ).scalar_one()
    return Backlog(waiting, dead, channel)


def any_dead(conn: Connection, ids: Sequence[int]) -> bool:
    """Whether one of these is dead."""
    asked = "SELECT count(*) FROM outbox WHERE state = 'dead' AND id IN (SELECT value FROM json_each(?))"
    return bool(conn.exec_driver_sql(asked, (json.dumps(ids),)).scalar_one())


def page(conn: Connection, at: float, state: str, limit: int) -> OutboxPage:
    """The newest messages of a state, or of any where it is empty. ``at`` is now, seconds since the epoch."""
    counts: dict[str, int] = {}
    for one, count in conn.exec_driver_sql("SELECT state, count(*) FROM outbox GROUP BY state"):
        counts[one] = count
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outbox WHERE ? IN ('', state) ORDER BY id DESC LIMIT ?",  # noqa: S608
        (state, limit),
    ).all()
    return OutboxPage(
        at=utc(at),
        pending=counts.get("pending", 0),
        leased=counts.get("leased", 0),
        sent=counts.get("sent", 0),
        dead=counts.get("dead", 0),
        cancelled=counts.get("cancelled", 0),
        messages=tuple(_message(conn, row) for row in rows),
    )


def of_event(conn: Connection, seq: int) -> list[Message]:
    """The messages that follow from one event."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outbox WHERE event_seq = ? ORDER BY id",  # noqa: S608 - constants
        (seq,),
    ).all()
    return [_message(conn, row) for row in rows]


def find(conn: Connection, id_: int) -> Message | None:
    """One message, None where there is none of that number."""
    if not 0 < id_ <= _MOST_ID:
        return None
    row = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outbox WHERE id = ?",  # noqa: S608 - constants
        (id_,),
    ).one_or_none()
    return None if row is None else _message(conn, row)


def dead_of(conn: Connection, channel: str) -> list[Message]:
    """What of a channel could not be sent, oldest first."""
    rows = conn.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = 'dead' AND channel = ? ORDER BY id",  # noqa: S608
        (channel,),
    ).all()
    return [_message(conn, row) for row in rows]


def _message(conn: Connection, row: Any) -> Message:
    together = 1
    if row.bundle not in ("", row.idem_key):
        asked = "SELECT count(*) FROM outbox WHERE channel = ? AND recipient = ? AND bundle = ?"
        together = conn.exec_driver_sql(asked, (row.channel, row.recipient, row.bundle)).scalar_one()
    return Message(
        id=row.id,
        incident=row.incident,
        kind=row.kind,
        severity="" if row.kind == "test" else row.severity,
        rule=row.rule,
        channel=row.channel,
        recipient=row.recipient,
        state=row.state,
        due_at=utc(row.due_at / 1000),
        attempts=row.attempts,
        error=row.error,
        params=json.loads(row.error_params),
        sent_at=None if row.sent_at is None else utc(row.sent_at / 1000),
        together=together,
    )
