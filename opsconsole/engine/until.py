"""Until when: what an operator writes, as a moment."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from probes.spec import parse_duration

# Of years before and after these no zone may be asked.
_FIRST_YEAR, _LAST_YEAR = 1970, 9998
_AGO = N_("Write how long ago, 30m or 2h, or when: 01:30, 2026-11-23, 2026-11-23T22:00.")
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)")


def moment(text: str, now: float, zone: str, *, ago: bool = False) -> float:
    """The wall time that ``text`` means at ``now``: ``2h``, ``06:00``, ``2026-11-25``, ``2026-11-25T06:00``.

    A time without a zone is the office's, a time of day the next one to come; with ``ago`` it is the last one
    that was, and ``2h`` two hours ago. Raises Invalid, also for what no calendar can say.
    """
    text, local = text.strip(), datetime.fromtimestamp(now, ZoneInfo(zone))
    try:
        return now + (-1 if ago else 1) * parse_duration(text)
    except ValueError:
        pass
    if clock := _CLOCK.fullmatch(text):
        at = time(int(clock["hour"]), int(clock["minute"]))
        today = datetime.combine(local.date(), at, local.tzinfo)
        day = local.date() + timedelta(days=(today <= local) - ago)
        return datetime.combine(day, at, local.tzinfo).timestamp()
    try:
        said = datetime.fromisoformat(text)
        if not _FIRST_YEAR <= said.year <= _LAST_YEAR:
            raise ValueError(text)
    except ValueError:
        raise Invalid(
            N_("{text} is neither a time nor how long."),
            _AGO if ago else N_("Write 30m, 2h or 3d, or until when: 06:00, 2026-11-25, 2026-11-25T06:00."),
            text=text,
        ) from None
    return (said if said.tzinfo else said.replace(tzinfo=local.tzinfo)).timestamp()
