"""What one shift leaves to the next, put together from what was read. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from opsconsole.base.clock import utc
from opsconsole.client.incident_pages import Handover, HandoverChange
from opsconsole.client.incidents import Incident, Status
from opsconsole.client.readiness import RunningDrill
from opsconsole.inventory.shifts import Shift
from opsconsole.store.events import StoredEvent
from probes.observation import Param

# Where a body holds what a person wrote.
_WRITTEN = ("note", "reason", "text")


def assemble(
    shift: Shift,
    now: datetime,
    incidents: Iterable[Incident],
    done: tuple[Iterable[StoredEvent], int],
    head: tuple[int, bytes],
    *,
    drills: Iterable[RunningDrill] = (),
) -> Handover:
    """The hand-over of a shift at ``now``.

    ``incidents`` as they stood at its end, or stand now; ``done`` what people did in it, oldest first, and
    how much that is in all; ``head`` the newest event's number and hash; ``drills`` those that run.
    """
    listed = list(incidents)
    changes, total = done
    return Handover(
        at=now,
        shift=shift.name,
        start=shift.start,
        end=shift.end,
        open=tuple(sorted((one for one in listed if one.status.is_open), key=_worst_first)),
        ended=tuple(sorted((one for one in listed if _ended_in(one, shift)), key=_ended_at)),
        changes=tuple(map(_change, changes)),
        changes_total=total,
        drills=tuple(drills),
        head_seq=head[0],
        head_hash=head[1].hex(),
    )


def _worst_first(incident: Incident) -> tuple[int, datetime, int]:
    return incident.severity.rank, incident.opened_at, incident.number


def _ended_in(incident: Incident, shift: Shift) -> bool:
    """Whether it was over within the shift, and still is; what was merged goes on elsewhere."""
    over = incident.status in (Status.RESOLVED, Status.CLOSED)
    return over and shift.start <= _ended_at(incident) < shift.end


def _ended_at(incident: Incident) -> datetime:
    return incident.resolved_at or incident.closed_at or incident.changed_at


def _change(event: StoredEvent) -> HandoverChange:
    written = (event.body.get(name) for name in _WRITTEN)
    return HandoverChange(
        at=utc(event.at),
        kind=event.kind,
        subject=event.subject,
        person=event.person or f"uid {event.uid}",
        params=_params(event.body),
        text=next((text for text in written if isinstance(text, str) and text), ""),
    )


def _params(body: Mapping[str, object]) -> dict[str, Param]:
    """What crosses the socket of a body: its plain values, and lists of them as one text."""
    plain: dict[str, Param] = {}
    for name, value in body.items():
        if isinstance(value, str | int | float | bool | None):
            plain[name] = value
        elif isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
            plain[name] = ", ".join(map(str, value))
    return plain
