"""What a message tells, kept as codes and parameters from the moment it was written."""

from datetime import datetime

import msgspec

from opsconsole.client.incidents import Incident, Severity
from probes.observation import Param

# As many members as a short message names.
_MOST_NAMED = 4


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident as a message tells of it. ``name`` is empty for one that is about no application.

    ``named`` are some of its ``members``; ``ended_at`` is when it was over; ``into`` is the code of the one
    that it is a part of.
    """

    number: int = 0
    code: str = ""
    severity: Severity = Severity.MEDIUM
    application: str = ""
    name: str = ""
    opd: str = ""
    state: str = ""
    reason: str = ""
    params: dict[str, Param] = {}
    since: datetime | None = None
    ended_at: datetime | None = None
    resolved: bool = False
    false_alarm: bool = False
    members: int = 0
    named: tuple[str, ...] = ()
    into: str = ""


def facts_of(incident: Incident, into: Incident | None = None) -> Facts:
    """What is told of an incident as it is now, a part of ``into`` where that is given."""
    own = next((one.name for one in incident.members if one.id == incident.subject), "")
    failing = [one for one in incident.members if one.recovered_at is None]
    return Facts(
        number=incident.number,
        code=incident.code,
        severity=incident.severity,
        application=incident.subject,
        name=incident.title or own or incident.subject,
        opd=incident.opd_short,
        state=incident.state,
        reason=incident.reason,
        params=incident.params,
        since=incident.happened_at,
        ended_at=incident.recovered_at or incident.resolved_at,
        resolved=incident.recovered_at is None and incident.resolved_at is not None,
        false_alarm=incident.false_alarm,
        members=len(incident.members),
        named=tuple(one.name for one in failing if one.id != incident.subject)[:_MOST_NAMED],
        into="" if into is None else into.code,
    )


def packed(facts: Facts) -> bytes:
    """As the outbox keeps them."""
    return msgspec.json.encode(facts)


def unpacked(content: bytes) -> Facts:
    """From what the outbox keeps."""
    return msgspec.json.decode(content, type=Facts)
