"""From the events of an incident to how it stands. Pure: the same events make the same incident again."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.incidents import Clock, Incident, Question, Severity, Status
from opsconsole.incidents import bodies
from opsconsole.incidents.sla import RECOVER, RESPOND
from opsconsole.store.events import StoredEvent

OPENED = "incident.opened"

Body = Mapping[str, Any]


class Told(msgspec.Struct, frozen=True):
    """An event as the projection reads it: what it says, when, and who said it."""

    body: Body
    at: datetime
    who: str


Step = Callable[[Incident, Told], Incident]


def apply(incident: Incident | None, event: StoredEvent) -> Incident:
    """How the incident stands after ``event``; ``incident`` is how it stood, None before it was opened.

    Raises KeyError for an event that is none of an incident, ValueError for one of an incident that is not
    there, and for opening one twice.
    """
    told = Told(event.body, utc(event.at), event.person or f"uid {event.uid}")
    if event.kind == OPENED:
        if incident is not None:
            raise ValueError(f"opened twice: {event.subject}")
        return replace(bodies.begun(event.body, told.at), version=1)
    step = _STEPS[event.kind]
    if incident is None:
        raise ValueError(f"not opened: {event.subject}")
    after = step(incident, told)
    return replace(after, version=incident.version + 1, changed_at=told.at)


def _joined(incident: Incident, told: Told) -> Incident:
    """Rows are members from now on, or are so for another reason."""
    joined = bodies.members_of(told.body)
    fails = any(member.recovered_at is None for member in joined)
    new = {member.id: member for member in joined}
    kept = tuple(new.pop(member.id, member) for member in incident.members)
    incident = replace(
        incident,
        members=(*kept, *new.values()),
        claims=tuple(dict.fromkeys((*incident.claims, *told.body.get("claims", ())))),
        recovered_at=None if fails else incident.recovered_at,
        happened_at=min((incident.happened_at, *(member.since for member in joined))),
    )
    return _weighed(incident, told)


def _member_recovered(incident: Incident, told: Told) -> Incident:
    return _of_member(incident, told, recovered_at=told.at)


def _member_failed_again(incident: Incident, told: Told) -> Incident:
    return _weighed(replace(_failing(incident, told), recovered_at=None), told)


def _state_changed(incident: Incident, told: Told) -> Incident:
    """A member is worse or better than it was; what it is called may change with it."""
    incident = _failing(incident, told)
    return _weighed(replace(incident, category=told.body.get("category", incident.category)), told)


def _recovered(incident: Incident, told: Told) -> Incident:
    return replace(_met(incident, (RECOVER,), told.at), recovered_at=told.at)


def _mass_ended(incident: Incident, told: Told) -> Incident:
    """Most hosts fail no longer; ``state`` empty: nothing of that lasts but its members."""
    counted = {name: told.body[name] for name in ("failed", "hosts", "why")}
    ended = {"ended_at": bodies.text(told.at)}
    return replace(incident, state="", params={**incident.params, **counted, **ended})


def _acknowledged(incident: Incident, told: Told) -> Incident:
    return _noted(_held(incident, told, told.body.get("until")), told)


def _held(incident: Incident, told: Told, until: object) -> Incident:
    """Somebody has it now: an acknowledgement of what was open, or a longer one."""
    status = Status.ACKNOWLEDGED if incident.status is Status.OPEN else incident.status
    return replace(
        _met(incident, (RESPOND,), told.at),
        status=status,
        acknowledged_at=told.at,
        acknowledged_by=told.body.get("by") or told.who,
        answered_at=incident.answered_at or told.at,
        ack_until=None if until is None else datetime.fromisoformat(str(until)),
    )


def _ack_ended(incident: Incident, told: Told) -> Incident:
    """It is nobody's again; who owns it stays, unless it was taken back."""
    return replace(
        incident,
        status=Status.OPEN if incident.status is Status.ACKNOWLEDGED else incident.status,
        acknowledged_at=None,
        acknowledged_by="",
        ack_until=None,
        owner="" if told.body["why"] == "asked" else incident.owner,
    )


def _taken(incident: Incident, told: Told) -> Incident:
    """Whoever takes it has seen it; until the end of their shift, as ``until`` says."""
    owner = told.body.get("to") or told.who
    if incident.acknowledged_by:
        return replace(incident, owner=owner)
    return replace(_held(incident, told, told.body.get("until")), owner=owner)


