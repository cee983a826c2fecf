"""Whether one thing that a level asks for is there, why not, and until when it will be.

Pure: no clock, no disk. Times are seconds since the epoch.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from opsconsole.inventory.office import PersonEntry
from opsconsole.inventory.readiness import EvidenceRule, Validity
from opsconsole.readiness import duties
from opsconsole.readiness.duties import Ground, Post
from opsconsole.readiness.evidence import INSIDE, LATE, MISSED, NO_ANSWER, OUTSIDE, Row
from opsconsole.readiness.validity import FOREVER, NEVER, ends

_AGAINST = frozenset({LATE, MISSED, NO_ANSWER})
_HANDED_OVER = frozenset({"transfer", "retirement"})
# What a backup has to have of their own.
_BACKUP_NEEDS = ("KT", "BT")

Why = Literal["", "missing", "expired", "failed", "voided", "nobody", "not_held", "late"]


class Standing(NamedTuple):
    """How one need stands: met until ``until``, NEVER where it is not, FOREVER where nothing ends it.

    ``why`` is empty where it is met. ``row`` is the evidence that shows it, or the last that once did, 0 for
    none; ``source`` is that row's. ``since`` is when it was first not met any more, NEVER where it never was.
    """

    until: float
    why: Why = ""
    row: int = 0
    source: str = ""
    since: float = NEVER


_MISSING = Standing(NEVER, "missing")
_GIVEN = Standing(FOREVER)


def standing(rows: Sequence[Row], rule: EvidenceRule, tier: int, now: float, zone: ZoneInfo) -> Standing:
    """How evidence of a kind stands, from all rows of it that count."""
    known = [row for row in rows if row.at <= now]
    if not known:
        return _MISSING
    good = [max(known, key=_order)] if rule.latest else known
    good = [row for row in good if row.result not in _AGAINST]
    if not good:
        last = max(known, key=_order)
        return Standing(NEVER, "failed", last.id, last.source, last.at)
    validity = rule.valid_for(tier)
    end, _number, shown = max((ends(row, validity, zone), row.id, row) for row in good)
    if end <= now:
        return Standing(NEVER, "expired", shown.id, shown.source, end)
    if len(known) < len(rows):
        end = _going_on(rows, validity, now, zone, end)
    return Standing(end, "", shown.id, shown.source)


def _going_on(rows: Iterable[Row], validity: Validity, now: float, zone: ZoneInfo, end: float) -> float:
    """When it ends with what is to come, where that begins before it does."""
    for row in sorted((row for row in rows if row.at > now), key=_order):
        if row.at <= end:
            end = max(end, ends(row, validity, zone))
    return end


def _order(row: Row) -> tuple[float, int]:
    return row.at, row.id


def kind_of(need: str) -> str:
    """The kind of evidence that a need asks for: drills are of one kind, whatever their hours."""
    return need.partition("-")[0]


def of_kind(ground: Ground, person: PersonEntry, need: str, post: Post, now: float) -> Standing:
    """How evidence of one person stands: ``SK``, ``KT`` …, drills by their hours."""
    key = person.id, need, ground.alike[post.tier], duties.scope(ground, person, post)
    return ground.remembered(key, now, lambda: _of_kind(ground, person, need, post, now))


def _of_kind(ground: Ground, person: PersonEntry, need: str, post: Post, now: float) -> Standing:
    kind = kind_of(need)
    rows = ground.book.counting(person.id, person.opd, kind, post.application)
    if kind == "UR":
        hours = OUTSIDE if need == "UR-outside" else INSIDE
        rows = [row for row in rows if row.variant == hours]
    found = standing(rows, ground.rules.evidence[kind], post.tier, now, ground.zone)
    if found.why == "missing":
        change = ground.book.taken_away(person.id, person.opd, kind, post.application)
        if change is not None:
            return Standing(NEVER, "voided", change.id, since=change.at)
    return found


def of_backup(ground: Ground, person: PersonEntry, post: Post, now: float) -> Standing:
    """How the backup of a person stands: one with a contact and a Bimtek of their own."""
    standings = [
        min(of_kind(ground, one, need, post, now) for need in _BACKUP_NEEDS)
        for one in duties.backups(ground, person, post)
    ]
    return max(standings, default=_MISSING)


def of_hand_over(ground: Ground, opd: str, duty: str) -> Standing:
    """Whether whoever left this duty of an OPD has handed it over."""
    handed = ground.book.recorded(opd, "ST")
    for change in ground.book.left(opd):
        if change.variant not in _HANDED_OVER or duty not in (change.duties or (duty,)):
            continue
        if not any(row.id > change.id and row.variant in ("", change.person) for row in handed):
            return Standing(NEVER, "missing", change.id, since=change.at)
    return _GIVEN


def of_contact(person: PersonEntry) -> Standing:
    """Whether there is a way to reach somebody, if only by what the files claim."""
    return _GIVEN if person.phone or person.whatsapp or person.email else _MISSING


def of_review(ground: Ground, opd: str, now: float) -> Standing:
    """Whether a review of an OPD is recorded and not too old."""
    return standing(ground.book.recorded(opd, "RV"), ground.rules.evidence["RV"], 1, now, ground.zone)


class Asked(NamedTuple):
    """Of whom something is asked, in which duty, for what."""

    ground: Ground
    person: PersonEntry
    duty: str
    post: Post


def stands(asked: Asked, what: str, now: float) -> Standing:
    """How one need of a level stands; all but ``held``, which is about levels themselves."""
    ground, person, duty, post = asked
    match what:
        case "named":
            return _GIVEN
        case "contact":
            return of_contact(person)
        case "CD":
            return of_backup(ground, person, post, now)
        case "ST":
            return of_hand_over(ground, person.opd, duty)
        case "RV":
            return of_review(ground, person.opd, now)
        case "actions":
            return Standing(NEVER, "late") if person.opd in ground.late else _GIVEN
    return of_kind(ground, person, what, post, now)
