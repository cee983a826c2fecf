"""The whole road as of a day: what was reached, what pace it needs, when it will be done. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from opsconsole.client import integration as shapes
from opsconsole.client.integration import Measure, Road, Span
from opsconsole.integration import rules
from opsconsole.integration.burnup import Lines, Move, first_day
from opsconsole.integration.days import Counted, count
from opsconsole.integration.forecast import forecast
from opsconsole.integration.register import Register
from opsconsole.inventory.road_model import Definition, RoadFile
from opsconsole.inventory.road_model import Milestone as Declared

_DAY = timedelta(days=1)
# For an office that has written none: every agency counts, in calendar days.
_NO_KINDS = "sekretariat", "inspektorat", "dinas", "badan", "satuan", "kecamatan"
UNWRITTEN = Definition(version="v0", kinds=list(_NO_KINDS))


class Facts(NamedTuple):
    """What the road is computed from. ``moves`` are all that is known, ``risks`` the days OPD fall on."""

    road: RoadFile
    register: Register
    days_off: Collection[date]
    moves: Sequence[Move]
    opd_term: str = "OPD"
    stages: tuple[int, ...] = ()
    risks: Mapping[str, date] = {}


class _Phase(NamedTuple):
    """A milestone that counts, with what it takes to judge it."""

    declared: Declared
    definition: Definition
    start: date
    lines: Lines


def as_of(facts: Facts, day: date) -> Road:
    """The road as it was on ``day``, by all that had happened up to then."""
    road = facts.road
    moves = [move for move in facts.moves if move.day <= day]
    phases = _phases(facts, moves, day)
    current, other = _compared(phases, day)
    definition = current.definition if current else road.definition("") or UNWRITTEN
    lines = current.lines if current else Lines(facts.register, definition, moves)
    measure: Measure = (current.declared.measure if current else "") or "integrated"
    done, scope = lines.done(measure, day), lines.scope(day)
    counted = _left(current, day, facts.days_off) if current else None
    first, second = _ordered(current, other)
    paces = {one.declared.id: _pace(phases, one, day, facts.days_off) for one in (first, second) if one}
    window = count(day - timedelta(days=road.forecast.pace_days), day, definition.days, facts.days_off)
    steps = lines.steps(measure, day - timedelta(days=road.forecast.pace_days), day)
    gains, falls = sum(step[1] for step in steps), sum(step[2] for step in steps)
    began = first_day([one.date for one in road.milestones], facts.moves, day)
    weeks = max(1, min(road.forecast.weeks, -(-(day - began).days // 7)))
    weekly, past_gains = lines.weekly(measure, day, weeks)
    goal = _target(current, day) if current else float(len(scope))
    remaining = max(0, int(_most(goal)) - len(done))
    coming = forecast(
        weekly, past_gains, remaining, least_gains=road.forecast.least_gains, seed=_seed(definition, day)
    )
    return Road(
        at=day,
        definition=definition.version,
        definition_seal=seal(definition),
        definition_source=definition.source,
        register_date=day,
        register_changed=facts.register.last_change(definition.kinds, day),
        opd_term=facts.opd_term,
        measure=measure,
        scope=len(scope),
        connected=len(lines.done("connected", day)),
        integrated=len(lines.done("integrated", day)),
        done=len(done),
        percent=100 * len(done) / len(scope) if scope else 0.0,
        remaining=remaining,
        days_left=counted.days if counted else None,
        days_kind=(counted or window).kind,
        years_missing=(counted or window).missing,
        current=current.declared.id if current else "",
        next=other.declared.id if other else "",
        required_pace=paces[current.declared.id] if current and day <= current.declared.date else None,
        next_required_pace=paces.get(other.declared.id) if other else None,
        pace_ratio=rules.pace_ratio(paces[first.declared.id], paces[second.declared.id])
        if first and second
        else None,
        actual_pace=rules.actual_pace(gains, falls, window),
        pace_days=road.forecast.pace_days,
        gains=gains,
        falls=falls,
        forecast_p50=_date(day, coming.p50),
        forecast_p85=_date(day, coming.p85),
        forecast_why=coming.why,
        forecast_weeks=weeks,
        forecast_gains=past_gains,
        milestones=tuple(_milestones(facts, phases, day)),
        burn_up=tuple(lines.burn_up(measure, min(began, day), day)),
        notes=tuple(lines.notes(measure, min(began, day), day)),
        opds=tuple(_opds(facts, lines, definition, day)),
        stages=facts.stages,
        paper=tuple(on_paper(road, facts.register, day)),
    )


def seal(definition: Definition) -> str:
    """Eight characters that differ for a definition that says something else."""
    said = json.dumps(definition.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _known(road: RoadFile, day: date) -> list[Declared]:
    """The milestones that had been announced by a day, by date."""
    known = [one for one in road.milestones if one.announced is None or one.announced <= day]
    return sorted(known, key=lambda one: one.date)


def _phases(facts: Facts, moves: Sequence[Move], day: date) -> list[_Phase]:
    """The milestones that count, by date; each begins where the one before it ends, unless it says so."""
    found: list[_Phase] = []
    before: date | None = None
    for one in _known(facts.road, day):
        definition = facts.road.definition(one.definition)
        if one.measure and definition is not None:
            start = one.start or before or one.date - timedelta(days=365)
            found.append(_Phase(one, definition, start, Lines(facts.register, definition, moves)))
        before = one.date
    return found


def _compared(phases: Sequence[_Phase], day: date) -> tuple[_Phase | None, _Phase | None]:
    """The milestone that runs, else the last one that did, else the first; and the one next to it."""
    if not phases:
        return None, None
    begun = [one for one in phases if one.start <= day]
    current = next((one for one in begun if day <= one.declared.date), begun[-1] if begun else phases[0])
    after = next((one for one in phases if one.start == current.declared.date), None)
    return current, after or next((one for one in phases if one.declared.date == current.start), None)


def _ordered(one: _Phase | None, other: _Phase | None) -> tuple[_Phase | None, _Phase | None]:
    if one and other and other.declared.date < one.declared.date:
        return other, one
    return one, other


def _seen_from(phase: _Phase, day: date) -> date:
    """The last day that is gone where it is judged from: the day before today, or its start.

    One that is over is judged from its start: what pace it would have taken.
    """
    return phase.start if day > phase.declared.date else max(phase.start, day - _DAY)


def _left(phase: _Phase, day: date, days_off: Collection[date]) -> Counted:
    """The days that are left of a milestone, today with them; none once it is over."""
    after = max(phase.start, day - _DAY)
    return count(after, phase.declared.date, phase.definition.days, days_off)


def _pace(phases: Sequence[_Phase], phase: _Phase, day: date, days_off: Collection[date]) -> Span | None:
    """What a milestone takes a day: from now on, or from its start on where that is to come or it is over.

    Of one to come it is taken for granted that the one before is met.
    """
    after = _seen_from(phase, day)
    counted = count(after, phase.declared.date, phase.definition.days, days_off)
    reached = float(len(phase.lines.done(phase.declared.measure, min(after, day))))
    done: Span = reached
    if phase.start >= day:
        before = [one for one in phases if day <= one.declared.date <= phase.start]
        if before:
            done = _at_least(_target(before[-1], day), reached)
    return rules.required_pace(_target(phase, day), done, counted)


def _at_least(promised: Span, done: float) -> Span:
    low, high = max(_least(promised), done), max(_most(promised), done)
    return low if low == high else (low, high)


def _target(phase: _Phase, day: date) -> Span:
    """How many OPD are meant; all are those of the register of the day, or of its date once it is over."""
    target: Any = phase.declared.target
    if target == "all":
        return float(len(phase.lines.scope(min(day, phase.declared.date))))
    if isinstance(target, list):
        return float(target[0]), float(target[1])
    return float(target)


def _least(span: Span) -> float:
    return span[0] if isinstance(span, tuple) else span


def _most(span: Span) -> float:
    return span[1] if isinstance(span, tuple) else span


def _milestones(facts: Facts, phases: Sequence[_Phase], day: date) -> Iterable[shapes.Milestone]:
    counting = {one.declared.id: one for one in phases}
    for one in _known(facts.road, day):
        state: shapes.Phase = "past" if day > one.date else "running"
        phase = counting.get(one.id)
        if phase is None:
            state = "coming" if day < one.date else "past"
            yield shapes.Milestone(
                id=one.id, name=one.name, date=one.date, phase=state, note=_note(one, day), source=one.source
            )
            continue
        if day < phase.start:
            state = "coming"
        seen = min(day, one.date)
        target = _target(phase, day)
        low, high = _least(target), _most(target)
        done = len(phase.lines.done(one.measure, seen))
        counted = _left(phase, day, facts.days_off)
        yield shapes.Milestone(
            id=one.id,
            name=one.name,
            date=one.date,
            start=phase.start,
            measure=one.measure,
            target=int(low) if low == high else (int(low), int(high)),
            all=one.target == "all",
            definition=phase.definition.version,
            phase=state,
            scope=len(phase.lines.scope(seen)),
            done=done,
            met=_met(one, done >= low, state == "past"),
            days=counted.days,
            days_kind=counted.kind,
            required_pace=_pace(phases, phase, day, facts.days_off),
            note=_note(one, day),
            source=one.source,
        )


def _note(declared: Declared, day: date) -> str:
    """What is said of it, which is said of its outcome: nobody knew before its day."""
    return declared.note if day >= declared.date else ""


def _met(declared: Declared, reached: bool, over: bool) -> bool | None:
    if reached:
        return True
    return False if over and declared.result != "unknown" else None


def _opds(facts: Facts, lines: Lines, definition: Definition, day: date) -> Iterable[shapes.OpdStanding]:
    connected, integrated = lines.since("connected", day), lines.since("integrated", day)
    for one in facts.register.scope(definition, day):
        yield shapes.OpdStanding(
            code=one.code,
            short=one.short,
            kind=one.kind,
            connected_since=connected.get(one.code),
            integrated_since=integrated.get(one.code),
            falls_on=facts.risks.get(one.code),
        )


def on_paper(road: RoadFile, register: Register, day: date) -> list[shapes.OnPaper]:
    """The services that no application carried yet on a day."""
    names = {one.code: one.short for one in register.on(day)}
    return [
        shapes.OnPaper(
            id=one.id,
            opd=(code := register.code(one.opd)),
            opd_short=names.get(code, code),
            name=one.name,
            dimension=one.dimension,
            since=one.since,
            application=one.application,
            note=one.note,
        )
        for one in road.paper
        if one.since is None or one.since <= day
    ]


def _date(day: date, weeks: int | None) -> date | None:
    return None if weeks is None else day + timedelta(days=7 * weeks)


def _seed(definition: Definition, day: date) -> int:
    """The same day and definition are answered the same whenever they are asked about."""
    return int.from_bytes(hashlib.sha256(f"{seal(definition)} {day}".encode()).digest()[:8])
