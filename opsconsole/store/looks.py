"""The rows of looks: the one table that grows without end, and the only one shaped for SQLite.

A row takes some 40 bytes, so that a city's ninety days fit a disk. What is nearly always the same (a
reason of ``ok``, no waiting) takes no byte of its own; what was measured within a look shares one value.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import astuple
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.shapes import Look
from probes.observation import Expectation, Observation, Param, Phases, Redirect, TlsFacts, Verdict
from probes.reasons import BY_CODE, BY_NUMBER

# Their order is what is stored: new ones are added at the end.
TRIGGERS = ("schedule", "retry", "recheck", "sweep")
_VERDICTS = (Verdict.UP, Verdict.DEGRADED, Verdict.DOWN, Verdict.UNKNOWN)

# `result`: eight bits of reason, two of verdict, three of trigger, then the flags. A scheduled look that
# passed is 1, which SQLite stores in no byte at all.
_VERDICT_AT, _TRIGGER_AT, _SUSPECT, _OFFLINE = 8, 10, 1 << 13, 1 << 14

_INSERT = "INSERT INTO look VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_DETAIL = "INSERT INTO look_detail VALUES (?, ?, ?)"
_NEWEST = "SELECT value, (SELECT max(at) FROM look WHERE probe = value) FROM json_each(?)"
_RECENT = """
SELECT look.at, took, result, status, late, times, body
FROM look LEFT JOIN look_detail USING (probe, at)
WHERE look.probe = ? AND look.at < ? AND (result >> 8 & 3) >= ?
ORDER BY look.at DESC LIMIT ?
"""
_FOLLOWING = """
SELECT look.at, took, result, status, late, times, body
FROM look LEFT JOIN look_detail USING (probe, at)
WHERE look.probe = ? AND look.at >= ? ORDER BY look.at LIMIT ?
"""
_MEASURED = """
SELECT at, took, result >> 8 & 3 FROM look WHERE probe = ? AND at >= ? AND at < ?
"""
_TAPE = """
SELECT look.at + took / 10, look.probe, look.at, took, result, rev FROM json_each(?) AS asked
CROSS JOIN look ON look.probe = asked.value WHERE look.at >= ? AND look.at < ?
"""
_OLDEST = "SELECT min((SELECT min(at) FROM look WHERE probe = value)) FROM json_each(?)"
# `late` is in milliseconds and `took` in tenths; a planned look has the first of the triggers.
_OVERDUE = """
WITH asked AS MATERIALIZED (
    SELECT CAST(key AS INTEGER) AS probe, value * 10000 AS every FROM json_each(?)
)
SELECT look.probe, look.at, look.took, look.late, (look.result >> 10 & 7) = 0
FROM asked CROSS JOIN look ON look.probe = asked.probe
WHERE look.at >= ? AND look.at < ?
    AND (look.took >= asked.every
         OR (look.result >> 10 & 7) = 0 AND look.late * 10 + look.took >= asked.every)
