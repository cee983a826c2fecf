"""Most hosts fail at once: one incident, about us until shown otherwise. Pure.

What began to fail in it becomes its members once that is confirmed; incidents that a moment before it were
opened, and nobody has touched, are merged into it. It has recovered when all of them are up, `QUIET_SECONDS`
after most hosts failed no longer.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from opsconsole.client.incidents import Incident
from opsconsole.incidents import bodies, weigh
from opsconsole.incidents.claims import MASS
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import Ledger, Next, Seen
from opsconsole.incidents.moves import FLAP_SECONDS, joins, may_go_along, merges, still_its, within
from probes.observation import Param

QUIET_SECONDS = 120
# What began so shortly before a mass failure is a part of it: the window in which it is noticed.
_AROUND = timedelta(seconds=10)


def mass_failed(
    params: Mapping[str, Param], since: datetime, at: datetime, ledger: Ledger, ground: Ground
) -> list[Next]:
    """What follows when most hosts fail; ``params`` say how many. So soon after the last, it is that one."""
    said = {"id": "", "state": "down", "params": dict(params)}
    own = ledger.holder(MASS)
    if own is not None:
        return [Next("incident.member_failed_again", {"number": own.number, **said})]
    for over in ledger.over(""):
        if over.recovered_at is not None and within(at - over.recovered_at, FLAP_SECONDS):
            kept, dropped = still_its(over, ledger)
            body = {"number": over.number, "why": "failing", "claims": kept, "dropped": dropped, **said}
            return [Next("incident.reopened", body)]
    opened = _opened(params, since, at, ledger, ground)
    found = [Next("incident.opened", bodies.opened(opened))]
    along = [
        other
        for other in ledger.begun_since(since - _AROUND)
        if may_go_along(other, {member.id for member in other.members})
    ]
    if along:
        members = [replace(member, because="mass") for other in along for member in other.members]
        claims = [claim for other in along for claim in other.claims]
        found += [merges(other, opened.number, "mass") for other in along]
        found.append(joins(opened, members, ground, at, claims=claims, along=along))
    return found


def mass_ended(params: Mapping[str, Param], ledger: Ledger) -> list[Next]:
    """What follows when most hosts fail no longer; ``params`` say why, as `health.mass` has it."""
    own = ledger.holder(MASS)
    if own is None or not own.state:
        return []
    return [Next("incident.mass_ended", {"number": own.number, **params})]


def fell_in(holder: Incident, seen: Seen) -> bool:
    """Whether a row began to fail while most hosts did, or the moment before."""
    ended = holder.params.get("ended_at")
    until = seen.happened_at if ended is None else datetime.fromisoformat(str(ended))
    return holder.happened_at - _AROUND <= seen.happened_at <= until


def quiet_at(incident: Incident) -> datetime | None:
    """When it has recovered, if no member fails then; None for one that lasts, or is none."""
    ended = incident.params.get("ended_at")
    if MASS not in incident.claims or incident.state or ended is None:
        return None
    return datetime.fromisoformat(str(ended)) + timedelta(seconds=QUIET_SECONDS)


def _opened(
    params: Mapping[str, Param], since: datetime, at: datetime, ledger: Ledger, ground: Ground
) -> Incident:
    severity, in_season = weigh.weight((), ground, at)
    return Incident(
        number=ledger.next_number(),
        severity=severity,
        tier=1,
        state="down",
        reason="mass_failure",
        params=dict(params),
        claims=(MASS,),
        happened_at=since,
        opened_at=at,
        changed_at=at,
        clocks=weigh.targets(severity, in_season, at, ground),
    )
