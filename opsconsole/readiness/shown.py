"""What is found of people, as it crosses the socket."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from opsconsole.base.clock import utc
from opsconsole.client.readiness import (
    ApplicationReadiness,
    HeldDuty,
    LevelWords,
    MeansReadiness,
    OpdReadiness,
    Reminder,
    RuleWords,
    SourceWords,
    Stand,
)
from opsconsole.client.shapes import Why
from opsconsole.inventory.model import Means
from opsconsole.inventory.office import Inventory, OpdEntry
from opsconsole.inventory.readiness import ReadinessRules, Validity
from opsconsole.readiness import levels
from opsconsole.readiness.duties import Ground, Post, holders
from opsconsole.readiness.evidence import MEANS
from opsconsole.readiness.levels import AppFound, Held, Needed, OpdFound, RoleFound
from opsconsole.readiness.reminders import chain, gone
from opsconsole.readiness.validity import FOREVER, NEVER, ends

_DAY_SECONDS = 86_400
# Of what keeps an OPD from the next level so many are told in a list; the page of the OPD tells all.
_MOST_REASONS = 4


class Seen(NamedTuple):
    """Whether a row's probes show that it works, and since when."""

    works: bool
    since: float


Prove = Callable[[str], Seen | None]
"""What is seen of a row now; None for one that is not looked at."""


def level_words(rules: ReadinessRules) -> tuple[LevelWords, ...]:
    """What the levels are called."""
    return tuple(LevelWords(one.level, one.words.id, one.words.en, one.source or "") for one in rules.levels)


def rule_words(rules: ReadinessRules) -> tuple[RuleWords, ...]:
    """What the kinds of evidence and of means are called, and how long they hold."""
    return (
        *(
            RuleWords(
                code=one.code,
                id=one.words.id,
                en=one.words.en,
                valid=_written(one.valid),
                valid_by_tier={tier: _written(valid) for tier, valid in one.valid_by_tier.items()},
                voided_by=tuple(one.voided_by),
                source=one.source or "",
            )
            for one in rules.evidence.values()
        ),
        *(
            RuleWords(
                code=kind.kind,
                id=kind.words.id,
                en=kind.words.en,
                valid=_written(kind.valid),
                source=kind.source or "",
            )
            for kind in rules.means.values()
        ),
    )


def source_words(inventory: Inventory) -> tuple[SourceWords, ...]:
    """The references that levels and kinds of evidence and means go by, as far as they are listed."""
    rules = inventory.readiness
    named = [
        *(one.source or "" for one in rules.levels),
        *(one.source or "" for one in rules.evidence.values()),
        *(one.source or "" for one in rules.means.values()),
    ]
    listed = (inventory.references[name] for name in dict.fromkeys(named) if name in inventory.references)
    return tuple(
        SourceWords(id=one.id, number=one.number, title=one.title, kept=one.kept, confirm=one.confirm)
        for one in listed
    )


def _written(valid: Validity) -> str:
    return f"{valid.amount}{'d' if valid.kind == 'days' else 'mo'}" if valid.amount else valid.kind


def opd_shown(
    ground: Ground, opd: OpdEntry, found: OpdFound, means: Iterable[MeansReadiness], now: float
) -> OpdReadiness:
    """The line of one OPD."""
    reasons = _reasons(ground, found, now)
    own = list(means)
    falls = levels.fall(found.steps, now)
    reminder = reminder_of(ground, opd, found, now)
    people = {held.person for part in found.parts for role in part.roles for held in role.held}
    return OpdReadiness(
        opd=opd.code,
        short=opd.short,
        name=opd.name,
        claimed=claimed(ground, opd),
        proven=levels.level_at(found.steps, now),
        median=levels.median_level(found, now),
        falls_on=None if falls is None else utc(falls.at),
        falls_to=0 if falls is None else falls.to,
        reasons=tuple(reasons[:_MOST_REASONS]),
        more_reasons=max(0, len(reasons) - _MOST_REASONS),
        applications=len(ground.applications.get(opd.code, ())),
        people=len(people - {""}),
        means=len(own),
        means_proven=sum(one.proven for one in own),
        reminder="" if reminder is None else reminder.due,
        cells=cells(ground, found),
    )


def cells(ground: Ground, found: OpdFound) -> dict[str, str]:
    """How each need stands for all who answer for what counts; where nobody does, all of them are lacking."""
    seen: dict[str, set[bool]] = {}
    for part in (one for one in found.parts if one.counts):
        for held in (held for role in part.roles for held in role.held):
            for need in held.needs:
                seen.setdefault(need.what, set()).add(not need.standing.why)
            if not held.person:
                asked = (one for rule in ground.rules.levels for one in rule.needs if part.tier in one.tiers)
                for one in asked:
                    seen.setdefault(one.what, set()).add(False)
    return {
        what: "part" if len(met) > 1 else "ok" if met == {True} else "lacking" for what, met in seen.items()
    }


def claimed(ground: Ground, opd: OpdEntry) -> int | None:
    """What an OPD says of itself, else the lowest that it says of its applications."""
    if opd.claimed is not None:
        return opd.claimed
    said = [row.claimed for row in ground.applications.get(opd.code, ()) if row.claimed is not None]
    return min(said, default=None)


