"""Members join, leave and recover: the events of that, as every rule writes them. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from opsconsole.client.incidents import Because, Incident, Member, Status
from opsconsole.incidents import bodies, law, weigh
from opsconsole.incidents.claims import MASS, row_claim
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import CutOff, Ledger, Next, Seen

FLAP_SECONDS = 1800


def member_of(incident: Incident, row_id: str) -> Member | None:
    """Its member of this id."""
    return next((member for member in incident.members if member.id == row_id), None)


def failing(seen: Seen, ground: Ground, because: Because, via: str) -> Member:
    """A row that fails, as a member."""
    made = _made(seen.row, ground, seen.happened_at)
    return replace(made, because=because, via=via, state=seen.state, reason=seen.reason)


def unreachable(cut: CutOff, ground: Ground) -> Member:
    """A row that another one cuts off, as a member."""
    made = _made(cut.row, ground, cut.since)
    return replace(made, because="parent", via=cut.via, state="unreachable", reason="unreachable")


def joins(
    incident: Incident,
    members: Sequence[Member],
    ground: Ground,
    at: datetime,
    *,
    claims: Sequence[str] = (),
    along: Sequence[Incident] = (),
) -> Next:
    """These become members, or are so for another reason; ``claims`` are what they bring along.

    ``along`` are the incidents that were theirs: what triage asks there is asked here, and known since then.
    """
    ids = {member.id for member in members}
    after = [*(one for one in incident.members if one.id not in ids), *members]
    body: dict[str, object] = {
        "number": incident.number,
        "members": bodies.parts(members),
        **weigh.reweighed(incident, after, ground, at),
    }
    asks = law.asked_with(bodies.questions_of(body), along, incident)
    body |= {"questions": bodies.parts(asks)} if asks else {}
    return Next("incident.member_joined", body | ({"claims": list(claims)} if claims else {}))


def recovers(incident: Incident, row_id: str) -> list[Next]:
    """A member is up, or is there no longer; with the last of them, so is the whole. Nothing if known."""
    member = member_of(incident, row_id)
    if member is None or member.recovered_at is not None:
        return []
    found = [Next("incident.member_recovered", {"number": incident.number, "id": row_id})]
    others = any(one.recovered_at is None for one in incident.members if one.id != row_id)
    lasts = MASS in incident.claims and bool(incident.state)
    return found if others or lasts or not incident.status.is_open else [*found, *recovered(incident)]


def recovered(incident: Incident) -> list[Next]:
    """All its members are up: nobody has to be kept from being called any more."""
    body = {"number": incident.number}
    found = [Next("incident.recovered", body)]
    if incident.acknowledged_by:
        found.append(Next("incident.ack_ended", {**body, "why": "recovered"}))
    if incident.snoozed_until is not None:
        found.append(Next("incident.snooze_ended", {**body, "why": "recovered"}))
    return found


def leaves(own: Incident, row_id: str, into: int) -> list[Next]:
    """A member is another's from now on, for that one cuts it off; what is left may be up."""
    body = {"number": own.number, "members": [row_id], "into": into, "why": "parent"}
    others = [one for one in own.members if one.id != row_id]
    is_up = bool(others) and all(one.recovered_at is not None for one in others)
    is_news = is_up and own.recovered_at is None
    return [Next("incident.split", body), *(recovered(own) if is_news else [])]


def merges(own: Incident, into: int, why: str) -> Next:
    """It turns out to be a part of another one."""
    return Next("incident.merged", {"number": own.number, "into": into, "why": why})


def may_go_along(own: Incident, rows: set[str]) -> bool:
    """Whether nobody has done anything about it, and nothing but these rows fails in it."""
    held = own.acknowledged_by or own.owner or own.snoozed_until
    touched = held or own.severity_why or own.note or own.attribution or any(q.answer for q in own.questions)
    down = {member.id for member in own.members if member.recovered_at is None}
    return own.status is Status.OPEN and own.source == "probe" and not touched and down <= rows


def still_its(over: Incident, ledger: Ledger) -> tuple[list[str], list[str]]:
    """What it may claim again beside its members, and the members that another incident has by now."""
    expiry = over.category == "expiry"
    kept = [claim for claim in over.claims if ledger.holder(claim) is None]
    taken = [one.id for one in over.members if ledger.holder(row_claim(one.id, expiry=expiry)) is not None]
    return kept, taken


def within(span: timedelta, seconds: float) -> bool:
    """Whether no more time lies between two moments."""
    return span.total_seconds() <= seconds


def _made(row_id: str, ground: Ground, since: datetime) -> Member:
    facts = ground.of(row_id)
    return Member(
        id=row_id, name=facts.name, opd=facts.opd, opd_short=facts.opd_short, tier=facts.tier, since=since
    )
