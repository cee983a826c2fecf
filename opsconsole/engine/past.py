"""What answers the query ``history``: transitions, runs and looks of the store, made into cells and sums."""

import asyncio
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.history import MOST_CELLS, SECONDS, AskHistory, Bucket, Held, History, step_of
from opsconsole.client.shapes import State
from opsconsole.engine.asked import Asked
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.health import history
from opsconsole.health.states import Entity
from opsconsole.health.turns import turns_of
from opsconsole.store import looks, runs
from opsconsole.store.database import Store
from probes.observation import Verdict

_FIRST = {
    "application": "SELECT first_seen FROM application WHERE row_id = ?",
    "probe": "SELECT first_seen FROM probe WHERE id = ?",
}
_ANSWERED = (Verdict.UP, Verdict.DEGRADED)


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose history: what transitions and looks know it by, and what it shows now."""

    entity: Entity
    id: str
    shown: State
    probes: Sequence[WatchedProbe]


@dataclass(slots=True)
class _Cell:
    """The looks of one cell; ``times`` (milliseconds) are of those that were answered."""

    looks: int = 0
    failures: int = 0
    times: "array[float]" = field(default_factory=lambda: array("d"))


async def answer_history(asked: Asked) -> History:
    """The history of an application or of one of its probes. Raises `NotFound`, `Invalid`."""
    args: AskHistory = asked.args
    row = asked.office.rows.get(args.application)
    if row is None:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    now = asked.clock.now()
    until = now if args.until is None else args.until.timestamp()
    if until > now:
        raise Invalid(N_("That time has not come yet."), N_("Ask for a time up to now."))
    if until < SECONDS[args.window]:
        raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))
    subject = _subject(row, args.probe)
    return await asyncio.to_thread(_read, asked.store, args, subject, round(until * 1000))


def _subject(row: WatchedRow, name: str) -> _Subject:
    if not name:
        shown = State.PENDING if row.shown is None else row.shown.state
        return _Subject("application", row.id, shown, row.probes)
    probe = next((one for one in row.probes if one.name == name), None)
    if probe is None:
        raise NotFound(N_("{id} has no probe {probe}."), id=row.id, probe=name)
    return _Subject("probe", str(probe.id), probe.state.word, (probe,))


def _read(store: Store, args: AskHistory, subject: _Subject, end: int) -> History:
    start = end - SECONDS[args.window] * 1000
    step = step_of(args.window, max(1, min(args.cells, MOST_CELLS))) * 1000
    numbers = [probe.id for probe in subject.probes]
    with store.answering() as conn:
        first = conn.exec_driver_sql(_FIRST[subject.entity], (subject.id,)).scalar_one()
        turns = turns_of(conn, subject.entity, subject.id, start, end)
        ran = runs.between(conn, start, end)
        cells = [_Cell() for _ in range(-(-(end - start) // step))]
        for number in numbers:
            _fill(cells, looks.measured(conn, number, start, end), start, step)
        oldest = looks.oldest(conn, numbers)
    stretches = history.held(turns, subject.shown, first, ran, (start, end))
    spent = history.account(stretches)
    low, high, coverage = spent.percentages() or (None, None, None)
    return History(
        application=args.application,
        probe=args.probe,
        window=args.window,
        start=utc(start / 1000),
        end=utc(end / 1000),
        step_s=step // 1000,
        buckets=_buckets(cells, history.worst(stretches, start, step, len(cells)), start, step),
        stretches=tuple(map(_held, stretches)) if args.stretches else (),
        up_s=spent.up / 1000,
        down_s=spent.down / 1000,
        unknown_s=spent.unknown / 1000,
        excluded_s=spent.excluded / 1000,
        low_pct=low,
        high_pct=high,
        coverage_pct=coverage,
        p95_ms=history.p95(took for cell in cells for took in cell.times),
        looks=sum(cell.looks for cell in cells),
        failures=sum(cell.failures for cell in cells),
        slow_over_s=min((p.configured.spec.slow_over or 0.0 for p in subject.probes), default=0.0),
        first_at=utc(first / 1000),
        first_look_at=None if oldest is None else utc(oldest / 1000),
    )


def _fill(
    cells: Sequence[_Cell], measured: Iterable[tuple[int, float, Verdict]], start: int, step: int
) -> None:
    for at, took, verdict in measured:
        cell = cells[(at - start) // step]
        cell.looks += 1
        if verdict in _ANSWERED:
            cell.times.append(took)
        elif verdict is Verdict.DOWN:
            cell.failures += 1


def _buckets(cells: Sequence[_Cell], states: Sequence[State], start: int, step: int) -> tuple[Bucket, ...]:
    return tuple(
        Bucket(
            at=utc((start + number * step) / 1000),
            state=state,
            p95_ms=history.p95(cell.times),
            looks=cell.looks,
            answered=len(cell.times),
            failures=cell.failures,
        )
        for number, (cell, state) in enumerate(zip(cells, states, strict=True))
    )


def _held(one: history.Stretch) -> Held:
    return Held(
        start=utc(one.start / 1000),
        end=utc(one.end / 1000),
        state=one.state,
        reason=one.reason,
        params=one.params,
    )
