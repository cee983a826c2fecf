"""What answers the query ``log``: the chain of events and the changes of state, in one order of time.

Each of the two is read newest first by its own number, so that a page goes on exactly where the one
before it ended, whatever the clock did meanwhile. A confirmed change stands in both; the log tells it as
a change of state, which says more, and the event only where it was held back. A first UP is no news.
"""

import asyncio
import heapq
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.client.history import SECONDS
from opsconsole.client.logbook import MOST_ENTRIES, STATE, AskLog, Entry, LogPage
from opsconsole.client.shapes import State
from opsconsole.engine.asked import Asked
from opsconsole.engine.office import Office
from opsconsole.store.database import Store
from probes.observation import Param

_MARK = re.compile(r"(\d{1,18})\.(\d{1,18})")
_END = 1 << 62
# What changes its state is told by the engine.
_ENGINE = "engine"
_EVENTS = """
SELECT seq, at, uid, person, via, kind, subject, body FROM event
WHERE kind NOT IN ('application.cut_off', 'application.cut_off_ended')
AND NOT (kind = 'application.announced' AND instr(CAST(body AS TEXT), '"held":""'))
"""
_CHANGES = """
SELECT id, noticed_at, happened_at, entity_id, from_state, to_state, hard, cause, params, flapping
FROM transition WHERE {entity} = 'application' AND NOT (from_state = 'pending' AND to_state = 'up')
"""
# Told off the index by the plus: else every change there ever was is sorted for the newest few.
_IN_ORDER, _BY_SUBJECT = "+entity", "entity"
_LAST = "SELECT (SELECT ifnull(max(seq), 0) FROM event), (SELECT ifnull(max(id), 0) FROM transition)"
_TIMES = (
    "SELECT at FROM event WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
    "SELECT noticed_at FROM transition WHERE id <= ? ORDER BY id DESC LIMIT 1",
)
_SUBJECTS = "AND {column} IN (SELECT value FROM json_each(:subjects))"
_ABOUT = "AND EXISTS (SELECT 1 FROM json_each(:about) WHERE instr({column}, value))"
_KINDS = "AND EXISTS (SELECT 1 FROM json_each(:kinds) WHERE instr(kind, value))"
_WHO = "AND EXISTS (SELECT 1 FROM json_each(:who) WHERE instr(lower(person), value) OR instr(via, value))"

_params = msgspec.json.Decoder(dict[str, Param])


class _Mark(NamedTuple):
    """The numbers of an event and of a change, between which entries lie."""

    event: int
    change: int


async def answer_log(asked: Asked) -> LogPage:
    """A page of the log. Raises `Invalid` for a mark that is none."""
    args: AskLog = asked.args
    if args.window != "all":
        start = utc(asked.clock.now() - SECONDS[args.window])
        args = replace(args, since=start if args.since is None else max(start, args.since))
    return await asyncio.to_thread(read_log, asked.store, asked.office, args)


def read_log(store: Store, office: Office, args: AskLog) -> LogPage:
    """As `answer_log`, in the caller's thread."""
    low, high = _mark(args.after, _Mark(0, 0)), _mark(args.before, _Mark(_END, _END))
    limit = max(1, min(args.limit, MOST_ENTRIES))
    with store.answering() as conn:
        low = _Mark(*map(max, low, _since(conn, args.since)))
        found = [_entry(row, office) for row in _merged(conn, args, low, high, limit + 1)]
        total = 0 if args.before or args.after else sum(_count(conn, args, low))
        last = _Mark(*conn.exec_driver_sql(_LAST).one())
    entries = found[:limit]
    return LogPage(
        entries=tuple(entries),
        total=total,
        more=len(found) > limit,
        newest=f"{last.event}.{last.change}",
        oldest=_oldest(entries, high),
    )


def _mark(text: str, default: _Mark) -> _Mark:
    if not text:
        return default
    match = _MARK.fullmatch(text)
    if match is None:
        raise Invalid(N_("{mark} is no mark of a page."), N_("Ask for the newest page again."), mark=text)
    return _Mark(int(match[1]), int(match[2]))


def _oldest(entries: Iterable[Entry], high: _Mark) -> str:
    """The mark below the last entry of each kind; where the page holds none of it, the one it began at."""
    event, change = high
    for entry in entries:
        if entry.kind == STATE:
            change = int(entry.id[1:])
        else:
            event = int(entry.id[1:])
    return f"{min(event, _END - 1)}.{min(change, _END - 1)}"


