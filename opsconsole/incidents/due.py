"""What becomes of an incident by the clock alone: acknowledgements and snoozes end, targets run out. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from opsconsole.client.incidents import Incident, Status
from opsconsole.incidents import sla
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.ledger import Next
from opsconsole.incidents.mass import quiet_at
from opsconsole.incidents.moves import recovered

# One that stayed up for so long is over by itself.
STAYED_UP = timedelta(minutes=5)
# So long one that is over is still shown beside those that are not.
SHOWN_AFTER = timedelta(hours=24)
_OURS = (sla.RESPOND, sla.RECOVER)


def due(incident: Incident, now: datetime, ground: Ground) -> list[Next]:
    """What is due of it at ``now``; nothing where all of that has happened."""
    body = {"number": incident.number}
    found = [Next("incident.clock_overdue", {**body, "clock": clock}) for clock in _run_out(incident, now)]
    if not incident.status.is_open:
        return found
    quiet = quiet_at(incident)
    if quiet is not None and now >= quiet and not incident.down and incident.recovered_at is None:
        return [*found, *recovered(incident)]
    if incident.ack_until is not None and now >= incident.ack_until:
        found.append(Next("incident.ack_ended", {**body, "why": _why(incident.ack_until, ground)}))
    if incident.snoozed_until is not None and now >= incident.snoozed_until:
        found.append(Next("incident.snooze_ended", {**body, "why": "until"}))
    stayed = incident.recovered_at is not None and now >= incident.recovered_at + STAYED_UP
    if stayed and incident.source == "probe":
        found.append(Next("incident.resolved", {**body, "why": "recovered"}))
    return found


def is_shown(incident: Incident, now: datetime) -> bool:
    """Whether it belongs on the board: it is not over, or has not been for a day, or the law waits."""
    if incident.status.is_open or now < ended_at(incident) + SHOWN_AFTER:
        return True
    closed = incident.status in (Status.CLOSED, Status.MERGED)
    return not closed and any(clock.met_at is None and clock.id not in _OURS for clock in incident.clocks)


def ended_at(incident: Incident) -> datetime:
    """When it was over, or was merged, or changed last."""
    return incident.closed_at or incident.resolved_at or incident.changed_at


def _run_out(incident: Incident, now: datetime) -> Iterator[str]:
    """The clocks that ran out, and nobody was told of. What is up again is no longer waited for."""
    if incident.status in (Status.MERGED, Status.CLOSED) or incident.false_alarm:
        return
    waited_for = incident.status.is_open and incident.recovered_at is None
    for clock in incident.clocks:
        counts = waited_for or clock.id not in _OURS
        if counts and clock.overdue_at is None and sla.overdue(clock, now):
            yield clock.id


def _why(until: datetime, ground: Ground) -> str:
    """Whether that is the end of a shift, or what somebody asked for."""
    shift = ground.calendar.shift_at(until - timedelta(seconds=1))
    return "shift" if shift.end == until else "until"
