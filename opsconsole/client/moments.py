"""Times as people type them: ``01:30``, ``2026-11-23 22:00``, or how long ago, ``2h``."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?")
_AGO = re.compile(r"(\d{1,5})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The moment that is meant, UTC. Raises `Invalid` for what is no time, and for one to come.

    A time of day is the last one there was; a day alone is its beginning. Both are in ``zone``.
    """
    text = text.strip()
    found = _of_day(text, zone, now) or _ago(text, now) or _written(text, zone)
    if found is None:
        raise Invalid(
            N_("{text} is no time."), N_("Want 01:30, 2026-11-23 22:00, or how long ago: 2h."), text=text
        )
    if found > now:
        raise Invalid(N_("{text} has not come yet."), N_("Ask for a time up to now."), text=text)
    return found


def _of_day(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    wanted = time(int(match[1]), int(match[2]), int(match[3] or 0))
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, wanted, zone)
    if moment > now:
        moment = datetime.combine(today - timedelta(days=1), wanted, zone)
    return moment.astimezone(UTC)


def _ago(text: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(text)
    return now - timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def _written(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