def _merged(conn: Connection, args: AskLog, low: _Mark, high: _Mark, limit: int) -> list[tuple[Any, ...]]:
    """The newest rows of both, as (time, is an event, row)."""
    events: list[tuple[Any, ...]] = []
    changes: list[tuple[Any, ...]] = []
    if _wants_events(args):
        sql = f"{_events_sql(args)} AND seq > :low AND seq < :high ORDER BY seq DESC LIMIT {limit}"
        rows = conn.exec_driver_sql(sql, _values(args, low.event, high.event))
        events = [(row[1], True, tuple(row)) for row in rows]
    if _wants_changes(args):
        sql = f"{_changes_sql(args)} AND id > :low AND id < :high ORDER BY id DESC LIMIT {limit}"
        rows = conn.exec_driver_sql(sql, _values(args, low.change, high.change))
        changes = [(row[1], False, tuple(row)) for row in rows]
    return list(heapq.merge(events, changes, key=lambda row: -row[0]))[:limit]


def _count(conn: Connection, args: AskLog, low: _Mark) -> Iterator[int]:
    """How many match at all, of each of the two."""
    if _wants_events(args):
        sql = f"SELECT count(*) FROM ({_events_sql(args)} AND seq > :low AND seq < :high)"  # noqa: S608 - constants
        yield conn.exec_driver_sql(sql, _values(args, low.event, _END)).scalar_one()
    if _wants_changes(args):
        sql = f"SELECT count(*) FROM ({_changes_sql(args)} AND id > :low AND id < :high)"  # noqa: S608 - constants
        yield conn.exec_driver_sql(sql, _values(args, low.change, _END)).scalar_one()


def _since(conn: Connection, since: datetime | None) -> _Mark:
    """The last event and the last change before a time, by halves: both were written in order of time."""
    if since is None:
        return _Mark(0, 0)
    wanted = _ms(since, 0)
    found = []
    for sql, last in zip(_TIMES, conn.exec_driver_sql(_LAST).one(), strict=True):
        low, high = 0, last
        while low < high:
            middle = (low + high + 1) // 2
            at = conn.exec_driver_sql(sql, (middle,)).scalar()
            low, high = (middle, high) if at is not None and at < wanted else (low, middle - 1)
        found.append(low)
    return _Mark(*found)


def _wants_events(args: AskLog) -> bool:
    return not args.kinds or any(kind != STATE for kind in args.kinds)


def _wants_changes(args: AskLog) -> bool:
    named = not args.kinds or any(kind in STATE for kind in args.kinds)
    return named and (not args.who or any(who in _ENGINE for who in args.who))


def _events_sql(args: AskLog) -> str:
    parts = [_EVENTS, "AND at >= :since AND at < :until"]
    if args.applications:
        parts.append(_SUBJECTS.format(column="subject"))
    if args.about:
        parts.append(_ABOUT.format(column="subject"))
    if args.kinds:
        parts.append(_KINDS)
    if args.who:
        parts.append(_WHO)
    return " ".join(parts)


def _changes_sql(args: AskLog) -> str:
    named = _BY_SUBJECT if args.applications else _IN_ORDER
    parts = [_CHANGES.format(entity=named), "AND noticed_at >= :since AND noticed_at < :until"]
    if args.applications:
        parts.append(_SUBJECTS.format(column="entity_id"))
    if args.about:
        parts.append(_ABOUT.format(column="entity_id"))
    return " ".join(parts)


def _values(args: AskLog, low: int, high: int) -> dict[str, Any]:
    return {
        "since": _ms(args.since, 0),
        "until": _ms(args.until, _END),
        "low": low,
        "high": high,
        "subjects": json.dumps(args.applications),
        "about": json.dumps([one.casefold() for one in args.about]),
        "kinds": json.dumps([one.casefold() for one in args.kinds]),
        "who": json.dumps([one.casefold() for one in args.who]),
    }


def _ms(moment: datetime | None, default: int) -> int:
    return default if moment is None else round(moment.timestamp() * 1000)


def _entry(row: tuple[Any, ...], office: Office) -> Entry:
    _at, is_event, columns = row
    return _event(columns, office) if is_event else _change(columns, office)


def _event(columns: tuple[Any, ...], office: Office) -> Entry:
    seq, at, uid, person, via, kind, subject, body = columns
    return Entry(
        id=f"e{seq}",
        at=utc(at / 1000),
        kind=kind,
        subject=subject,
        opd=_opd_of(subject, office),
        uid=uid,
        person=person,
        via=via,
        body=json.loads(body),
    )


def _change(columns: tuple[Any, ...], office: Office) -> Entry:
    number, noticed, happened, subject, before, after, hard, cause, params, flapping = columns
    return Entry(
        id=f"s{number}",
        at=utc(noticed / 1000),
        kind=STATE,
        subject=subject,
        opd=_opd_of(subject, office),
        before=State(before),
        after=State(after),
        hard=bool(hard),
        flapping=bool(flapping),
        reason=cause,
        params=_params.decode(params),
        happened_at=utc(happened / 1000),
    )


def _opd_of(subject: str, office: Office) -> str:
    row = office.rows.get(subject)
    opd = office.opds.get(row.entry.opd) if row else None
    return opd.entry.short if opd else ""
