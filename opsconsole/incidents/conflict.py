"""Who changed an incident first: what a caller is shown who saw it as it was before."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict
from opsconsole.base.text import N_
from opsconsole.client.incidents import Incident
from opsconsole.incidents import bodies
from opsconsole.incidents.facts import Ground

# What decides about an incident; a note, or another member, takes nothing from whoever did not see it.
_DONE: Mapping[str, str] = {
    "incident.acknowledged": N_("#{number} was acknowledged by {who} at {time}."),
    "incident.ack_ended": N_("The acknowledgement of #{number} was taken back by {who} at {time}."),
    "incident.taken": N_("#{number} was taken by {who} at {time}."),
    "incident.assigned": N_("#{number} was assigned by {who} at {time}."),
    "incident.snoozed": N_("#{number} was snoozed by {who} at {time}."),
    "incident.mitigated": N_("#{number} was mitigated by {who} at {time}."),
    "incident.resolved": N_("#{number} was resolved by {who} at {time}."),
    "incident.closed": N_("#{number} was closed by {who} at {time}."),
    "incident.reopened": N_("#{number} was reopened by {who} at {time}."),
    "incident.merged": N_("#{number} was merged by {who} at {time}."),
    "incident.unmerged": N_("#{number} was unmerged by {who} at {time}."),
    "incident.split": N_("#{number} was split by {who} at {time}."),
    "incident.severity_set": N_("The severity of #{number} was set by {who} at {time}."),
    "incident.triaged": N_("A question of #{number} was answered by {who} at {time}."),
}
_BY_ITSELF: Mapping[str, str] = {
    "incident.ack_ended": N_("The acknowledgement of #{number} ended at {time}."),
    "incident.resolved": N_("#{number} ended by itself at {time}."),
    "incident.reopened": N_("#{number} was reopened at {time}: it failed again."),
    "incident.merged": N_("#{number} was merged into #{into} at {time}."),
}
_AGAIN = N_("Look at it again, then decide.")
_SINCE = """
SELECT kind, at, uid, person, via FROM event WHERE subject = ? ORDER BY seq LIMIT -1 OFFSET ?
"""

_LAST = "SELECT at, uid, person, via FROM event WHERE subject = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
_INSTEAD: Mapping[str, str] = {
    "incident.mitigated": N_("Add what was done since as a note."),
    "incident.resolved": N_("With --even-so it is corrected; what was said before stays in the timeline."),
}


class Seeing(Protocol):
    """As much of a command as says what its caller saw."""

    @property
    def who(self) -> str:
        """Who asks."""
        ...

    @property
    def ground(self) -> Ground:
        """The office in force."""
        ...

    @property
    def seen(self) -> int | None:
        """The version that they saw."""
        ...


def check_seen(conn: Connection, incident: Incident, asked: Seeing) -> None:
    """Raises `Conflict` where somebody else, or the engine, decided something since what the caller saw.

    Each event of an incident is one version of it, so what came after ``seen`` is the rest of them.
    """
    if asked.seen is None or asked.seen >= incident.version:
        return
    rows = conn.exec_driver_sql(_SINCE, (bodies.subject(incident.number), max(asked.seen, 0))).all()
    for kind, at, uid, person, via in reversed(rows):
        by_itself = via == "engine" and not person
        who = person or f"uid {uid}"
        template = (_BY_ITSELF if by_itself else _DONE).get(kind)
        if template is not None and (by_itself or who != asked.who):
            raise _first(template, incident, _Deed(who, at / 1000), asked.ground, _AGAIN)


def check_first(conn: Connection, incident: Incident, kind: str, ground: Ground) -> None:
    """Raises `Conflict` where a person did this before, with who did and when; ``kind`` is of the event."""
    found = conn.exec_driver_sql(_LAST, (bodies.subject(incident.number), kind)).first()
    if found is None or (found.via == "engine" and not found.person):
        return
    deed = _Deed(found.person or f"uid {found.uid}", found.at / 1000)
    raise _first(_DONE[kind], incident, deed, ground, _INSTEAD[kind])


def holds(incident: Incident, who: str, ground: Ground) -> None:
    """Raises `Conflict` where somebody else has acknowledged it, and it is not the caller's own."""
    by, at = incident.acknowledged_by, incident.acknowledged_at
    if by and who not in (by, incident.owner) and at is not None:
        raise _first(_DONE["incident.acknowledged"], incident, _Deed(by, at.timestamp()), ground, _TAKE)


_TAKE = N_("Take it, to make it yours.")


class _Deed(NamedTuple):
    who: str
    at: float


def _first(template: str, incident: Incident, deed: _Deed, ground: Ground, then: str) -> Conflict:
    return Conflict(
        template,
        then,
        number=incident.number,
        into=incident.merged_into,
        who=deed.who,
        time=f"{utc(deed.at).astimezone(ground.calendar.zone):%H:%M}",
    )
