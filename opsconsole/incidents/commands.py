"""What the commands on incidents decide, in the transaction that stores it.

Each is a function of what is asked (`Asked`) and of the incident as it is stored; it returns the events,
or raises the `Problem` that the caller is answered with. Those that move members are in `regroup`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.incidents import Incident, Severity, Status
from opsconsole.incidents import bodies, law, sla, stored, weigh
from opsconsole.incidents.conflict import check_first, check_seen, holds
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import Next
from opsconsole.store.drafts import Decided, EventDraft

MOST_SNOOZE_DAYS = 7
MOST_ACK_DAYS = 7
MOST_TEXT = 2000
_OURS = (sla.RESPOND, sla.RECOVER)


class Asked(NamedTuple):
    """What is asked of an incident: ``args`` as in `client.incident_commands`, ``who`` asks, and when.

    ``seen`` is the version that the caller saw, if one is given; ``until`` the moment that the arguments
    name, if they do.
    """

    args: Any
    who: str
    at: datetime
    ground: Ground
    seen: int | None = None
    until: datetime | None = None


Draft = Callable[[str, str, Mapping[str, object]], EventDraft]
"""Makes an event of kind, subject and body in the name of whoever asks."""
Answer = Callable[[Asked, Incident], list[Next]]


def decide(asked: Asked, answer: Answer, draft: Draft, conn: Connection) -> Decided:
    """Carry out one command on one incident; the result is the incident's number.

    Raises `NotFound`, `Conflict` with who changed it first, and what ``answer`` raises.
    """
    incident = the_incident(conn, asked.args.incident)
    if answer is not note:  # a line of the timeline takes nothing from anybody
        check_seen(conn, incident, asked)
    if done := _done_already(asked, incident, answer):
        check_first(conn, incident, done, asked.ground)
    following = answer(asked, incident)
    return Decided(
        tuple(draft(one.kind, bodies.subject(one.number), one.body) for one in following), incident.number
    )


def the_incident(conn: Connection, number: int) -> Incident:
    """The incident of this number. Raises `NotFound`."""
    incident = stored.load(conn, number)
    if incident is None:
        raise NotFound(
            N_("There is no incident #{number}."),
            N_("`opsconsole incidents list` shows those that are open."),
            number=number,
        )
    return incident


def acknowledge(asked: Asked, incident: Incident) -> list[Next]:
    """Somebody has seen it. Whoever did so already may say until when anew."""
    must_be_open(incident)
    holds(incident, asked.who, asked.ground)
    until = _until(asked, MOST_ACK_DAYS) if asked.until else _end_of_shift(asked)
    note = said(asked.args.note)
    return [_next(incident, "acknowledged", until=bodies.text(until), note=note)]


def unacknowledge(asked: Asked, incident: Incident) -> list[Next]:
    """It is nobody's again."""
    must_be_open(incident)
    if not incident.acknowledged_by and not incident.owner:
        raise Conflict(N_("#{number} is not acknowledged."), number=incident.number)
    return [_next(incident, "ack_ended", why="asked", reason=said(asked.args.reason))]


def take(asked: Asked, incident: Incident) -> list[Next]:
    """It is the caller's own, whosever it was."""
    must_be_open(incident)
    if incident.owner == asked.who and incident.acknowledged_by:
        raise Conflict(N_("#{number} is yours already."), number=incident.number)
    was = incident.owner or incident.acknowledged_by
    return [_next(incident, "taken", until=bodies.text(_end_of_shift(asked)), was=was)]


def assign(asked: Asked, incident: Incident) -> list[Next]:
    """It is somebody's."""
    must_be_open(incident)
    person = said(asked.args.person)
    if not person:
        raise Invalid(N_("Say whose #{number} is to be."), number=incident.number)
    return [_next(incident, "assigned", to=person, was=incident.owner)]


def note(asked: Asked, incident: Incident) -> list[Next]:
    """A line of its timeline, whatever became of it."""
    text = said(asked.args.text)
    if not text:
        raise Invalid(N_("A note needs some words."))
    return [_next(incident, "noted", note=text)]


def snooze(asked: Asked, incident: Incident) -> list[Next]:
    """Quiet until then, for a reason."""
    must_be_open(incident)
    reason = needs_reason(asked.args.reason)
    return [_next(incident, "snoozed", until=bodies.text(_until(asked, MOST_SNOOZE_DAYS)), reason=reason)]


def unsnooze(asked: Asked, incident: Incident) -> list[Next]:
    """To be heard again."""
    if incident.snoozed_until is None:
        raise Conflict(N_("#{number} is not snoozed."), number=incident.number)
    return [_next(incident, "snooze_ended", why="asked")]


