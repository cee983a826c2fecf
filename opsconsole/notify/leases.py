"""Messages on their way: leased, so that none is on its way twice, and marked with what came of it.

Called in the caller's transaction. Times are seconds since the epoch; the table has milliseconds.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from opsconsole.inventory.notify import Digest
from opsconsole.notify.facts import Facts, unpacked
from opsconsole.notify.rules import Failure, Kind, Traffic, Unit, Waiting, next_unit

# Three times what an attempt may take: by then it has ended, or its engine has.
LEASE_SECONDS = 30.0
# What a digest is about.
MINUTE_SECONDS = 60.0
# As many messages as one lease looks at; the rest come with the next.
_MOST_LOOKED_AT = 5000
# What one engine leased its successor may take up at once: there is never more than one.
_DUE = """
SELECT id, channel, recipient, bundle,
  severity = 'critical' AND kind IN ('opened', 'reminder') AS urgent
FROM outbox
WHERE (state = 'pending' AND due_at <= :now)
   OR (state = 'leased' AND (lease_until <= :now OR leased_by <> :run))
ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, due_at, id
LIMIT :most
"""
# Whether what was called off on its way has arrived nobody knows, and nobody needs it any more.
_CALLED_OFF = """
UPDATE outbox SET state = 'cancelled'
WHERE state = 'leased' AND withdrawn AND (lease_until <= :now OR leased_by <> :run)
"""
_SOONEST = """
SELECT min(at) FROM (
  SELECT min(due_at) AS at FROM outbox WHERE state = 'pending'
  UNION ALL
  SELECT min(CASE leased_by WHEN :run THEN lease_until ELSE 0 END) FROM outbox WHERE state = 'leased')
"""
# Single messages have a bundle of their own name; several that left as one count as one digest. What was
# sent later than now was sent before the clock was set back: nobody knows how long ago.
_TRAFFIC = """
SELECT
  (SELECT count(*) FROM outbox WHERE channel = :channel AND recipient = :recipient
     AND sent_at > :since AND sent_at <= :now AND bundle = idem_key),
  (SELECT max(sent_at) FROM outbox WHERE channel = :channel AND recipient = :recipient
     AND sent_at > :long_ago AND sent_at <= :now AND bundle <> idem_key)
"""

_FAILED = """
UPDATE outbox SET
  state = CASE WHEN withdrawn OR kind = 'test' THEN 'cancelled' WHEN ? THEN 'dead' ELSE 'pending' END,
  due_at = coalesce(?, due_at), lease_until = NULL, error = ?, error_params = ?,
  bundle = CASE WHEN ? THEN bundle ELSE '' END
WHERE id IN (SELECT value FROM json_each(?))
"""
# What somebody was not reached for, and did not refuse.
_HURRY = """
UPDATE outbox SET due_at = :now
WHERE state = 'pending' AND due_at > :now AND attempts > 0
  AND error NOT IN ('', 'channel_refused', 'channel_answer', 'mail_refused')
  AND (channel, recipient) = (SELECT channel, recipient FROM outbox WHERE id = :id)
"""
_SAME = """
  {other}.incident = outbox.incident AND {other}.opening = outbox.opening
  AND {other}.channel = outbox.channel AND {other}.recipient = outbox.recipient
"""
_CALL_OFF_ENDS = f"""
UPDATE outbox SET state = 'cancelled' WHERE kind IN ('ended', 'merged') AND state = 'pending'
  AND EXISTS (SELECT 1 FROM outbox AS off WHERE {_SAME.format(other="off")}
    AND off.withdrawn AND off.id IN (SELECT value FROM json_each(?)))
  AND NOT EXISTS (SELECT 1 FROM outbox AS told WHERE {_SAME.format(other="told")}
    AND told.state = 'sent' AND told.kind IN ('opened', 'reminder'))
"""  # noqa: S608 - constants


class Leased(NamedTuple):
    """One message on its way, as part of a parcel. ``error`` is why the attempt before failed, if one did."""

    id: int
    incident: int
    kind: Kind
    facts: Facts
    attempts: int
    error: str


class Parcel(NamedTuple):
    """What leaves as one message. ``key`` is the same whenever the same is sent again."""

    channel: str
    recipient: str
    key: str
    messages: tuple[Leased, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of the messages in it."""
        return tuple(one.id for one in self.messages)


def soonest(conn: Connection, run: int) -> float | None:
    """When there is something to lease, in the past for what waits already; None for nothing at all."""
    found = conn.exec_driver_sql(_SOONEST, {"run": run}).scalar_one()
    return None if found is None else found / 1000


