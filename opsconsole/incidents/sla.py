"""The two clocks of every incident: within what time somebody answers it, and within what it is over.

They are targets of the office (``incidents.toml``), not promises; the ones of the law are in `law`.
"""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from opsconsole.client.incidents import Clock, Severity
from opsconsole.inventory.calendar import Calendar
from opsconsole.inventory.fields import ALWAYS
from opsconsole.inventory.policy import RECOVER, RESPOND, IncidentPolicy

__all__ = ["RECOVER", "RESPOND", "clocks", "left", "met", "overdue"]

_DAY_SECONDS = 86_400


def clocks(
    severity: Severity, opened_at: datetime, calendar: Calendar, policy: IncidentPolicy, *, in_season: bool
) -> tuple[Clock, Clock]:
    """The clocks ``respond`` and ``recover`` of an incident of this severity that was opened then."""
    target = policy.targets[severity]
    around = target.counts == "calendar" or (target.counts == "season" and in_season)
    hours = ALWAYS if around else calendar.sla_hours
    counts: Literal["calendar", "working"] = "calendar" if hours == ALWAYS else "working"
    made = (
        Clock(
            id=name,
            started_at=opened_at,
            due_at=_due(seconds, opened_at, calendar, hours),
            counts=counts,
        )
        for name, seconds in ((RESPOND, target.respond), (RECOVER, target.recover))
    )
    respond, recover = made
    return respond, recover


def met(clock: Clock, when: datetime) -> Clock:
    """The clock stopped: what it asks for was done."""
    return replace(clock, met_at=when)


def overdue(clock: Clock, now: datetime) -> bool:
    """Whether it runs, and ran out. One that gives no number never does: it is due from the beginning."""
    return clock.met_at is None and clock.due_at is not None and now > clock.due_at


def left(clock: Clock, now: datetime, calendar: Calendar) -> float | None:
    """Seconds until it runs out, in the time that it counts; negative when it ran out.

    Seconds that it had left where it was met; None where it gives no number.
    """
    if clock.due_at is None:
        return None
    at = clock.met_at or now
    hours = calendar.sla_hours if clock.counts == "working" else ALWAYS
    if at <= clock.due_at:
        return calendar.working_seconds(at, clock.due_at, hours)
    return -calendar.working_seconds(clock.due_at, at, hours)


def _due(seconds: float, start: datetime, calendar: Calendar, hours: str) -> datetime:
    if hours == ALWAYS:
        return start + timedelta(seconds=seconds)
    if seconds % _DAY_SECONDS == 0:
        return calendar.working_days_end(start, round(seconds / _DAY_SECONDS), hours)
    return calendar.working_end(start, seconds, hours)
