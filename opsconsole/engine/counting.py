"""Alarms counted and compared: as they are, and as they would have been. Pure; times are seconds."""

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from opsconsole.base.clock import utc
from opsconsole.client.replayed import Alarm, Counted
from opsconsole.engine.notebook import Said

_ALARMS = ("down", "warn")


class Span(NamedTuple):
    """From an alarm to the next announcement. ``ended``: that there is one; ``recovered``: it was of UP."""

    start: float
    end: float
    level: str
    reason: str
    ended: bool
    recovered: bool


_NEVER = Span(-math.inf, -math.inf, "", "", False, False)


def spans_of(said: Sequence[Said], until: float) -> list[Span]:
    """The alarms of one row, each up to what was said next, or to ``until``."""
    spans = []
    for number, one in enumerate(said):
        following = said[number + 1] if number + 1 < len(said) else None
        if one.after in _ALARMS and one.at < until:
            end = until if following is None else following.at
            recovered = following is not None and following.after == "up"
            spans.append(Span(one.at, end, one.after, one.reason, following is not None, recovered))
    return spans


def paired(now: Sequence[Span], then: Sequence[Span], since: float) -> list[tuple[Span | None, Span | None]]:
    """Each alarm with its counterpart of the same level and the same time, the oldest first.

    Those of before ``since`` are left out, a counterpart that comes later with them.
    """
    left = list(then)
    pairs: list[tuple[Span | None, Span | None]] = []
    for one in now:
        same = (o for o in left if o.level == one.level and o.start < one.end and one.start < o.end)
        other = next(same, None)
        if other is not None:
            left.remove(other)
        pairs.append((one, other))
    pairs += [(None, other) for other in left]
    lasting = [pair for pair in pairs if (pair[0] or pair[1] or _NEVER).start >= since]
    return sorted(lasting, key=lambda pair: min(one.start for one in pair if one is not None))


def alarms_of(pairs: Iterable[tuple[Span | None, Span | None]]) -> list[Alarm]:
    """The pairs as they cross the socket."""
    return [_alarm(one, other) for one, other in pairs]


def counted(alarms: Sequence[Alarm], recorded: int, untold: float) -> Counted:
    """What they come to."""
    delays = [
        (one.would_at - one.at).total_seconds()
        for one in alarms
        if one.at is not None and one.would_at is not None
    ]
    avoided = [one for one in alarms if one.would_at is None]
    return Counted(
        recorded=recorded,
        alarms=sum(one.at is not None for one in alarms),
        would=sum(one.would_at is not None for one in alarms),
        avoided=len(avoided),
        recovered=sum(one.recovered for one in avoided),
        added=sum(one.at is None for one in alarms),
        delay_median_s=round(median(delays), 3) if delays else None,
        delay_most_s=round(max(delays), 3) if delays else None,
        untold_s=round(untold, 3),
    )


def untold(now: Iterable[Span], then: Iterable[Span], since: float) -> float:
    """For how long from ``since`` on people knew of a DOWN as it is, and would not have known."""
    left = [(max(one.start, since), one.end) for one in now if one.level == "down" and one.end > since]
    for other in then:
        if other.level == "down":
            left = [
                (start, end)
                for one in left
                for start, end in ((one[0], min(one[1], other.start)), (max(one[0], other.end), one[1]))
                if start < end
            ]
    return sum(end - start for start, end in left)


def _alarm(one: Span | None, other: Span | None) -> Alarm:
    told = one or other
    assert told is not None
    return Alarm(
        level=told.level,
        reason=told.reason,
        at=utc(one.start) if one else None,
        would_at=utc(other.start) if other else None,
        ended_at=utc(told.end) if told.ended else None,
        recovered=told.recovered,
    )
