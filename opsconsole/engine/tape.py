"""What the store holds of a while, read for a replay: looks page by page, and all that decided beside them.

Looks are the only thing that is read again and again. What else decided, and no threshold changes, is taken
as it was recorded: pauses, want of looks, maintenance, when our self-check let a DOWN be confirmed, when we
were offline or most hosts failed. Times are milliseconds since the epoch.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from opsconsole.client.shapes import State
from opsconsole.health.model import PAUSED, RESUMED
from opsconsole.store.database import Store
from opsconsole.store.events import of_kinds
from opsconsole.store.looks import TapeLook, oldest, tape
from probes.observation import Param

# As many looks as are held at once.
PAGE_LOOKS = 20_000
LEAST_PAGE_MS = 60_000
STALE = "stale"
_OUTSIDE = (STALE, PAUSED, RESUMED)
_TURNS = """
SELECT CAST(entity_id AS INTEGER), happened_at, noticed_at, to_state, hard, cause, params FROM transition
WHERE entity = 'probe' AND entity_id IN (SELECT CAST(value AS TEXT) FROM json_each(?))
    AND noticed_at >= ? AND noticed_at < ? ORDER BY id
"""
_LAST = """
SELECT to_state, hard FROM transition
WHERE entity = 'probe' AND entity_id = ? AND noticed_at < ? ORDER BY id DESC LIMIT 1
"""
_LAST_HARD = """
SELECT to_state FROM transition
WHERE entity = 'probe' AND entity_id = ? AND noticed_at < ? AND hard AND to_state IN ('up', 'warn', 'down')
ORDER BY id DESC LIMIT 1
"""
_WORK = """
SELECT entity_id, noticed_at, to_state = 'maint' FROM transition
WHERE entity = 'application' AND entity_id IN (SELECT value FROM json_each(?))
    AND (to_state = 'maint' OR from_state = 'maint') AND noticed_at < ? ORDER BY id
"""
_TOLD = """
SELECT subject, body FROM event WHERE kind = 'application.announced' AND at < ?
    AND subject IN (SELECT value FROM json_each(?)) ORDER BY seq
"""
_SPANS = (
    ("engine.offline", "engine.online"),
    ("engine.mass_failure", "engine.mass_failure_ended"),
)

_params = msgspec.json.Decoder(dict[str, Param])


class Outside(NamedTuple):
    """Something that became of a probe without a look: ``cause`` is stale, paused or resumed."""

    at: int
    happened: int
    probe: int
    cause: str
    params: dict[str, Param]


class Confirmed(NamedTuple):
    """A DOWN of a probe became hard at ``noticed``; ``happened`` is the look or self-check that did it."""

    noticed: int
    happened: int


class Work(NamedTuple):
    """Maintenance of a row began, or ended, to be shown."""

    at: int
    row: str
    begins: bool


class Was(NamedTuple):
    """What a probe showed last before the tape begins, and what was confirmed last."""

    shown: State
    hard: bool
    confirmed: State


class Announced(NamedTuple):
    """People were told of a row."""

    at: int
    row: str
    after: str


class Recorded(NamedTuple):
    """All that is not looks. ``offline`` and ``mass`` are stretches; ``told`` is what was known before."""

    outside: list[Outside]
    confirmed: dict[int, list[Confirmed]]
    work: list[Work]
    was: dict[int, Was]
    told: dict[str, str]
    announced: list[Announced]
    offline: list[tuple[int, int]]
    mass: list[tuple[int, int]]
    stepped_back: int


def read_recorded(
    conn: Connection, probes: Sequence[int], rows: Sequence[str], start: int, end: int
) -> Recorded:
    """What is recorded of these probes and rows from ``start`` to ``end`` beside looks."""
    outside, confirmed = _turns(conn, probes, start, end)
    work = [
        Work(at, row, bool(begins))
        for row, at, begins in conn.exec_driver_sql(_WORK, (json.dumps(rows), end))
    ]
    told = conn.exec_driver_sql(_TOLD, (start, json.dumps(rows)))
    since, until = start / 1000, end / 1000
    return Recorded(
        outside=outside,
        confirmed=confirmed,
        work=work,
        was={probe: was for probe in probes if (was := _was(conn, probe, start)) is not None},
        told={row: json.loads(body)["after"] for row, body in told},
        announced=[
            Announced(round(one.at * 1000), one.subject, str(one.body["after"]))
            for one in of_kinds(conn, ("application.announced",), since, until)
        ],
        offline=_spans(conn, *_SPANS[0], end),
        mass=_spans(conn, *_SPANS[1], end),
        stepped_back=sum(
            str(one.body["seconds"]).startswith("-")
            for one in of_kinds(conn, ("clock.stepped",), since, until)
        ),
    )


def read_looks(store: Store, rhythm: Mapping[int, float], start: int, end: int) -> Iterator[list[TapeLook]]:
    """The looks of these probes, in the order in which they ended, a page at a time.

    ``rhythm`` is how many seconds lie between two looks of each. No page holds a transaction open while it
    is worked on.
    """
    a_second = sum(1 / max(every, 1.0) for every in rhythm.values())
    page = max(LEAST_PAGE_MS, round(PAGE_LOOKS / max(a_second, 1e-6) * 1000))
    numbers, left = sorted(rhythm), list[TapeLook]()
    with store.reader() as conn:
        first = oldest(conn, numbers)
    for at in range(end if first is None else max(start, first), end, page):
        until = min(at + page, end)
        with store.reader() as conn:
            left += tape(conn, numbers, at, until)
        left.sort(key=lambda look: look.ended)
        # What began in this page and ended after it comes with the next.
        ready = next((n for n, look in enumerate(left) if look.ended >= until), len(left))
        yield left[:ready]
        del left[:ready]
    yield left


def _turns(
    conn: Connection, probes: Iterable[int], start: int, end: int
) -> tuple[list[Outside], dict[int, list[Confirmed]]]:
    outside: list[Outside] = []
    confirmed: dict[int, list[Confirmed]] = {}
    was_down: dict[int, bool] = {}
    rows = conn.exec_driver_sql(_TURNS, (json.dumps(list(probes)), start, end))
    for probe, happened, noticed, shown, hard, cause, params in rows:
        if cause in _OUTSIDE:
            outside.append(Outside(noticed, happened, probe, cause, _params.decode(params)))
        is_down = bool(hard) and shown == State.DOWN
        if is_down and not was_down.get(probe):
            confirmed.setdefault(probe, []).append(Confirmed(noticed, happened))
        was_down[probe] = is_down
    return outside, confirmed


def _was(conn: Connection, probe: int, start: int) -> Was | None:
    last = conn.exec_driver_sql(_LAST, (str(probe), start)).one_or_none()
    if last is None:
        return None
    hard: Any = conn.exec_driver_sql(_LAST_HARD, (str(probe), start)).scalar()
    return Was(State(last[0]), bool(last[1]), State(hard) if hard else State.PENDING)


def _spans(conn: Connection, begun: str, ended: str, end: int) -> list[tuple[int, int]]:
    """The stretches between events of these two kinds."""
    spans: list[tuple[int, int]] = []
    since: int | None = None
    for one in of_kinds(conn, (begun, ended), 0, end / 1000):
        at = round(one.at * 1000)
        if one.kind == begun:
            since = at if since is None else since
        elif since is not None:
            spans.append((since, at))
            since = None
    return [*spans, (since, end)] if since is not None else spans
