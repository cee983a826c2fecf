"""Levels: cumulative, and as high as the weakest link. Pure: no clock, no disk.

A level is never stored. What is found of anything is, for each level, until when it is held: `Steps`. The
level now, the day on which it falls and to what are read off them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from opsconsole.inventory.office import ApplicationEntry, OpdEntry
from opsconsole.inventory.readiness import HIGHEST, LevelRule, RoleRule
from opsconsole.readiness.duties import NO_TIER, Ground, Post, counted, holders, scope
from opsconsole.readiness.rules import Asked, Standing, stands
from opsconsole.readiness.validity import FOREVER, NEVER

Steps = tuple[float, ...]
"""Until when each level from 0 on is held; none is held longer than the ones below it."""
NOBODY: Steps = (FOREVER, *[NEVER] * HIGHEST)
_TOP: Steps = (FOREVER,) * (HIGHEST + 1)


class Needed(NamedTuple):
    """One need of one level, of one person, and how it stands."""

    level: int
    what: str
    standing: Standing


class Held(NamedTuple):
    """How one person holds a duty. Without a person nobody does."""

    person: str
    steps: Steps
    needs: tuple[Needed, ...] = ()


class RoleFound(NamedTuple):
    """A duty that has to be held: its level is that of whoever holds it best."""

    duty: str
    steps: Steps
    held: tuple[Held, ...]


class AppFound(NamedTuple):
    """An application: its level is that of its weakest role. ``id`` is empty for an OPD as a whole."""

    id: str
    tier: int
    steps: Steps
    roles: tuple[RoleFound, ...]
    counts: bool


class OpdFound(NamedTuple):
    """An OPD: its level is that of the weakest of what counts."""

    code: str
    steps: Steps
    parts: tuple[AppFound, ...]


class Fall(NamedTuple):
    """When the level falls if nothing is done, and to which."""

    at: float
    to: int


def steps_of(needs: Iterable[Needed]) -> Steps:
    """Each level is held until the first of its needs, and of those below it, is not."""
    until = [FOREVER] * (HIGHEST + 1)
    for one in needs:
        until[one.level] = min(until[one.level], one.standing.until)
    for level in range(1, HIGHEST + 1):
        until[level] = min(until[level], until[level - 1])
    return tuple(until)


def weakest(many: Iterable[Steps]) -> Steps:
    """What all of them hold."""
    return tuple(map(min, zip(_TOP, *many, strict=False)))


def best(many: Iterable[Steps]) -> Steps:
    """What any of them holds."""
    return tuple(map(max, zip(NOBODY, *many, strict=False)))


def level_at(steps: Steps, now: float) -> int:
    """The highest level that is held."""
    return max(level for level, until in enumerate(steps) if until > now)


def fall(steps: Steps, now: float) -> Fall | None:
    """What happens if nothing is done; None where nothing does."""
    at = steps[level_at(steps, now)]
    return None if at == FOREVER else Fall(at, level_at(steps, at))


def of_opd(ground: Ground, opd: OpdEntry, now: float) -> OpdFound:
    """An OPD with all its applications, and the duties that it has as a whole."""
    return ground.remembered(opd.code, now, lambda: _of_opd(ground, opd, now))


def _of_opd(ground: Ground, opd: OpdEntry, now: float) -> OpdFound:
    own = counted(ground, opd.code)
    ids = {row.id for row in own}
    parts = [
        _of_application(ground, opd.code, row, row.id in ids, now)
        for row in ground.applications.get(opd.code, ())
    ]
    of_all = [role for role in ground.rules.roles if role.per == "opd"]
    if not own:
        # It runs nothing: then somebody has to answer for it all the same.
        of_all += [role for role in ground.rules.roles if role.per == "application" and NO_TIER in role.tiers]
    if of_all:
        post = Post(opd.code, "", min((row.tier for row in own), default=NO_TIER))
        roles = tuple(_of_role(ground, role, post, now) for role in of_all if post.tier in role.tiers)
        parts.append(AppFound("", post.tier, weakest(role.steps for role in roles), roles, bool(roles)))
    counting = [one.steps for one in parts if one.counts]
    return OpdFound(opd.code, weakest(counting) if counting else NOBODY, tuple(parts))


def _of_application(ground: Ground, opd: str, row: ApplicationEntry, counts: bool, now: float) -> AppFound:
    wanted = [role for role in ground.rules.roles if role.per == "application" and row.tier in role.tiers]
    roles = tuple(_of_role(ground, role, Post(opd, row.id, row.tier), now) for role in wanted)
    # What needs nobody says nothing of people.
    return AppFound(row.id, row.tier, weakest(role.steps for role in roles), roles, counts and bool(roles))


def _of_role(ground: Ground, role: RoleRule, post: Post, now: float) -> RoleFound:
    held = tuple(
        of_person(Asked(ground, person, role.duty, post), role.needs, now)
        for person in holders(ground, role.duty, post)
    )
    if not held:
        held = (Held("", NOBODY, (Needed(1, "named", Standing(NEVER, "nobody")),)),)
    return RoleFound(role.duty, best(one.steps for one in held), held)


def of_person(asked: Asked, only: Sequence[str], now: float) -> Held:
    """How a person holds a duty; ``only`` are the needs that this duty is asked for, empty for all."""
    ground, person, duty, post = asked
    key = person.id, duty, tuple(only), ground.alike[post.tier], scope(ground, person, post)
    return ground.remembered(key, now, lambda: _of_person(asked, only, now))


def _of_person(asked: Asked, only: Sequence[str], now: float) -> Held:
    needs: list[Needed] = []
    held: list[LevelRule] = []
    for rule in asked.ground.rules.levels:
        for need in rule.needs:
            if asked.post.tier not in need.tiers or (only and need.what not in only):
                continue
            if need.what == "held":
                held.append(rule)
            else:
                needs.append(Needed(rule.level, need.what, stands(asked, need.what, now)))
    needs += [Needed(rule.level, "held", _was_held(asked, rule, needs, now)) for rule in held]
    return Held(asked.person.id, steps_of(needs), tuple(needs))


def _was_held(asked: Asked, rule: LevelRule, needs: Sequence[Needed], now: float) -> Standing:
    """Whether the level below was held through so many whole quarters, up to now."""
    not_held = Standing(NEVER, "not_held")
    if level_at(steps_of(needs), now) < rule.level - 1:
        return not_held
    begin = _quarters_ago(now, rule.quarters, asked.ground.zone)
    # A drill that was missed ends it, though the one before it would still have held.
    drills = asked.ground.book.recorded(asked.person.id, "UR")
    marks = sorted({*(row.at for row in drills if begin < row.at < now), now})
    below = [one.what for one in needs if one.level < rule.level]
    return Standing(FOREVER) if _held(asked, below, begin, marks) else not_held


def _held(asked: Asked, below: Sequence[str], begin: float, marks: Sequence[float]) -> bool:
    """Whether the needs below were met from ``begin`` to the last of the marks, looked at afresh at each.

    What a change has taken away since counts as never met: whoever comes new begins anew.
    """
    at = begin
    for mark in marks:
        while at < mark:
            until = min(stands(asked, what, at).until for what in below)
            if until <= at:
                return False
            at = min(until, mark)
    return True


def _quarters_ago(now: float, quarters: int, zone: ZoneInfo) -> float:
    """When the earliest of so many whole quarters before the running one began."""
    local = datetime.fromtimestamp(now, zone)
    months = local.year * 12 + (local.month - 1) // 3 * 3 - quarters * 3
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=zone).timestamp()


def median_level(found: OpdFound, now: float) -> float:
    """The level in the middle of what counts, so that one weak page does not hide the rest."""
    levels = [level_at(one.steps, now) for one in found.parts if one.counts]
    return float(median(levels)) if levels else 0.0


def lacking(found: OpdFound, now: float) -> list[tuple[AppFound, RoleFound, Held, Needed]]:
    """What keeps an OPD from the next level: of its weakest parts, the roles, people and needs."""
    level = level_at(found.steps, now)
    return [
        (part, role, held, need)
        for part in found.parts
        if part.counts and level_at(part.steps, now) == level
        for role in part.roles
        if level_at(role.steps, now) == level
        for held in role.held
        if level_at(held.steps, now) == level
        for need in held.needs
        if need.level == level + 1 and need.standing.why
    ]