ORDER BY look.at
"""
_END_OF_TIME = 1 << 62
# The six phases, queued, lag.
_TIMES = 8
# Looks that are held at once where there may be a million of them.
_AT_ONCE = 1000


class LookRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One look with what the engine adds.

    ``probe_id`` is its number from `inventory.register`. ``due`` is when it should have started (seconds
    since the epoch), ``queued`` how long it waited for a free slot and ``lag`` how late our loop was
    meanwhile (seconds). ``trigger`` is one of `TRIGGERS`.
    """

    probe_id: int
    observation: Observation
    due: float
    queued: float = 0.0
    lag: float = 0.0
    trigger: str = "schedule"
    suspect: bool = False
    offline: bool = False
    rev: int
    run: int


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a look that did not pass, beside its row."""

    params: dict[str, Param] = {}
    address: str = ""
    port: int = 0
    content_type: str = ""
    title: str = ""
    excerpt: str = ""
    redirects: tuple[Redirect, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    tls: TlsFacts | None = None


def insert(conn: Connection, records: Sequence[LookRecord]) -> None:
    """Write looks as one batch of the caller's transaction.

    Times within a probe always grow: a look that does not lie after the newest one (a clock set back)
    is written a millisecond after it.
    """
    newest = _newest(conn, {record.probe_id for record in records})
    rows, details = [], []
    for record in records:
        seen = record.observation
        at = max(round(seen.started_at.timestamp() * 1000), newest[record.probe_id] + 1)
        newest[record.probe_id] = at
        rows.append((record.probe_id, at, *_packed(record)))
        if seen.verdict is not Verdict.UP:
            details.append((record.probe_id, at, msgspec.json.encode(_detail(seen))))
    if rows:
        conn.exec_driver_sql(_INSERT, rows)
    if details:
        conn.exec_driver_sql(_INSERT_DETAIL, details)


def recent(
    conn: Connection,
    probe_id: int,
    name: str,
    *,
    limit: int,
    before: float | None = None,
    failures: bool = False,
) -> list[Look]:
    """The newest looks of a probe, newest first; ``before`` (seconds since the epoch) leaves out later ones.

    ``name`` is the probe's name, which they are labelled with; ``failures`` leaves out those that passed.
    """
    until = _END_OF_TIME if before is None else round(before * 1000)
    rows = conn.exec_driver_sql(_RECENT, (probe_id, until, int(failures), limit))
    return [_look(name, tuple(row)) for row in rows]


def last(conn: Connection, probes: Mapping[int, str]) -> dict[int, Look]:
    """The newest look of each probe by its number; those without are left out. ``probes`` has their names."""
    found = {number: recent(conn, number, name, limit=1) for number, name in probes.items()}
    return {number: one[0] for number, one in found.items() if one}


def following(conn: Connection, probe_id: int, name: str, *, since: float, limit: int) -> list[Look]:
    """The first looks of a probe from ``since`` (seconds since the epoch) on, the oldest first."""
    rows = conn.exec_driver_sql(_FOLLOWING, (probe_id, round(since * 1000), limit))
    return [_look(name, tuple(row)) for row in rows]


def count(conn: Connection, probe_id: int, since: float) -> int:
    """How many looks of a probe there are from ``since`` (seconds since the epoch) on."""
    found = conn.exec_driver_sql(
        "SELECT count(*) FROM look WHERE probe = ? AND at >= ?", (probe_id, round(since * 1000))
    )
    return int(found.scalar_one())


def measured(conn: Connection, probe_id: int, start: int, end: int) -> Iterator[tuple[int, float, Verdict]]:
    """When each look of a probe was made, how long it took and what it said.

    From ``start`` to before ``end``, both milliseconds since the epoch, as the times returned are; what a
    look took is in milliseconds.
    """
    rows = conn.execution_options(yield_per=_AT_ONCE).exec_driver_sql(_MEASURED, (probe_id, start, end))
    for page in rows.partitions():
        yield from [(at, took / 10, _VERDICTS[verdict]) for at, took, verdict in page]


class Overdue(NamedTuple):
    """A look that ended so late that turns passed meanwhile; all times are seconds since the epoch.

    ``planned``: it was made for a turn of the schedule, not by hand or as a retry.
    """

    probe_id: int
    due: float
    at: float
    ended: float
    planned: bool


def overdue(conn: Connection, every: Mapping[int, float], start: float, end: float) -> list[Overdue]:
    """The looks from ``start`` to ``end`` that took longer than their interval or ended one after it was due.

    ``every`` holds the interval of each probe in seconds, by its number.
    """
    rows = conn.exec_driver_sql(_OVERDUE, (json.dumps(every), round(start * 1000), round(end * 1000)))
    return [
        Overdue(probe, (at - late) / 1000, at / 1000, at / 1000 + took / 10_000, bool(planned))
        for probe, at, took, late, planned in rows
    ]


class TapeLook(NamedTuple):
    """What judging a look again takes. ``ended`` and ``at`` are milliseconds, ``took`` tenths of one.

    ``result`` is as it is stored: see `verdict_of`, `reason_of` and `flags_of`.
    """

    ended: int
    probe: int
    at: int
    took: int
    result: int
    rev: int


def tape(conn: Connection, probes: Sequence[int], start: int, end: int) -> list[TapeLook]:
    """The looks of these probes that began from ``start`` to before ``end`` (milliseconds), in no order."""
    rows = conn.exec_driver_sql(_TAPE, (json.dumps(probes), start, end)).fetchall()
    return list(map(TapeLook._make, rows))


def verdict_of(result: int) -> Verdict:
    """What a stored look said."""
    return _VERDICTS[result >> _VERDICT_AT & 3]


def reason_of(result: int) -> str:
    """Why."""
    reason = BY_NUMBER.get(result & 0xFF)
    return reason.code if reason else str(result & 0xFF)


def flags_of(result: int) -> tuple[bool, bool]:
    """Whether it was suspect, and whether we were offline."""
    return bool(result & _SUSPECT), bool(result & _OFFLINE)


def oldest(conn: Connection, probes: Iterable[int]) -> int | None:
    """When the oldest look of any of these probes was made, in milliseconds since the epoch."""
    found = conn.exec_driver_sql(_OLDEST, (json.dumps(sorted(probes)),)).scalar_one()
    return None if found is None else int(found)


def newest(conn: Connection, probes: Iterable[int]) -> dict[int, float]:
    """When the newest look of each probe started, seconds since the epoch; those without one are left out."""
    return {probe: at / 1000 for probe, at in _newest(conn, probes).items() if at}


def _newest(conn: Connection, probes: Iterable[int]) -> dict[int, int]:
    rows = conn.exec_driver_sql(_NEWEST, (json.dumps(sorted(probes)),))
    return {probe: at or 0 for probe, at in rows}


def _packed(record: LookRecord) -> tuple[int | bytes, ...]:
    seen = record.observation
    late = seen.started_at.timestamp() - record.due
    return (
        round(seen.duration_ms * 10),
        BY_CODE[seen.reason].number
        | _VERDICTS.index(seen.verdict) << _VERDICT_AT
        | TRIGGERS.index(record.trigger) << _TRIGGER_AT
        | _SUSPECT * record.suspect
        | _OFFLINE * record.offline,
        seen.http.status if seen.http else 0,
        max(0, round(late * 1000)),
        pack((*astuple(seen.phases_ms), record.queued * 1000, record.lag * 1000)),
        record.rev,
        record.run,
    )


def _detail(seen: Observation) -> Detail:
    http = seen.http
    return Detail(
        params=seen.params,
        address=seen.address,
        port=seen.port,
        content_type=http.content_type if http else "",
        title=http.title if http else "",
        excerpt=seen.excerpt,
        redirects=http.redirects if http else (),
        expectations=tuple(one for one in seen.expectations if not one.ok),
        tls=seen.tls,
    )


def _look(name: str, row: tuple[int, int, int, int, int, bytes, bytes | None]) -> Look:
    at, took, result, status, late, times, body = row
    *phases, queued, lag = unpack(times)
    detail = msgspec.json.decode(body, type=Detail) if body else Detail()
    reason = BY_NUMBER.get(result & 0xFF)
    return Look(
        probe=name,
        at=utc(at / 1000),
        verdict=_VERDICTS[result >> _VERDICT_AT & 3],
        reason=reason.code if reason else str(result & 0xFF),
        params=detail.params,
        status=status,
        duration_ms=took / 10,
        phases_ms=Phases(*phases),
        late_ms=late,
        queued_ms=queued,
        lag_ms=lag,
        trigger=TRIGGERS[result >> _TRIGGER_AT & 7],
        suspect=bool(result & _SUSPECT),
        offline=bool(result & _OFFLINE),
        excerpt=detail.excerpt,
    )


def pack(milliseconds: Iterable[float]) -> bytes:
    """Times as tenths of a millisecond, seven bits to a byte (LEB128), without the zeros at the end."""
    packed = bytearray()
    for time in milliseconds:
        left = round(time * 10)
        while left > 0x7F:
            packed.append(left & 0x7F | 0x80)
            left >>= 7
        packed.append(left)
    return bytes(packed.rstrip(b"\0"))


def unpack(packed: bytes) -> list[float]:
    """The times of a row in milliseconds: the six phases, queued, lag."""
    times, value, shift = [], 0, 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            times.append(value / 10)
            value, shift = 0, 0
    return times + [0.0] * (_TIMES - len(times))
