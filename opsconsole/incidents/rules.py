"""Which events of incidents follow from what is told of rows. Pure: what is stored comes from a `Ledger`.

- A confirmed DOWN or WARN opens an incident, unless it is part of one that is open: of the row itself, of a
  certificate that it shares (``tls_*``), of an address that it shares (what fails on the way there, within
  two minutes), or of the mass failure that it fell in.
- A row that is cut off joins the incident of what cuts it off, and alarms nobody; where there is none yet,
  it joins when that opens. Its own incident goes along, if nobody has touched it.
- When all members are up it has recovered: an acknowledgement and a snooze end with that. A member that
  fails again within half an hour of its recovery is the same incident, reopened if it was over.
- A certificate about to expire is an incident of its own, merged into that of its having expired.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from opsconsole.client.incidents import Because, Category, Incident, Member, Severity
from opsconsole.incidents import bodies, law, weigh
from opsconsole.incidents.claims import MASS, address_claim, certificate_claim, row_claim
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import CutOff, Ledger, Next, Seen
from opsconsole.incidents.mass import fell_in
from opsconsole.incidents.moves import (
    FLAP_SECONDS,
    failing,
    joins,
    leaves,
    may_go_along,
    member_of,
    merges,
    recovers,
    still_its,
    unreachable,
    within,
)

CLOSE_SECONDS = 120
# What fails on the way to a machine, whatever is asked of it.
_ON_THE_WAY = frozenset({"no_response", "response_timeout", "deadline", "tls_timeout", "ping_loss"})
_TROUBLE = ("down", "warn")
_ON_THE_WAY_TO = ("connect_", "connection_", "dns_n", "dns_timeout", "dns_failed")


def failed(seen: Seen, ledger: Ledger, ground: Ground) -> list[Next]:
    """What follows from a row that is told to be down, or degraded."""
    ended: list[Next] = []
    if seen.expires and (outage := ledger.holder(row_claim(seen.row))):
        # That it will expire is no outage: that one is over.
        ended = recovers(outage, seen.row)
    own = ledger.holder(row_claim(seen.row, expiry=seen.expires))
    if own is not None:
        return [*ended, *_worse_or_better(own, seen, ground)]
    if again := _again(seen, ledger):
        return [*ended, *_reopened(again, seen, ledger, ground)]
    because, via, shared = _shared_with(seen, ledger)
    number = ledger.next_number() if shared is None else shared.number
    absorbed, cut_off_too = _cut_off_too(seen, number, ledger, ground)
    members = (failing(seen, ground, because, via), *cut_off_too)
    if shared is None:
        opened = _opened(number, seen, members, ledger, ground)
        opened = replace(opened, questions=law.asked_with(opened.questions, absorbed, opened))
        last = Next("incident.opened", bodies.opened(opened))
    else:
        last = joins(shared, members, ground, seen.at, along=absorbed)
    return [*ended, *_merged(absorbed, number), last, *_has_expired(seen, number, ledger)]


def up(row_id: str, ledger: Ledger) -> list[Next]:
    """What follows from a row that is told to be up again, or is looked at no longer."""
    for over in ledger.over(row_id):
        member = member_of(over, row_id)
        if member is not None and member.recovered_at is None:
            # It was resolved although the row failed on: when that ended is worth knowing.
            return [*_up(row_id, ledger), *recovers(over, row_id)]
    return _up(row_id, ledger)


def cut_off(cut: CutOff, at: datetime, ledger: Ledger, ground: Ground) -> list[Next]:
    """What follows from a row that another one cuts off: nothing while that has no incident."""
    parent, own = ledger.holder(row_claim(cut.via)), ledger.holder(row_claim(cut.row))
    if parent is None:
        return []
    join = joins(parent, (unreachable(cut, ground),), ground, at)
    if own is None:
        return [join]
    known = member_of(own, cut.row)
    if own.number == parent.number:
        # A member that failed by itself, and still does, stays what it is.
        return [join] if known is None or known.recovered_at is not None else []
    if known is not None and known.because == "parent":
        return [*leaves(own, cut.row, parent.number), join]
    if may_go_along(own, {cut.row}):
        along = joins(parent, (unreachable(cut, ground),), ground, at, along=(own,))
        return [merges(own, parent.number, "parent"), along]
    return []


def cut_off_ended(row_id: str, state: str, told: str, ledger: Ledger) -> list[Next]:
    """What follows from a row that is no longer cut off: where it is up, it has recovered.

    One that still fails is told of, or seen to be up, by the looks that follow. One that people were
    ``told`` is in trouble has recovered when they are told that, not before: it may flap.
    """
    own = ledger.holder(row_claim(row_id)) if state == "up" and told not in _TROUBLE else None
    member = None if own is None else member_of(own, row_id)
    if own is None or member is None or member.because != "parent":
        return []
    return recovers(own, row_id)


def _up(row_id: str, ledger: Ledger) -> list[Next]:
    holders = (ledger.holder(row_claim(row_id, expiry=expiry)) for expiry in (False, True))
    return [step for own in holders if own is not None for step in recovers(own, row_id)]


def _worse_or_better(own: Incident, seen: Seen, ground: Ground) -> list[Next]:
    """The row has an open incident: it failed again, fails by itself now, or otherwise than it did."""
    before = member_of(own, seen.row)
    if before is None or (before.because == "parent" and before.recovered_at is None):
        return [joins(own, (failing(seen, ground, "self", ""),), ground, seen.at)]
    after = replace(before, recovered_at=None, state=seen.state, reason=seen.reason)
    if after == before:
        return []
    members = [after if one.id == seen.row else one for one in own.members]
    kind = "incident.state_changed" if before.recovered_at is None else "incident.member_failed_again"
    body = {"number": own.number, **_told(seen), **weigh.reweighed(own, members, ground, seen.at)}
    return [Next(kind, body)]


def _again(seen: Seen, ledger: Ledger) -> Incident | None:
    """The incident that is over, of which this is more of the same."""
    for over in ledger.over(seen.row):
        member = member_of(over, seen.row)
        since = member.recovered_at if member else None
        same_kind = (over.category == "expiry") is seen.expires
        if since is not None and same_kind and within(seen.at - since, FLAP_SECONDS):
            return over
    return None


def _reopened(over: Incident, seen: Seen, ledger: Ledger, ground: Ground) -> list[Next]:
    kept, dropped = still_its(over, ledger)
    members = tuple(
        replace(one, recovered_at=None, state=seen.state) if one.id == seen.row else one
        for one in over.members
        if one.id not in dropped
    )
    again = {"number": over.number, "why": "failing", "claims": kept, "dropped": dropped}
    weighed = weigh.reweighed(over, members, ground, seen.at)
    reopened = Next("incident.reopened", {**again, **_told(seen), **weighed})
    absorbed, too = _cut_off_too(seen, over.number, ledger, ground)
    if not too:
        return [reopened]
    after = replace(
        over, members=members, severity=Severity(str(weighed.get("severity", over.severity.value)))
    )
    return [
        reopened,
        *_merged(absorbed, over.number),
        joins(after, too, ground, seen.at, along=absorbed),
    ]


def _shared_with(seen: Seen, ledger: Ledger) -> tuple[Because, str, Incident | None]:
    """The open incident of what the row shares with others, and what that is; of several the earliest."""
    found: list[tuple[Because, str, Incident]] = []
    certificate, address = _certificate(seen), _address(seen)
    if certificate and (holder := ledger.holder(certificate)):
        found.append(("certificate", seen.fingerprint, holder))
    if address and (holder := ledger.holder(address)) and _close(holder, seen):
        found.append(("address", seen.address, holder))
    if not seen.expires and (holder := ledger.holder(MASS)) and fell_in(holder, seen):
        found.append(("mass", "", holder))
    return min(found, key=lambda one: one[2].number, default=("self", "", None))


def _certificate(seen: Seen) -> str:
    if seen.expires and seen.fingerprint:
        return f"expiring-{certificate_claim(seen.fingerprint)}"
    is_its = seen.fingerprint and seen.reason.startswith("tls_")
    return certificate_claim(seen.fingerprint) if is_its else ""


def _address(seen: Seen) -> str:
    on_the_way = seen.reason in _ON_THE_WAY or seen.reason.startswith(_ON_THE_WAY_TO)
    return address_claim(seen.address) if seen.address and on_the_way else ""


def _close(holder: Incident, seen: Seen) -> bool:
    apart = min(abs(seen.at - holder.opened_at), abs(seen.happened_at - holder.happened_at))
    return within(apart, CLOSE_SECONDS)


def _opened(number: int, seen: Seen, members: Sequence[Member], ledger: Ledger, ground: Ground) -> Incident:
    category: Category = "expiry" if seen.expires else ""
    facts = ground.of(seen.row)
    severity, in_season = weigh.weight(members, ground, seen.at, category=category)
    shared = (claim for claim in (_certificate(seen), _address(seen)) if claim)
    return Incident(
        number=number,
        category=category,
        severity=severity,
        subject=seen.row,
        opd=facts.opd,
        opd_short=facts.opd_short,
        tier=facts.tier,
        state=seen.state,
        reason=seen.reason,
        params=dict(seen.params),
        probe=seen.probe,
        address=seen.address,
        fingerprint=seen.fingerprint,
        claims=tuple(claim for claim in shared if ledger.holder(claim) is None),
        members=tuple(members),
        happened_at=seen.happened_at,
        opened_at=seen.at,
        changed_at=seen.at,
        questions=weigh.asked([one.id for one in members], ground, "outage", category),
        clocks=weigh.targets(severity, in_season, seen.at, ground),
    )


def _cut_off_too(
    seen: Seen, number: int, ledger: Ledger, ground: Ground
) -> tuple[list[Incident], list[Member]]:
    """The rows that this one cuts off, and their own incidents that go along with them."""
    cut_off = ledger.cut_off_by(seen.row) if seen.state == "down" else ()
    rows = {cut.row for cut in cut_off}
    along: dict[int, Incident] = {}
    members = []
    for cut in cut_off:
        own = ledger.holder(row_claim(cut.row))
        if own is not None:
            if own.number == number or not may_go_along(own, rows):
                continue
            along[own.number] = own
        members.append(unreachable(cut, ground))
    return list(along.values()), members


def _merged(absorbed: Sequence[Incident], into: int) -> list[Next]:
    return [merges(own, into, "parent") for own in absorbed]


def _has_expired(seen: Seen, into: int, ledger: Ledger) -> list[Next]:
    """That its certificate was about to expire is over: it has."""
    warned = ledger.holder(row_claim(seen.row, expiry=True)) if seen.reason == "tls_expired" else None
    return [] if warned is None else [merges(warned, into, "expired")]


def _told(seen: Seen) -> dict[str, object]:
    return {
        "id": seen.row,
        "state": seen.state,
        "reason": seen.reason,
        "params": dict(seen.params),
        "probe": seen.probe,
        "happened_at": bodies.text(seen.happened_at),
    }