def _reasons(ground: Ground, found: OpdFound, now: float) -> list[Why]:
    """What keeps it from the next level, each once, with the first application that it holds for."""
    reasons: dict[tuple[str, str, str], Why] = {}
    for part, role, held, need in levels.lacking(found, now):
        key = (held.person, need.what, "" if held.person else part.id + role.duty)
        reasons.setdefault(key, reason(ground, part, role, held, need))
    return list(reasons.values())


def reason(ground: Ground, part: AppFound, role: RoleFound, held: Held, need: Needed) -> Why:
    """Why something that a level asks for is not there."""
    person = ground.people.get(held.person)
    return Why(
        need.standing.why,
        {
            "what": need.what,
            "duty": role.duty,
            "application": part.id,
            "person": held.person,
            "name": person.name if person else "",
        },
    )


def application_shown(
    ground: Ground, found: AppFound, name: str, said: int | None, now: float
) -> ApplicationReadiness:
    """One application with everybody who answers for it."""
    falls = levels.fall(found.steps, now)
    return ApplicationReadiness(
        id=found.id,
        name=name,
        tier=found.tier,
        counts=found.counts,
        claimed=said,
        level=levels.level_at(found.steps, now),
        falls_on=None if falls is None else utc(falls.at),
        falls_to=0 if falls is None else falls.to,
        duties=tuple(
            duty_shown(ground, role.duty, Post("", found.id, found.tier), held, now)
            for role in found.roles
            for held in role.held
        ),
    )


def duty_shown(ground: Ground, duty: str, post: Post, held: Held, now: float) -> HeldDuty:
    """Somebody in a duty with every need of it."""
    person = ground.people.get(held.person)
    falls = levels.fall(held.steps, now)
    return HeldDuty(
        duty=duty,
        application=post.application,
        tier=post.tier,
        person=held.person,
        name=person.name if person else "",
        level=levels.level_at(held.steps, now),
        falls_on=None if falls is None else utc(falls.at),
        falls_to=0 if falls is None else falls.to,
        stands=(*(_stand(ground, one, now) for one in held.needs), *_not_needed(ground, held)),
    )


def _stand(ground: Ground, need: Needed, now: float) -> Stand:
    until = need.standing.until
    soon = until < now + ground.rules.soon * _DAY_SECONDS
    return Stand(
        what=need.what,
        level=need.level,
        cell="lacking" if need.standing.why else "soon" if soon else "ok",
        why=need.standing.why,
        until=None if until in (NEVER, FOREVER) else utc(until),
        row=need.standing.row,
        source=need.standing.source,
    )


def _not_needed(ground: Ground, held: Held) -> Iterable[Stand]:
    """What is asked of others, but not in this duty or for such an application."""
    asked = {one.what for one in held.needs}
    for rule in ground.rules.levels:
        for need in rule.needs:
            if held.person and need.what not in asked:
                yield Stand(what=need.what, level=rule.level, cell="not_needed")


def means_shown(ground: Ground, opd: OpdEntry, prove: Prove, now: float) -> list[MeansReadiness]:
    """What the people of an OPD need to work with: shown by probes where one can, else by dated evidence."""
    return [_means(ground, opd, one, prove, now) for one in opd.means]


def _means(ground: Ground, opd: OpdEntry, one: Means, prove: Prove, now: float) -> MeansReadiness:
    if one.proven_by:
        seen = prove(one.proven_by)
        return MeansReadiness(
            id=one.id,
            kind=one.kind,
            name=one.name,
            proven_by=one.proven_by,
            proven=seen is not None and seen.works,
            since=None if seen is None else utc(seen.since),
        )
    validity = ground.rules.means[one.kind].valid
    rows = [row for row in ground.book.recorded(opd.code, MEANS) if row.variant == one.id and row.at <= now]
    spans = [(ends(row, validity, ground.zone), row) for row in rows]
    end, row = max(spans, key=lambda span: span[0], default=(NEVER, None))
    return MeansReadiness(
        id=one.id,
        kind=one.kind,
        name=one.name,
        proven=end > now,
        since=None if row is None else utc(row.at),
        until=None if end in (NEVER, FOREVER) else utc(end),
        row=0 if row is None else row.id,
    )


def reminder_of(ground: Ground, opd: OpdEntry, found: OpdFound, now: float) -> Reminder | None:
    """Who is to be told of what is gone; None where nothing is."""
    missing = gone(found)
    stands = chain(ground.rules.reminders, ground.book, opd.code, missing)
    if stands is None:
        return None
    heads = [one.name for one in holders(ground, "head", Post(opd.code))]
    own = [ground.people[one.held.person].name for one in missing if one.held.person]
    to_head = stands.step in ("head", "letter", "")
    return Reminder(
        opd=opd.code,
        short=opd.short,
        name=opd.name,
        since=utc(stands.since),
        days=int((now - stands.since) // _DAY_SECONDS),
        due=stands.step if stands.due_at != NEVER and stands.due_at <= now else "",
        sent=stands.sent,
        sent_at=None if stands.sent_at == NEVER else utc(stands.sent_at),
        next_on=None if stands.due_at == NEVER else utc(stands.due_at),
        to=tuple(dict.fromkeys(heads if to_head else own)),
        head=heads[0] if heads else "",
        reasons=tuple(reason(ground, *one) for one in missing),
    )
