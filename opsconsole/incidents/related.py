"""Which other incidents may have the same cause. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from opsconsole.client.incident_pages import Related
from opsconsole.client.incidents import Incident, Status
from opsconsole.incidents.facts import Ground

Share = Literal["time", "address", "certificate", "vendor", "dependency"]
CLOSE = timedelta(minutes=2)
MOST = 8
# What opened further apart, and is over, is history.
_NEAR = timedelta(hours=2)


def related(incident: Incident, others: Iterable[Incident], ground: Ground) -> tuple[Related, ...]:
    """Those of ``others`` that share something with it: what shares most first, then what is closest."""
    found = []
    for other in others:
        apart = abs(other.opened_at - incident.opened_at)
        if not _comes_into_question(incident, other, apart):
            continue
        shares = tuple(_shares(incident, other, apart, ground))
        if shares:
            found.append(
                Related(
                    number=other.number,
                    subject=other.subject,
                    title=other.title,
                    shares=shares,
                    apart_s=apart.total_seconds(),
                    open=other.status.is_open,
                )
            )
    return tuple(sorted(found, key=lambda one: (-len(one.shares), one.apart_s, one.number))[:MOST])


def _comes_into_question(incident: Incident, other: Incident, apart: timedelta) -> bool:
    if other.number == incident.number or other.status is Status.MERGED:
        return False
    return (other.status.is_open and incident.status.is_open) or apart <= _NEAR


def _shares(incident: Incident, other: Incident, apart: timedelta, ground: Ground) -> Iterable[Share]:
    if apart <= CLOSE:
        yield "time"
    if incident.address and incident.address == other.address:
        yield "address"
    if incident.fingerprint and incident.fingerprint == other.fingerprint:
        yield "certificate"
    if not (incident.subject and other.subject):
        return
    one, two = ground.of(incident.subject), ground.of(other.subject)
    if one.vendor and one.vendor == two.vendor:
        yield "vendor"
    if one.id in two.parents or two.id in one.parents or set(one.parents) & set(two.parents):
        yield "dependency"