def _assigned(incident: Incident, told: Told) -> Incident:
    return replace(incident, owner=told.body["to"])


def _noted(incident: Incident, told: Told) -> Incident:
    note = told.body.get("note") or ""
    return replace(incident, note=note, note_by=told.who, note_at=told.at) if note else incident


def _snoozed(incident: Incident, told: Told) -> Incident:
    until = datetime.fromisoformat(told.body["until"])
    return replace(incident, snoozed_until=until, snooze_reason=told.body["reason"])


def _snooze_ended(incident: Incident, told: Told) -> Incident:
    return replace(incident, snoozed_until=None, snooze_reason="")


def _mitigated(incident: Incident, told: Told) -> Incident:
    incident = _met(incident, (RESPOND,), told.at)
    incident = replace(incident, answered_at=incident.answered_at or told.at)
    return _noted(replace(incident, status=Status.MITIGATED, mitigated_at=told.at), told)


def _resolved(incident: Incident, told: Told) -> Incident:
    """It is over. ``cause`` stays empty where nobody said it, and is asked for."""
    body = told.body
    incident = _met(incident, (RECOVER,), told.at)
    if body["why"] == "asked":
        incident = _met(incident, (RESPOND,), told.at)
    return _noted(
        replace(
            incident,
            status=Status.RESOLVED,
            resolved_at=incident.resolved_at or told.at,
            cause=body.get("cause") or incident.cause,
            attribution=body.get("attribution") or incident.attribution,
            false_alarm=bool(body.get("false_alarm", incident.false_alarm)),
            **_LET_GO,
        ),
        told,
    )


def _closed(incident: Incident, told: Told) -> Incident:
    return _noted(replace(incident, status=Status.CLOSED, closed_at=told.at), told)


def _reopened(incident: Incident, told: Told) -> Incident:
    """It was not over. ``dropped`` are members that another incident has by now."""
    dropped = set(told.body.get("dropped", ()))
    again = replace(
        incident,
        status=Status.OPEN,
        members=tuple(member for member in incident.members if member.id not in dropped),
        claims=tuple(told.body.get("claims", ())),
        reopened=incident.reopened + 1,
        recovered_at=None,
        resolved_at=None,
        closed_at=None,
        mitigated_at=None,
        false_alarm=False,
        clocks=tuple(_running(clock) for clock in incident.clocks),
    )
    return _weighed(_failing(again, told) if "id" in told.body else again, told)


def _merged(incident: Incident, told: Told) -> Incident:
    """Its members are another's from now on; it keeps them as they were."""
    into = told.body["into"]
    return _noted(replace(incident, status=Status.MERGED, merged_into=into, **_LET_GO), told)


def _unmerged(incident: Incident, told: Told) -> Incident:
    """It has its members back, as they have become meanwhile."""
    members = bodies.members_of(told.body)
    up = bool(members) and all(member.recovered_at for member in members)
    return replace(
        incident,
        status=Status.OPEN,
        merged_into=0,
        members=members,
        claims=tuple(told.body.get("claims", ())),
        recovered_at=told.at if up else None,
    )


def _split(incident: Incident, told: Told) -> Incident:
    """Members, and what they share, are another's from now on."""
    gone, claims = set(told.body["members"]), set(told.body.get("claims", ()))
    return replace(
        incident,
        members=tuple(member for member in incident.members if member.id not in gone),
        claims=tuple(claim for claim in incident.claims if claim not in claims),
    )


def _severity_set(incident: Incident, told: Told) -> Incident:
    return _weighed(replace(incident, severity_why=told.body["reason"]), told)


def _attributed(incident: Incident, told: Told) -> Incident:
    return replace(incident, attribution=told.body["attribution"])


def _triaged(incident: Incident, told: Told) -> Incident:
    """A question is answered; what the answer before it started, and this one does not, runs no longer."""
    asked = told.body["question"]
    since = next((question.since for question in incident.questions if question.id == asked), None)
    answered = Question(id=asked, answer=told.body["answer"], by=told.who, at=told.at, since=since)
    others = tuple(question for question in incident.questions if question.id != asked)
    stopped = set(told.body.get("stopped", ()))
    clocks = tuple(clock for clock in incident.clocks if clock.id not in stopped)
    known = {clock.id for clock in clocks}
    begun = tuple(clock for clock in bodies.clocks_of(told.body) if clock.id not in known)
    return _noted(replace(incident, questions=_in_order((*others, answered)), clocks=(*clocks, *begun)), told)


