"""All stages looked over once: proofs that began and stopped, stages and OPD reached and lost. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from opsconsole.client.integration import Measure
from opsconsole.integration import rules
from opsconsole.integration.register import Register
from opsconsole.integration.rules import PROOFS, Reached, Row, Standing
from opsconsole.inventory.road_model import Definition

# Whoever is integrated is connected too, so the one is asked before the other.
MEASURES: tuple[Measure, ...] = ("integrated", "connected")


class Seen(NamedTuple):
    """What is known of an application today.

    ``proofs`` are the automatic ones that are given now, and ``handover`` where the register says so.
    ``exempt`` are the stages that it need not reach, ``reachable`` whether it is up now.
    """

    application: str
    opd: str
    tier: int
    active: bool
    proofs: frozenset[str]
    exempt: frozenset[int]
    reachable: bool
    level: int


class StageMove(NamedTuple):
    """An application went from one stage to another; ``missing`` are the proofs that the next one lacks."""

    application: str
    before: int
    after: int
    missing: tuple[str, ...]


class OpdMove(NamedTuple):
    """An OPD gained or lost a measure."""

    opd: str
    measure: Measure
    gained: bool
    why: str


class Counted(NamedTuple):
    """Since when an OPD has a measure; ``stopped`` since when its proof is gone."""

    since: date
    stopped: date | None = None


@dataclass(slots=True)
class Evaluation:
    """What changed since the last one: proofs by application, measures of OPD that stopped or are back."""

    begun: dict[str, list[str]] = field(default_factory=dict)
    stopped: dict[str, list[str]] = field(default_factory=dict)
    stages: list[StageMove] = field(default_factory=list)
    opds: list[OpdMove] = field(default_factory=list)
    opds_stopped: dict[str, list[Measure]] = field(default_factory=dict)
    opds_back: dict[str, list[Measure]] = field(default_factory=dict)


class Under(NamedTuple):
    """By what it is judged; ``grace`` is for how many days a proof that stopped goes on."""

    register: Register
    definition: Definition
    grace: int


@dataclass(frozen=True, slots=True)
class Known:
    """What stood before: proofs and stages of applications, OPD with the measures they have."""

    standings: Mapping[str, Mapping[str, Standing]]
    stages: Mapping[str, int]
    opds: Mapping[tuple[str, Measure], Counted]


def evaluate(seen: Iterable[Seen], known: Known, under: Under, day: date) -> Evaluation:
    """Hold what is seen today against what is known."""
    found = Evaluation()
    rows: dict[str, list[Row]] = {}
    for one in seen:
        standings = dict(known.standings.get(one.application, {}))
        _turn_proofs(found, one, standings, day)
        held = held_proofs(one, standings, day, under.grace)
        after = rules.reached(held, one.exempt)
        before = known.stages.get(one.application, 0)
        if after.stage != before:
            lacking = missing(after, held)
            found.stages.append(StageMove(one.application, before, after.stage, lacking))
        row = Row(one.tier, one.active, *after, one.reachable, "watched" in one.proofs, one.level)
        rows.setdefault(one.opd, []).append(row)
    in_scope = [opd.code for opd in under.register.scope(under.definition, day)]
    for code in in_scope:
        family = [row for member in under.register.family(code) for row in rows.get(member, ())]
        reached = _measures(family, under.definition)
        for measure in MEASURES:
            counted = known.opds.get((code, measure))
            if measure == "connected" and counted is None and "integrated" in reached:
                continue
            _count(found, OpdMove(code, measure, measure in reached, ""), counted, day, under.grace)
    found.opds += [
        OpdMove(code, measure, False, "ended") for code, measure in known.opds if code not in in_scope
    ]
    return found


def held_proofs(one: Seen, standings: Mapping[str, Standing], day: date, grace: int) -> frozenset[str]:
    """The proofs of an application that count today."""
    held = {proof for proof in PROOFS if rules.holds(proof, standings.get(proof), day, grace)}
    return frozenset(held | one.proofs)


def missing(at: Reached, held: Collection[str]) -> tuple[str, ...]:
    """The proofs that the first stage lacks which is neither met nor exempt."""
    number = at.cleared + 1
    return tuple(p for p, (of, _automatic) in PROOFS.items() if of == number and p not in held)


def _turn_proofs(found: Evaluation, one: Seen, standings: dict[str, Standing], day: date) -> None:
    for proof, (_stage, automatic) in PROOFS.items():
        if not automatic:
            continue
        before = standings.get(proof)
        if proof in one.proofs and (before is None or not before.proven):
            found.begun.setdefault(one.application, []).append(proof)
            standings[proof] = Standing(True, day)
        elif proof not in one.proofs and before is not None and before.proven:
            found.stopped.setdefault(one.application, []).append(proof)
            standings[proof] = Standing(False, day)


def _measures(rows: list[Row], definition: Definition) -> set[Measure]:
    reached: set[Measure] = set()
    if rules.connected(rows, definition):
        reached.add("connected")
    if rules.integrated(rows, definition):
        reached.add("integrated")
    return reached


def _count(found: Evaluation, now: OpdMove, before: Counted | None, day: date, grace: int) -> None:
    """What becomes of an OPD's measure, which it has ``now`` or not."""
    if now.gained:
        if before is None:
            found.opds.append(now._replace(why="proven"))
        elif before.stopped is not None:
            found.opds_back.setdefault(now.opd, []).append(now.measure)
    elif before is not None:
        if day >= (before.stopped or day) + timedelta(days=grace):
            found.opds.append(now._replace(why="proof_stopped"))
        elif before.stopped is None:
            found.opds_stopped.setdefault(now.opd, []).append(now.measure)
