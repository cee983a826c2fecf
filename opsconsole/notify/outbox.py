"""The outbox in the store: messages written with their event, called off, given up.

Called in the caller's transaction. Times are seconds since the epoch; the table has milliseconds.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from opsconsole.notify.facts import Facts, packed
from opsconsole.notify.rules import Planned

# What was called off and is wanted again is the same message; whatever else is there already stays as it is.
_ADD = """
INSERT INTO outbox (idem_key, incident, event_seq, opening, kind, severity, rule, channel, recipient, number,
  due_at, bundle, attempts, state, withdrawn, error, error_params, facts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'pending', 0, '', '{}', ?)
ON CONFLICT (idem_key) DO UPDATE SET
  state = CASE state WHEN 'leased' THEN state ELSE 'pending' END, due_at = excluded.due_at, withdrawn = 0
WHERE state = 'cancelled' OR withdrawn
"""
# Those of an incident that is open stay: they say who is to be told of its end.
_PRUNE = """
DELETE FROM outbox WHERE id IN (
  SELECT id FROM outbox AS old
  WHERE state IN ('sent', 'cancelled') AND due_at < :before AND coalesce(sent_at, due_at) < :before
    AND NOT EXISTS (SELECT 1 FROM incident WHERE status IN ('open', 'acknowledged', 'mitigated')
      AND incident.number IN (old.incident, CASE old.kind WHEN 'merged' THEN old.number ELSE 0 END))
  LIMIT :most)
"""


def add(
    conn: Connection,
    planned: Iterable[Planned],
    facts: Facts,
    *,
    seq: int,
    opening: int,
) -> int:
    """Write what is planned and not there yet, or was called off; how many that were."""
    added = 0
    for one in planned:
        key = one.key(facts.number, opening)
        row = (
            *(key, facts.number, seq, opening, one.kind, facts.severity.value, one.rule, one.channel),
            # A test leaves alone, whatever waits beside it.
            *(one.recipient, one.number, _ms(one.due_at), key if one.kind == "test" else "", packed(facts)),
        )
        added += conn.exec_driver_sql(_ADD, row).rowcount
    return added


def opening_of(conn: Connection, incident: int) -> int:
    """The event that opened it last, as far as messages are concerned; 0 where there are none."""
    found = conn.exec_driver_sql("SELECT max(opening) FROM outbox WHERE incident = ?", (incident,))
    return found.scalar_one() or 0


def is_known(conn: Connection, incident: int, opening: int) -> bool:
    """Whether somebody was or will be told of an opening, and nobody of its end."""
    live, ended = conn.exec_driver_sql(
        "SELECT count(*) FILTER (WHERE kind IN ('opened', 'reminder') "
        "AND state IN ('pending', 'leased', 'sent')), "
        "count(*) FILTER (WHERE kind = 'ended') FROM outbox WHERE incident = ? AND opening = ?",
        (incident, opening),
    ).one()
    return bool(live) and not ended


def told(conn: Connection, incident: int, opening: int) -> list[tuple[str, str]]:
    """Channel and recipient of each that was told of an opening, or is being told.

    Since that opening, or as of something that became a part of it.
    """
    rows = conn.exec_driver_sql(
        "SELECT channel, recipient FROM outbox WHERE incident = :incident AND opening = :opening "
        "AND kind IN ('opened', 'reminder') AND state IN ('sent', 'leased') "
        "UNION SELECT channel, recipient FROM outbox WHERE kind = 'merged' AND number = :incident "
        "AND event_seq > :opening AND state <> 'cancelled' ORDER BY channel, recipient",
        {"incident": incident, "opening": opening},
    )
    return [(channel, recipient) for channel, recipient in rows]


def calls_that_wait(conn: Connection) -> list[tuple[int, Planned, int, int]]:
    """The calls that have not left, each with its own number, its incident and opening."""
    rows = conn.exec_driver_sql(
        "SELECT id, kind, rule, channel, recipient, due_at, number, incident, opening FROM outbox "
        "WHERE state = 'pending' AND kind IN ('opened', 'reminder') ORDER BY id"
    )
    return [(row.id, _planned(row), row.incident, row.opening) for row in rows]


def cancel(conn: Connection, id_: int) -> None:
    """One that waits is not wanted any more."""
    conn.exec_driver_sql("UPDATE outbox SET state = 'cancelled' WHERE id = ?", (id_,))


def read(conn: Connection, ids: Sequence[int]) -> list[tuple[Planned, int, int]]:
    """Messages as they were planned, each with its incident and opening."""
    rows = conn.exec_driver_sql(
        "SELECT kind, rule, channel, recipient, due_at, number, incident, opening FROM outbox "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(ids),),
    )
    return [(_planned(row), row.incident, row.opening) for row in rows]


def call_off(conn: Connection, incident: int, rules: Collection[str] | None = None) -> int:
    """Cancel what waits of an incident, the news of its end left out; how many messages that were.

    With ``rules`` only what these do not ask for. What is on its way is called off when it fails.
    """
    kept = json.dumps(sorted(rules or ()))
    asked = "incident = ? AND kind IN ('opened', 'reminder') AND rule NOT IN (SELECT value FROM json_each(?))"
    conn.exec_driver_sql(
        f"UPDATE outbox SET withdrawn = 1 WHERE {asked} AND state = 'leased'",  # noqa: S608 - constants
        (incident, kept),
    )
    return conn.exec_driver_sql(
        f"UPDATE outbox SET state = 'cancelled' WHERE {asked} AND state = 'pending'",  # noqa: S608
        (incident, kept),
    ).rowcount


def revive(conn: Connection, id_: int, now: float) -> None:
    """Try a dead one again, from the beginning."""
    conn.exec_driver_sql(
        "UPDATE outbox SET state = 'pending', due_at = ?, attempts = 0, bundle = '', withdrawn = 0 "
        "WHERE id = ? AND state = 'dead'",
        (_ms(now), id_),
    )


def dismiss(conn: Connection, id_: int) -> None:
    """A dead one is of no use any more."""
    conn.exec_driver_sql("UPDATE outbox SET state = 'cancelled' WHERE id = ? AND state = 'dead'", (id_,))


def put_back(conn: Connection, seconds: float) -> None:
    """The clock was set back by so much: what waits is due that much sooner by it."""
    conn.exec_driver_sql(
        "UPDATE outbox SET due_at = due_at - :back, lease_until = lease_until - :back "
        "WHERE state IN ('pending', 'leased')",
        {"back": _ms(seconds)},
    )


def prune(conn: Connection, before: float, most: int) -> int:
    """Forget what has left or was called off before then and is over, at most so many; how many that were.

    What could not be sent stays until somebody has answered.
    """
    return conn.exec_driver_sql(_PRUNE, {"before": _ms(before), "most": most}).rowcount


def _planned(row: Any) -> Planned:
    return Planned(row.kind, row.rule, row.channel, row.recipient, row.due_at / 1000, row.number)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