def _clock_met(incident: Incident, told: Told) -> Incident:
    return _noted(_met(incident, (told.body["clock"],), told.at), told)


def _clock_overdue(incident: Incident, told: Told) -> Incident:
    late = told.body["clock"]
    return replace(
        incident,
        clocks=tuple(
            replace(clock, overdue_at=told.at) if clock.id == late else clock for clock in incident.clocks
        ),
    )


# What somebody had or wanted while it was open.
_LET_GO: Mapping[str, Any] = {
    "acknowledged_at": None,
    "acknowledged_by": "",
    "ack_until": None,
    "snoozed_until": None,
    "snooze_reason": "",
}


def _failing(incident: Incident, told: Told) -> Incident:
    """A member fails, as the body says; so does the whole where the member is its subject."""
    body, row_id = told.body, told.body["id"]
    if not row_id:
        return replace(incident, state=body["state"], params=body["params"])
    incident = _of_member(incident, told, recovered_at=None, state=body["state"], reason=body["reason"])
    if row_id != incident.subject:
        return incident
    return replace(
        incident, state=body["state"], reason=body["reason"], params=body["params"], probe=body["probe"]
    )


def _of_member(incident: Incident, told: Told, **changes: Any) -> Incident:
    row_id = told.body["id"]
    members = tuple(
        replace(member, **changes) if member.id == row_id else member for member in incident.members
    )
    return replace(incident, members=members)


def _weighed(incident: Incident, told: Told) -> Incident:
    """With the severity, targets and questions that the event gives, if it does."""
    body = told.body
    asked = {question.id: question for question in bodies.questions_of(body)}
    known = [_known_since(question, asked.pop(question.id, question)) for question in incident.questions]
    incident = replace(incident, questions=_in_order((*known, *asked.values())))
    if "severity" not in body:
        return incident
    before = {clock.id: clock for clock in incident.clocks}
    given = {clock.id: _as_before(clock, before.get(clock.id)) for clock in bodies.clocks_of(body)}
    clocks = tuple(given.pop(clock.id, clock) for clock in incident.clocks)
    return replace(incident, severity=Severity(body["severity"]), clocks=(*clocks, *given.values()))


def _known_since(question: Question, again: Question) -> Question:
    """A question that comes again from another incident, which may have been known before."""
    return question if again.since is None else replace(question, since=again.since)


def _as_before(clock: Clock, before: Clock | None) -> Clock:
    """A new target: what was done stays done, what was told to be late may be so again."""
    return clock if before is None else replace(clock, met_at=before.met_at)


def _met(incident: Incident, names: Iterable[str], at: datetime) -> Incident:
    """With these clocks stopped, those that ran."""
    clocks = tuple(
        replace(clock, met_at=at) if clock.id in names and clock.met_at is None else clock
        for clock in incident.clocks
    )
    return replace(incident, clocks=clocks)


def _running(clock: Clock) -> Clock:
    return replace(clock, met_at=None) if clock.id == RECOVER else clock


def _in_order(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(sorted(questions, key=lambda question: question.id, reverse=True))


_STEPS: Mapping[str, Step] = {
    "incident.member_joined": _joined,
    "incident.member_recovered": _member_recovered,
    "incident.member_failed_again": _member_failed_again,
    "incident.state_changed": _state_changed,
    "incident.recovered": _recovered,
    "incident.mass_ended": _mass_ended,
    "incident.acknowledged": _acknowledged,
    "incident.ack_ended": _ack_ended,
    "incident.taken": _taken,
    "incident.assigned": _assigned,
    "incident.noted": _noted,
    "incident.snoozed": _snoozed,
    "incident.snooze_ended": _snooze_ended,
    "incident.mitigated": _mitigated,
    "incident.resolved": _resolved,
    "incident.closed": _closed,
    "incident.reopened": _reopened,
    "incident.merged": _merged,
    "incident.unmerged": _unmerged,
    "incident.split": _split,
    "incident.severity_set": _severity_set,
    "incident.attributed": _attributed,
    "incident.triaged": _triaged,
    "incident.clock_met": _clock_met,
    "incident.clock_overdue": _clock_overdue,
}

KINDS = frozenset((OPENED, *_STEPS))
"""All kinds of events that change an incident."""
