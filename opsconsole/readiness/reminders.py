"""Whom to remind, and how far it has come: the chain from a first word to a letter. Pure.

It begins with what was there and is not any more: evidence that ended or was taken away, a call or a drill
that nobody answered, a duty that was not handed over.
"""

from collections.abc import Sequence
from typing import NamedTuple

from opsconsole.inventory.readiness import ReminderRule
from opsconsole.readiness.evidence import REMINDER, Book
from opsconsole.readiness.levels import AppFound, Held, Needed, OpdFound, RoleFound
from opsconsole.readiness.validity import NEVER

_DAY_SECONDS = 86_400


class Gone(NamedTuple):
    """Something that was there and is not any more, and of whom."""

    part: AppFound
    role: RoleFound
    held: Held
    need: Needed


class Chain(NamedTuple):
    """How far it has come: ``step`` is the next one, empty after the last, due at ``due_at``.

    ``sent`` is the last step that was taken since it began, at ``sent_at``.
    """

    since: float
    step: str
    due_at: float
    sent: str
    sent_at: float


def gone(found: OpdFound) -> list[Gone]:
    """What is gone of what decides where an OPD stands, each need of a person once."""
    seen: set[tuple[str, str]] = set()
    listed = []
    for part in found.parts:
        for role in part.roles if part.counts else ():
            for held in role.held:
                for need in held.needs:
                    key = held.person, need.what
                    if need.standing.since != NEVER and key not in seen:
                        seen.add(key)
                        listed.append(Gone(part, role, held, need))
    return sorted(listed, key=lambda one: one.need.standing.since)


def chain(rules: Sequence[ReminderRule], book: Book, opd: str, missing: Sequence[Gone]) -> Chain | None:
    """Where the chain of an OPD stands; None where nothing is gone.

    ``rules`` come in the order of their days. A step is due so many days after the beginning, and no sooner
    after the step before it than the rules lie apart: what was begun late is not hurried.
    """
    if not missing:
        return None
    since = missing[0].need.standing.since
    steps = [one.step for one in rules]
    sent, sent_at, at = "", NEVER, -1
    for row in book.recorded(opd, REMINDER):
        number = steps.index(row.variant) if row.variant in steps else -1
        if row.at >= since and number >= at:
            sent, sent_at, at = row.variant, row.at, number
    if at + 1 == len(rules):
        return Chain(since, "", NEVER, sent, sent_at)
    following = rules[at + 1]
    due_at = since + following.after * _DAY_SECONDS
    if at >= 0:
        apart = following.after - rules[at].after
        due_at = max(due_at, sent_at + apart * _DAY_SECONDS)
    return Chain(since, following.step, due_at, sent, sent_at)
