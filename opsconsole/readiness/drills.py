"""When people may be drilled, and within what time they answer. Pure: the time is passed in."""

from datetime import UTC, datetime, time
from typing import NamedTuple

from opsconsole.base.clock import utc
from opsconsole.inventory.calendar import Calendar
from opsconsole.inventory.readiness import QuietTime, ReadinessRules
from opsconsole.readiness.evidence import INSIDE, LATE, MISSED, OUTSIDE, PASSED

_DAY_SECONDS = 86_400


class Drill(NamedTuple):
    """A drill that may begin now: in which hours it is, and until when an answer counts."""

    hours: str
    due_at: float


class Quiet(NamedTuple):
    """Why nobody is drilled now: ``holiday``, ``quiet`` (``name`` says which time), or ``outside`` hours."""

    why: str
    name: str = ""


def quiet(rules: ReadinessRules, calendar: Calendar, now: float) -> Quiet | None:
    """Whether now is a time at which nobody is drilled, unless it is meant so."""
    local = utc(now).astimezone(calendar.zone)
    if local.date() in calendar.days_off and not rules.on_holidays:
        return Quiet("holiday")
    return next((Quiet("quiet", one.name) for one in rules.quiet if _holds(one, calendar, local)), None)


def _holds(one: QuietTime, calendar: Calendar, local: datetime) -> bool:
    fasting = any(period.first <= local.date() <= period.last for period in calendar.ramadan)
    if local.weekday() not in one.days or (one.only == "ramadan" and not fasting):
        return False
    since = local - datetime.combine(local.date(), time(), local.tzinfo)
    return any(span.start <= since < span.end for span in one.spans)


def begin(rules: ReadinessRules, calendar: Calendar, tier: int, now: float) -> Drill | Quiet:
    """The drill that may begin now, or why there is none of this tier at such an hour."""
    start, target = utc(now), rules.drill(tier)
    if target is None:
        return Quiet("outside")
    if not calendar.open_at(calendar.sla_hours, start):
        return Quiet("outside") if target.outside is None else Drill(OUTSIDE, now + target.outside)
    days, rest = divmod(target.inside, _DAY_SECONDS)
    if days and not rest:
        end = calendar.working_days_end(start, int(days), calendar.sla_hours)
    else:
        end = calendar.working_end(start, target.inside, calendar.sla_hours)
    return Drill(INSIDE, end.astimezone(UTC).timestamp())


def result(due_at: float, answered_at: float | None) -> str:
    """What a drill came to: answered in time, answered late, or not at all."""
    if answered_at is None:
        return MISSED
    return PASSED if answered_at <= due_at else LATE
