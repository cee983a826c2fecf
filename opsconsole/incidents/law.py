"""What the law asks at triage, and the clocks that an answer starts. The rules themselves are data."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from opsconsole.client.incidents import Answer, Category, Clock, Incident, Kind, Question
from opsconsole.inventory.policy import IncidentPolicy

PERSONAL_DATA, IIV = "personal_data", "iiv"
CYBER: frozenset[Category] = frozenset({"defacement", "leak", "malware", "intrusion"})


def is_cyber(kind: Kind, category: Category) -> bool:
    """Whether it is one of security, by what it is called or by what it is."""
    return kind == "cyber" or category in CYBER


def questions(*, kind: Kind, category: Category, personal_data: bool, iiv: bool) -> tuple[str, ...]:
    """What is asked of an incident: nothing that its applications do not say, unless it is one of security.

    ``personal_data`` and ``iiv`` are what the inventory says of an application that it took down.
    """
    cyber = is_cyber(kind, category)
    asked = ((PERSONAL_DATA, personal_data), (IIV, iiv))
    return tuple(name for name, concerned in asked if concerned or cyber)


def known_since(incident: Incident, question: str) -> datetime:
    """When what a question asks about was known, which its law counts from."""
    asked = asked_of(incident, question)
    return (asked and asked.since) or incident.opened_at


def asked_of(incident: Incident, question: str) -> Question | None:
    """The question of this id, where the incident is asked it."""
    return next((one for one in incident.questions if one.id == question), None)


def asks_too(along: Sequence[Incident], into: Incident) -> list[Question]:
    """The questions of those that go into another one: what that is not asked, or was known before.

    It would be asked for what its members say; that one of them is of security goes along too.
    """
    found = []
    for name in dict.fromkeys(question.id for one in along for question in one.questions):
        known = known_since(into, name)
        since = min([known, *(known_since(one, name) for one in along if asked_of(one, name))])
        if since < known or asked_of(into, name) is None:
            found.append(Question(id=name, since=since if since < into.opened_at else None))
    return found


def asked_with(asked: Iterable[Question], along: Sequence[Incident], into: Incident) -> tuple[Question, ...]:
    """These questions, with those of the incidents that go along."""
    found = {question.id: question for question in (*asked, *asks_too(along, into))}
    return tuple(found.values())


def law_clocks(
    question: str,
    answer: Answer,
    detected_at: datetime,
    policy: IncidentPolicy,
    *,
    kind: Kind,
    category: Category = "",
) -> tuple[Clock, ...]:
    """The clocks that this answer starts, from when the incident was known; without a number: at once."""
    found: Kind = "cyber" if is_cyber(kind, category) else kind
    return tuple(
        Clock(
            id=rule.id,
            started_at=detected_at,
            due_at=None if rule.hours is None else detected_at + timedelta(hours=rule.hours),
            source=rule.source,
        )
        for rule in policy.laws
        if (rule.question, rule.answer) == (question, answer) and (not rule.kinds or found in rule.kinds)
    )
