"""Bodies of the events ``incident.*``: how an incident's parts stand in the chain, and are read from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from opsconsole.client.incidents import Clock, Incident, Member, Question

PREFIX = "incident:"
_KEPT = (
    *("kind", "category", "source", "severity", "severity_why", "subject", "title", "opd", "opd_short"),
    *("tier", "state", "reason", "params", "probe", "address", "fingerprint", "reporter"),
)


def subject(number: int) -> str:
    """What the events of an incident are about."""
    return f"{PREFIX}{number}"


def text(at: datetime) -> str:
    """A moment as it stands in a body."""
    return at.isoformat(timespec="milliseconds")


def parts(things: Iterable[Member | Clock | Question]) -> list[Any]:
    """Members, clocks or questions as they stand in a body."""
    return [msgspec.to_builtins(thing) for thing in things]


def members_of(body: Mapping[str, object], key: str = "members") -> tuple[Member, ...]:
    """The members in a body."""
    return msgspec.convert(body.get(key, ()), tuple[Member, ...])


def clocks_of(body: Mapping[str, object]) -> tuple[Clock, ...]:
    """The clocks in a body."""
    return msgspec.convert(body.get("clocks", ()), tuple[Clock, ...])


def questions_of(body: Mapping[str, object]) -> tuple[Question, ...]:
    """The questions of triage in a body."""
    return msgspec.convert(body.get("questions", ()), tuple[Question, ...])


def opened(incident: Incident) -> dict[str, object]:
    """The body of ``incident.opened``: all that the incident begins with."""
    return {
        "number": incident.number,
        **{name: getattr(incident, name) for name in _KEPT},
        "happened_at": text(incident.happened_at),
        "claims": list(incident.claims),
        "members": parts(incident.members),
        "clocks": parts(incident.clocks),
        "questions": parts(incident.questions),
    }


def begun(body: Mapping[str, object], at: datetime) -> Incident:
    """The incident that such a body opens, at ``at``."""
    whole = {**body, "opened_at": at, "changed_at": at}
    return msgspec.convert(whole, Incident)