def mitigate(asked: Asked, incident: Incident) -> list[Next]:
    """People can work again."""
    must_be_open(incident)
    how = said(asked.args.note)
    if not how:
        raise Invalid(N_("Say how people can work again."))
    return [_next(incident, "mitigated", note=how)]


def resolve(asked: Asked, incident: Incident) -> list[Next]:
    """It is over; also what it was, of one that ended by itself, or that it was something else after all."""
    args = asked.args
    if incident.status is not Status.RESOLVED:
        must_be_open(incident)
    if not args.cause and not args.false_alarm:
        raise Invalid(N_("Say what the cause of #{number} was."), _CAUSES, number=incident.number)
    down = incident.down if incident.status.is_open else 0
    if down and not (args.even_so or args.false_alarm):
        raise Conflict(
            N_("#{number} still has {down} down."),
            N_("`mitigate` it, or resolve it even so."),
            number=incident.number,
            down=down,
        )
    attribution = args.attribution or ("outside" if args.cause == "national" else "")
    return [
        _next(
            incident,
            "resolved",
            why="asked",
            cause=args.cause,
            note=said(args.note),
            attribution=attribution,
            false_alarm=args.false_alarm,
            down=down,
            **_corrected(incident),
        )
    ]


def close(asked: Asked, incident: Incident) -> list[Next]:
    """Nothing is left to do or to write."""
    if incident.status is Status.CLOSED:
        raise stands(incident)
    if incident.status is not Status.RESOLVED:
        raise Conflict(
            N_("#{number} is not resolved, so it can not be closed."),
            N_("Resolve it first, with its cause."),
            number=incident.number,
        )
    if not incident.cause and not incident.false_alarm:
        raise Conflict(
            N_("#{number} ended by itself, and nobody has said what it was."),
            N_("Resolve it with its cause, then close it."),
            number=incident.number,
        )
    _must_be_answered(asked, incident)
    waits = [clock.id for clock in incident.clocks if clock.met_at is None and clock.id not in _OURS]
    if waits and not incident.false_alarm:
        raise Conflict(
            N_("#{number} has a clock of the law that runs: {names}."),
            N_("Say `reported` once the notice was sent, or answer the question of triage anew."),
            number=incident.number,
            names=", ".join(waits),
        )
    return [_next(incident, "closed", note=said(asked.args.note))]


def set_severity(asked: Asked, incident: Incident) -> list[Next]:
    """Another severity, for a reason; the targets count by it from the beginning."""
    if incident.status in (Status.CLOSED, Status.MERGED):
        raise stands(incident)
    severity: Severity = asked.args.severity
    reason = needs_reason(asked.args.reason)
    in_season = weigh.weight(incident.members, asked.ground, asked.at)[1]
    clocks = weigh.targets(severity, in_season, incident.opened_at, asked.ground)
    was = incident.severity.value
    body = {"severity": severity.value, "was": was, "reason": reason, "clocks": bodies.parts(clocks)}
    return [_next(incident, "severity_set", **body)]


def attribute(asked: Asked, incident: Incident) -> list[Next]:
    """Inside or outside of the city's control."""
    if incident.status is Status.MERGED:
        raise stands(incident)
    if not asked.args.attribution:
        raise Invalid(N_("Say inside or outside."))
    reason = needs_reason(asked.args.reason)
    return [_next(incident, "attributed", attribution=asked.args.attribution, reason=reason)]


def triage(asked: Asked, incident: Incident) -> list[Next]:
    """An answer to a question of triage; the clocks of law that it starts, and those that it ends."""
    args = asked.args
    if incident.status is Status.MERGED:
        raise stands(incident)
    if args.question not in (law.PERSONAL_DATA, law.IIV):
        raise Invalid(
            N_("{question} is no question of triage."),
            N_("There are personal_data and iiv."),
            question=args.question,
        )
    if not args.answer:
        raise Invalid(N_("Answer yes, no or checking."))
    policy, kind, category = asked.ground.policy, incident.kind, incident.category
    known = law.known_since(incident, args.question)
    started = law.law_clocks(args.question, args.answer, known, policy, kind=kind, category=category)
    begun = {clock.id for clock in started}
    rules = {rule.id for rule in policy.laws if rule.question == args.question}
    stopped = [one.id for one in incident.clocks if one.id in rules and one.id not in begun]
    return [
        _next(
            incident,
            "triaged",
            question=args.question,
            answer=args.answer,
            note=said(args.note),
            clocks=bodies.parts(started),
            stopped=stopped,
        )
    ]


