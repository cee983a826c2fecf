"""Commands that open an incident, or move members from one to another: report, reopen, merge, split."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client.incident_commands import ReportIncident
from opsconsole.client.incidents import Clock, Incident, Member, Question, Severity, Status
from opsconsole.incidents import bodies, law, weigh
from opsconsole.incidents.claims import row_claim
from opsconsole.incidents.commands import Asked, Draft, must_be_open, needs_reason, said, stands, the_incident
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import Next
from opsconsole.incidents.moves import joins, recovered, still_its
from opsconsole.incidents.stored import StoredLedger, load
from opsconsole.store.drafts import Decided

MOST_AGO = timedelta(days=30)
# What a clock that differs a little from ours may call now.
_NOW = timedelta(minutes=1)


def report(asked: Asked, draft: Draft, conn: Connection) -> Decided:
    """Open one by hand; the result is its number. What is about a row claims it, unless it is of security.

    Raises `Invalid`, `NotFound`, and `Conflict` where the row has one that is open.
    """
    args: ReportIncident = asked.args
    title, ledger = said(args.title), StoredLedger(conn)
    if not title:
        raise Invalid(N_("Say in a few words what is wrong."))
    facts = asked.ground.rows.get(args.application)
    if args.application and facts is None:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    cyber = law.is_cyber(args.kind, args.category)
    claim = row_claim(args.application)
    own = ledger.holder(claim) if facts and not cyber else None
    if own is not None:
        raise Conflict(
            N_("{id} has an incident that is open: #{number}."),
            N_("Add what was told to that one as a note."),
            id=args.application,
            number=own.number,
        )
    happened = asked.until or asked.at
    if not asked.at - MOST_AGO <= happened <= asked.at + _NOW:
        raise Invalid(N_("It began within the last {days} days, not {text}."), days=30, text=args.at)
    found, in_season = _weight(asked, facts is not None)
    incident = Incident(
        number=ledger.next_number(),
        kind="cyber" if cyber else args.kind,
        category=args.category,
        source=args.source,
        severity=found,
        severity_why="" if not args.severity else title,
        subject=args.application,
        title=title,
        opd=facts.opd if facts else "",
        opd_short=facts.opd_short if facts else "",
        tier=facts.tier if facts else 3,
        reporter=said(args.reporter),
        claims=(claim,) if facts and not cyber else (),
        happened_at=min(happened, asked.at),
        opened_at=asked.at,
        changed_at=asked.at,
        questions=weigh.asked([args.application] if facts else [], asked.ground, args.kind, args.category),
        clocks=weigh.targets(found, in_season, asked.at, asked.ground),
    )
    opened = Next("incident.opened", bodies.opened(incident))
    return _decided([opened], draft, incident.number)


def reopen(asked: Asked, draft: Draft, conn: Connection) -> Decided:
    """It was not over: its members are its own again, but for those that another one has by now."""
    incident = the_incident(conn, asked.args.incident)
    if incident.status not in (Status.RESOLVED, Status.CLOSED):
        raise stands(incident)
    ledger, reason = StoredLedger(conn), needs_reason(asked.args.reason)
    claims, dropped = still_its(incident, ledger)
    if incident.subject in dropped:
        other = ledger.holder(row_claim(incident.subject, expiry=incident.category == "expiry"))
        raise _has_other(incident.subject, other)
    own = row_claim(incident.subject)
    if own in incident.claims and own not in claims:  # reported of a row that has another one by now
        raise _has_other(incident.subject, ledger.holder(own))
    body = {"why": "asked", "reason": reason, "claims": claims, "dropped": dropped}
    return _decided([Next("incident.reopened", {"number": incident.number, **body})], draft, incident.number)


def merge(asked: Asked, draft: Draft, conn: Connection) -> Decided:
    """The same cause: members and claims go to the other one."""
    args = asked.args
    incident, into = the_incident(conn, args.incident), the_incident(conn, args.into)
    if incident.number == into.number:
        raise Invalid(N_("#{number} can not be merged into itself."), number=incident.number)
    must_be_open(incident)
    must_be_open(into)
    if _is_expiry(into) and not _is_expiry(incident):
        raise Invalid(
            N_("#{into} is only about a certificate that will expire."),
            N_("Merge it into #{number} instead."),
            number=incident.number,
            into=into.number,
        )
    merged = {"number": incident.number, "into": into.number, "why": "asked", "note": said(args.note)}
    found = [Next("incident.merged", merged)]
    law_too = _law_goes_along(incident, into, asked.ground)
    if not _moves_members(incident, into):
        return _decided([*found, *law_too], draft, into.number)
    known = {member.id for member in into.members}
    new = [replace(one, because="person") for one in incident.members if one.id not in known]
    claims = [claim for claim in incident.claims if claim not in into.claims]
    if new or claims or law.asks_too((incident,), into):
        found.append(joins(into, new, asked.ground, asked.at, claims=claims, along=(incident,)))
    return _decided([*found, *law_too], draft, into.number)


def unmerge(asked: Asked, draft: Draft, conn: Connection) -> Decided:
    """Another cause after all: it has its members back as they are by now."""
    incident = the_incident(conn, asked.args.incident)
    if incident.status is not Status.MERGED:
        raise Conflict(N_("#{number} is not merged."), number=incident.number)
    into = _whole(conn, incident.merged_into)
    if into is None or not into.status.is_open:
        raise Conflict(
            N_("#{into} is over, so #{number} stays merged into it."),
            N_("Reopen #{into} first, or report a new one."),
            number=incident.number,
            into=into.number if into else incident.merged_into,
        )
    if not _moves_members(incident, into):
        whole = _given_back(conn, incident, said(asked.args.reason))
        return _decided([whole], draft, incident.number)
    was = {member.id: member for member in incident.members}
    now = [member for member in into.members if member.id in was]
    if was and not now:
        raise Conflict(
            N_("#{into} has none of the members of #{number} any more."),
            N_("They were split from it: work on the incident that has them."),
            number=incident.number,
            into=into.number,
        )
    if len(now) == len(into.members) and now:
        raise Conflict(
            N_("#{into} has no other members than those of #{number}."),
            N_("Give the members that have a cause of their own with `split`."),
            number=incident.number,
            into=into.number,
        )
    back = [replace(member, because=was[member.id].because, via=was[member.id].via) for member in now]
    claims = [claim for claim in incident.claims if claim in into.claims]
    ids = [member.id for member in back]
    gone = {"number": into.number, "members": ids, "into": incident.number, "why": "unmerged"}
    unmerged = {
        "number": incident.number,
        "from": into.number,
        "reason": said(asked.args.reason),
        "members": bodies.parts(back),
        "claims": claims,
    }
    found = [
        Next("incident.split", {**gone, "claims": claims}),
        *_left(into, set(ids)),
        Next("incident.unmerged", unmerged),
    ]
    return _decided(found, draft, incident.number)


def split(asked: Asked, draft: Draft, conn: Connection) -> Decided:
    """Members with a cause of their own become a new incident; the result is its number."""
    args = asked.args
    incident, reason = the_incident(conn, args.incident), needs_reason(args.reason)
    must_be_open(incident)
    ids = _named(args.members, incident)
    moved = [
        replace(member, because="self" if place == 0 else "person", via="")
        for place, member in enumerate(one for one in incident.members if one.id in ids)
    ]
    number = StoredLedger(conn).next_number()
    new = _split_off(asked, incident, number, moved)
    gone = {"number": incident.number, "members": sorted(ids), "into": number, "why": "asked"}
    found = [
        Next("incident.split", {**gone, "reason": reason}),
        *_left(incident, ids),
        Next("incident.opened", bodies.opened(new)),
    ]
    if all(member.recovered_at for member in moved):
        found += recovered(new)
    return _decided(found, draft, number)


def _whole(conn: Connection, number: int) -> Incident | None:
    """What it was merged into, or what that was merged into meanwhile: the one that has the members now."""
    found = load(conn, number)
    while found is not None and found.status is Status.MERGED:
        found = load(conn, found.merged_into)
    return found


def _law_goes_along(incident: Incident, into: Incident, ground: Ground) -> list[Next]:
    """The clocks of the law that run on are the other one's, with the answers that started them.

    Where both have the same one, that which began first holds: the law counts from the first knowledge.
    """
    theirs = {clock.id: clock for clock in into.clocks}
    found = []
    for question in incident.questions:
        answer, clocks = question.answer, _of_question(incident, question.id, ground)
        if not answer and (other := law.asked_of(into, question.id)) is not None:
            # What was answered there is so of this one too, which may have been known before.
            answer, clocks = other.answer, _as_known_here(incident, other, into, ground)
        sooner = [clock for clock in clocks if _counts(clock, theirs.get(clock.id))]
        if sooner:
            body = {
                "question": question.id,
                "answer": answer,
                "note": "",
                "clocks": bodies.parts(sooner),
                "stopped": [clock.id for clock in sooner if clock.id in theirs],
            }
            found.append(Next("incident.triaged", {"number": into.number, **body}))
    return found


def _of_question(incident: Incident, question: str, ground: Ground) -> list[Clock]:
    """The clocks of the law that the answer to this question started."""
    asks = {rule.id: rule.question for rule in ground.policy.laws}
    return [clock for clock in incident.clocks if asks.get(clock.id) == question]


def _as_known_here(incident: Incident, answered: Question, into: Incident, ground: Ground) -> list[Clock]:
    """The clocks that an answer of the other one started, as they would count from what was known here."""
    known, theirs = law.known_since(incident, answered.id), {clock.id for clock in into.clocks}
    clocks = law.law_clocks(
        answered.id, answered.answer, known, ground.policy, kind=into.kind, category=into.category
    )
    return [clock for clock in clocks if clock.id in theirs]


def _inherited(incident: Incident, question: Question) -> Question:
    """A question of what was split off: answered as it was of the whole, and known since then."""
    before = law.asked_of(incident, question.id) or question
    return replace(before, since=law.known_since(incident, question.id))


def _counts(clock: Clock, other: Clock | None) -> bool:
    if other is None:
        return True
    return clock.met_at is None and other.met_at is None and clock.started_at < other.started_at


def _is_expiry(incident: Incident) -> bool:
    return incident.category == "expiry"


def _moves_members(incident: Incident, into: Incident) -> bool:
    """That a certificate will expire takes nothing down: of an outage such rows are no members."""
    return _is_expiry(into) or not _is_expiry(incident)


def _given_back(conn: Connection, incident: Incident, reason: str) -> Next:
    """It is open again as it was, but for what another one claims by now. Raises `Conflict`."""
    ledger = StoredLedger(conn)
    claims, dropped = still_its(incident, ledger)
    back = [member for member in incident.members if member.id not in dropped]
    if not back:
        raise _has_other(incident.subject, ledger.holder(row_claim(incident.subject, expiry=True)))
    body = {"from": incident.merged_into, "reason": reason, "members": bodies.parts(back), "claims": claims}
    return Next("incident.unmerged", {"number": incident.number, **body})


def _weight(asked: Asked, has_row: bool) -> tuple[Severity, bool]:
    args: ReportIncident = asked.args
    at, ground = asked.at, asked.ground
    members: Sequence[Member] = ()
    if has_row:
        facts = ground.of(args.application)
        # What a person tells of is taken for down: nobody calls because all is well.
        members = (Member(id=facts.id, name=facts.name, tier=facts.tier, since=at, state="down"),)
    found, in_season = weigh.weight(
        members,
        ground,
        at,
        kind=args.kind,
        category=args.category,
        tier=3,
        exposed=args.category == "leak",
    )
    if not args.severity:
        return found, in_season
    try:
        return Severity(args.severity), in_season
    except ValueError:
        raise Invalid(
            N_("{severity} is no severity."),
            N_("There are critical, high, medium and low."),
            severity=args.severity,
        ) from None


def _named(text: str, incident: Incident) -> set[str]:
    """The members that a command names. Raises `Invalid`."""
    ids = {name.strip() for name in text.split(",") if name.strip()}
    known = {member.id for member in incident.members}
    strange = sorted(ids - known)
    if strange or not ids:
        raise Invalid(
            N_("{id} is no member of #{number}."),
            N_("Its members: {names}."),
            id=", ".join(strange) or "?",
            number=incident.number,
            names=", ".join(sorted(known)) or "-",
        )
    if ids == known:
        raise Invalid(N_("All members of #{number} can not be split from it."), number=incident.number)
    if incident.subject in ids:  # both would bear its name
        raise Invalid(
            N_("#{number} is about {id}, which can not be split from it."),
            N_("Split the others from it instead."),
            number=incident.number,
            id=incident.subject,
        )
    return ids


def _split_off(asked: Asked, incident: Incident, number: int, moved: list[Member]) -> Incident:
    first, ground, at = moved[0], asked.ground, asked.at
    found, in_season = weigh.weight(
        moved, ground, at, kind=incident.kind, category=incident.category, exposed=weigh.exposed(incident)
    )
    asks = weigh.asked([one.id for one in moved], ground, incident.kind, incident.category)
    # The law counts from when it was known, not from when somebody saw that it had two causes.
    laws = [clock for question in asks for clock in _of_question(incident, question.id, ground)]
    return Incident(
        number=number,
        kind=incident.kind,
        category=incident.category,
        source=incident.source,
        severity=found,
        subject=first.id,
        opd=first.opd,
        opd_short=first.opd_short,
        tier=first.tier,
        state=first.state,
        reason=first.reason,
        members=tuple(moved),
        happened_at=min(member.since for member in moved),
        opened_at=at,
        changed_at=at,
        questions=tuple(_inherited(incident, question) for question in asks),
        clocks=(*weigh.targets(found, in_season, at, ground), *laws),
    )


def _left(incident: Incident, gone: set[str]) -> list[Next]:
    """That what is left of it is up, where it is, and was not before."""
    left = [member for member in incident.members if member.id not in gone]
    is_up = bool(left) and all(member.recovered_at for member in left)
    return recovered(incident) if is_up and incident.recovered_at is None else []


def _has_other(row_id: str, other: Incident | None) -> Conflict:
    return Conflict(
        N_("{id} has an incident that is open: #{number}."),
        N_("Work on that one."),
        id=row_id,
        number=other.number if other else 0,
    )


def _decided(found: list[Next], draft: Draft, number: int) -> Decided:
    events = tuple(draft(one.kind, bodies.subject(one.number), one.body) for one in found)
    return Decided(events, number)