def lease(
    conn: Connection,
    now: float,
    run: int,
    busy: Collection[tuple[str, str]],
    *,
    digest: Digest,
    most: int,
) -> tuple[list[Parcel], float | None]:
    """Take at most ``most`` parcels, one for each recipient who is not ``busy``.

    Also when those are due that have to wait to become a digest, None where there are none.
    """
    conn.exec_driver_sql(_CALLED_OFF, {"now": _ms(now), "run": run})
    due: dict[tuple[str, str], list[Waiting]] = {}
    asked = {"now": _ms(now), "run": run, "most": _MOST_LOOKED_AT}
    for id_, channel, recipient, bundle, urgent in conn.exec_driver_sql(_DUE, asked).all():
        due.setdefault((channel, recipient), []).append(Waiting(id_, bundle, bool(urgent)))
    parcels: list[Parcel] = []
    later: float | None = None
    of_channel: dict[str, int] = {}
    for channel, _recipient in busy:
        of_channel[channel] = of_channel.get(channel, 0) + 1
    for (channel, recipient), waiting in due.items():
        if (channel, recipient) in busy or of_channel.get(channel, 0) >= most:
            continue
        unit = next_unit(waiting, _traffic(conn, channel, recipient, now, digest.every), now, digest)
        if not unit.ids:
            later = unit.later if later is None else min(later, unit.later)
            continue
        parcel = _take(conn, unit, (channel, recipient), now, run)
        of_channel[channel] = of_channel.get(channel, 0) + 1
        parcels.append(parcel)
    return parcels, later


def _traffic(conn: Connection, channel: str, recipient: str, now: float, every: float) -> Traffic:
    asked = {
        "channel": channel,
        "recipient": recipient,
        "since": _ms(now - MINUTE_SECONDS),
        "long_ago": _ms(now - every),
        "now": _ms(now),
    }
    singles, digest_at = conn.exec_driver_sql(_TRAFFIC, asked).one()
    return Traffic(singles, 0.0 if digest_at is None else digest_at / 1000)


def _take(conn: Connection, unit: Unit, to: tuple[str, str], now: float, run: int) -> Parcel:
    channel, recipient = to
    ids = json.dumps(unit.ids)
    rows = conn.exec_driver_sql(
        "UPDATE outbox SET state = 'leased', lease_until = ?, leased_by = ?, attempts = attempts + 1 "
        "WHERE id IN (SELECT value FROM json_each(?)) "
        "RETURNING id, idem_key, incident, kind, facts, attempts, error, bundle",
        (_ms(now + LEASE_SECONDS), run, ids),
    ).all()
    by_id = {row.id: row for row in rows}
    ordered = [by_id[id_] for id_ in unit.ids]
    keys = [row.idem_key for row in ordered]
    bundle = ordered[0].bundle or (_name_of(keys) if unit.digest else keys[0])
    conn.exec_driver_sql(
        "UPDATE outbox SET bundle = ? WHERE id IN (SELECT value FROM json_each(?))", (bundle, ids)
    )
    messages = tuple(
        Leased(
            row.id,
            row.incident,
            row.kind,
            unpacked(row.facts),
            row.attempts,
            row.error,
        )
        for row in ordered
    )
    return Parcel(channel, recipient, _name_of([bundle]), messages)


def _name_of(keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]


def mark_sent(conn: Connection, ids: Sequence[int], now: float) -> None:
    """These have arrived, at least one. What did not reach the same recipient waits no longer."""
    conn.exec_driver_sql(
        "UPDATE outbox SET state = 'sent', sent_at = ?, lease_until = NULL, error = '', error_params = '{}' "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (_ms(now), json.dumps(ids)),
    )
    conn.exec_driver_sql(_HURRY, {"now": _ms(now), "id": ids[0]})


def mark_failed(conn: Connection, ids: Sequence[int], failure: Failure, due_at: float | None) -> None:
    """These have not. They are tried again at ``due_at``; without that they are dead.

    A test is tried once. What was called off meanwhile is cancelled, and with it the news of its end, of
    which nobody has heard the beginning. What may have arrived keeps its bundle, to be known again.
    """
    asked = json.dumps(ids)
    params = json.dumps(failure.params).encode()
    conn.exec_driver_sql(
        _FAILED,
        (
            due_at is None,
            None if due_at is None else _ms(due_at),
            failure.code,
            params,
            failure.uncertain,
            asked,
        ),
    )
    if not failure.uncertain:
        conn.exec_driver_sql(_CALL_OFF_ENDS, (asked,))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