def reported(asked: Asked, incident: Incident) -> list[Next]:
    """What a clock asks for was done."""
    args = asked.args
    running = [clock.id for clock in incident.clocks if clock.met_at is None]
    if args.clock not in running:
        raise Invalid(
            N_("#{number} has no clock {clock} that runs."),
            N_("Those that run: {names}."),
            number=incident.number,
            clock=args.clock or "?",
            names=", ".join(running) or "-",
        )
    how = said(args.note)
    if not how:
        raise Invalid(N_("Say to whom it was reported, and how."))
    return [_next(incident, "clock_met", clock=args.clock, note=how)]


def said(text: str) -> str:
    """What a person wrote, within its bounds. Raises `Invalid`."""
    text = text.strip()
    if len(text) > MOST_TEXT:
        raise Invalid(N_("That is longer than {most} characters."), most=MOST_TEXT)
    return text


def needs_reason(text: str) -> str:
    """A reason, which is not empty. Raises `Invalid`."""
    reason = said(text)
    if not reason:
        raise Invalid(N_("That needs a reason."), N_("Say in a few words why."))
    return reason


def must_be_open(incident: Incident) -> None:
    """Raises `Conflict` where it is over, or merged."""
    if not incident.status.is_open:
        raise stands(incident)


_CAUSES = N_("Its causes are those that `opsconsole incidents resolve --help` lists; unknown is one.")
_STANDS: Mapping[Status, str] = {
    Status.OPEN: N_("#{number} is open."),
    Status.ACKNOWLEDGED: N_("#{number} is open."),
    Status.MITIGATED: N_("#{number} is open."),
    Status.RESOLVED: N_("#{number} is resolved."),
    Status.CLOSED: N_("#{number} is closed."),
    Status.MERGED: N_("#{number} was merged into #{into}."),
}
_NEXT: Mapping[Status, str] = {
    Status.OPEN: "",
    Status.ACKNOWLEDGED: "",
    Status.MITIGATED: "",
    Status.RESOLVED: N_("Reopen it, if it is not over."),
    Status.CLOSED: N_("Reopen it, if it is not over."),
    Status.MERGED: N_("Say it of #{into}, or unmerge this one."),
}


def stands(incident: Incident) -> Conflict:
    """What to tell of an incident that stands otherwise than a command needs."""
    return Conflict(
        _STANDS[incident.status],
        _NEXT[incident.status],
        number=incident.number,
        into=incident.merged_into,
    )


def _done_already(asked: Asked, incident: Incident, answer: Answer) -> str:
    """The event by which somebody did before what is asked now; empty where nobody did.

    What was resolved is corrected by whoever says so: with ``even_so``.
    """
    if answer is mitigate and incident.status is Status.MITIGATED:
        return "incident.mitigated"
    if answer is resolve and incident.status is Status.RESOLVED and not asked.args.even_so:
        return "incident.resolved"
    return ""


def _corrected(incident: Incident) -> Mapping[str, object]:
    """What had been said of one that is resolved, as part of a body; nothing where nobody had."""
    if incident.status is not Status.RESOLVED or not (incident.cause or incident.false_alarm):
        return {}
    return {"was": "false_alarm" if incident.false_alarm else incident.cause}


def _must_be_answered(asked: Asked, incident: Incident) -> None:
    """Raises `Conflict` where triage waits for an answer, `Invalid` where one is open without a reason."""
    if incident.false_alarm:
        return
    if incident.asks:
        raise Conflict(
            N_("#{number} has a question of triage that nobody has answered: {names}."),
            N_("Answer it: `triage {number} {first} yes`, `no`, or `checking` while nobody knows."),
            number=incident.number,
            names=", ".join(incident.asks),
            first=incident.asks[0],
        )
    open_ones = [question.id for question in incident.questions if question.answer == "checking"]
    if open_ones and not said(asked.args.note):
        raise Invalid(
            N_("The answer to {names} of #{number} is still being looked for."),
            N_("Answer it, or say with `close` why it can be closed without."),
            number=incident.number,
            names=", ".join(open_ones),
        )


def _next(incident: Incident, what: str, **body: object) -> Next:
    return Next(f"incident.{what}", {"number": incident.number, **body})


def _end_of_shift(asked: Asked) -> datetime:
    return asked.ground.calendar.shift_at(asked.at).end


def _until(asked: Asked, days: int) -> datetime:
    until = asked.until
    if until is None or not asked.at < until <= asked.at + timedelta(days=days):
        raise Invalid(
            N_("That ends within {days} days, not {text}."),
            N_("Give an end that lies ahead."),
            days=days,
            text=asked.args.until or "-",
        )
    return until
