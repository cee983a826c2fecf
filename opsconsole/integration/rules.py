"""What a stage, a counted OPD and a pace are. Pure: times and levels are passed in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from opsconsole.integration.days import Counted
from opsconsole.inventory.road_model import HIGHEST_STAGE, Definition

# Each proof of a stage: the stage, and whether probes and registers give it (else a document does).
PROOFS: Mapping[str, tuple[int, bool]] = {
    "registered": (1, True),
    "owner_signed": (1, False),
    "reachable": (2, True),
    "api": (3, True),
    "api_document": (3, False),
    "sso": (4, True),
    "exchange": (5, True),
    "agreement": (5, False),
    "watched": (6, True),
    "people": (6, True),
    "instructions": (6, True),
    "handover": (6, False),
}
# What a new owner has to sign again.
VOIDED_BY_REORGANISATION = ("owner_signed", "agreement")

Span = float | tuple[float, float]
"""A number, or from one to another where a target is a range."""


class Standing(NamedTuple):
    """How a proof stands: it holds since a day, or stopped on it. ``until`` is the last day of a document."""

    proven: bool
    since: date
    document: str = ""
    until: date | None = None


class Reached(NamedTuple):
    """``stage`` is the highest that is met with everything below it met or exempt; ``cleared`` counts exempt
    stages above it too.
    """

    stage: int
    cleared: int


class Row(NamedTuple):
    """What is known of an application where OPD are counted."""

    tier: int
    active: bool
    stage: int
    cleared: int
    reachable: bool
    watched: bool
    level: int


def holds(proof: str, standing: Standing | None, day: date, grace_days: int) -> bool:
    """Whether a proof counts on a day: an automatic one that stopped still does for a while, a paper not."""
    if standing is None:
        return False
    _stage, automatic = PROOFS[proof]
    if automatic:
        return standing.proven or day < standing.since + timedelta(days=grace_days)
    return standing.proven and (standing.until is None or day <= standing.until)


def falls_on(proof: str, standing: Standing, grace_days: int) -> date | None:
    """The day on which it counts no longer, if nothing is done; None while nothing ends it."""
    _stage, automatic = PROOFS[proof]
    if automatic:
        return None if standing.proven else standing.since + timedelta(days=grace_days)
    if not standing.proven or standing.until is None or standing.until == date.max:
        return None
    return standing.until + timedelta(days=1)


def reached(held: Collection[str], exempt: Collection[int]) -> Reached:
    """The stage of an application by the proofs that count and the stages it need not reach."""
    stage = cleared = 0
    for number in range(1, HIGHEST_STAGE + 1):
        met = all(proof in held for proof, (of, _automatic) in PROOFS.items() if of == number)
        if not met and number not in exempt:
            break
        cleared = number
        if met:
            stage = number
    return Reached(stage, cleared)


def priority(rows: Iterable[Row], definition: Definition) -> list[Row]:
    """The active applications that decide for an OPD: those of the named tiers, all where it has none."""
    active = [row for row in rows if row.active]
    return [row for row in active if row.tier in definition.tiers] or active


def connected(rows: Iterable[Row], definition: Definition) -> bool:
    """Terkoneksi: one priority application is far enough, reachable now, and its people are ready."""
    return any(
        row.cleared >= definition.connected_stage
        and row.reachable
        and row.level >= definition.connected_level
        for row in priority(rows, definition)
    )


def integrated(rows: Iterable[Row], definition: Definition) -> bool:
    """Terintegrasi: all of them are far enough or exempt, watched here, and their people are ready."""
    decide = priority(rows, definition)
    return bool(decide) and all(
        row.cleared >= definition.integrated_stage
        and row.watched
        and row.level >= definition.integrated_level
        for row in decide
    )


def required_pace(target: Span, done: Span, counted: Counted) -> Span | None:
    """OPD a day that are needed; None where no day is left. Of ranges the least and the most that may be."""
    if not counted.days:
        return None
    (low, high), (least, most) = _range(target), _range(done)
    paces = max(0.0, low - most) / counted.days, max(0.0, high - least) / counted.days
    return paces[0] if paces[0] == paces[1] else paces


def pace_ratio(one: Span | None, two: Span | None) -> Span | None:
    """How many times the pace of one phase the next one needs; None where the first needs none.

    Where phase one gains less, phase two has more to do: the least pace of the one goes with the most of the
    other only as far as both come from the same targets, so the ends are those of equal assumptions.
    """
    if one is None or two is None:
        return None
    (low, high), (least, most) = _range(one), _range(two)
    if low <= 0:
        return None
    ratios = sorted((most / low, least / high))
    return ratios[0] if ratios[0] == ratios[1] else (ratios[0], ratios[1])


def actual_pace(gains: int, falls: int, counted: Counted) -> float:
    """OPD a day that came about: gains minus falls over the days they are counted in."""
    return (gains - falls) / counted.days if counted.days else 0.0


def _range(span: Span) -> tuple[float, float]:
    return span if isinstance(span, tuple) else (span, span)
