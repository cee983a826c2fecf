"""How long a recording holds, and between which moments nothing that is found of people changes. Pure.

Times are seconds since the epoch.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import inf
from zoneinfo import ZoneInfo

from opsconsole.inventory.readiness import EvidenceRule, Validity
from opsconsole.readiness.evidence import Row

NEVER, FOREVER = -inf, inf


def ends(row: Row, validity: Validity, zone: ZoneInfo) -> float:
    """When a row no longer holds. What it says itself goes before the rule."""
    if row.until is not None:
        return row.until
    match validity.kind:
        case "days":
            return row.at + validity.amount * 86_400
        case "months":
            return _months_later(row.at, validity.amount, zone)
        case "decree":
            return _new_year(row.at, zone)
        case "roster":
            return row.at
    return FOREVER


@lru_cache(maxsize=10_000)
def _months_later(at: float, months: int, zone: ZoneInfo) -> float:
    """The same time of day so many months later; on the last day of a month that has no such day."""
    local = datetime.fromtimestamp(at, zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    day = min(local.day, (following - timedelta(days=1)).day)
    return local.replace(year=year, month=month + 1, day=day).timestamp()


@lru_cache(maxsize=1000)
def _new_year(at: float, zone: ZoneInfo) -> float:
    """When the year of a day is over."""
    year = datetime.fromtimestamp(at, zone).year
    return datetime.combine(date(year + 1, 1, 1), time(), zone).timestamp()


def turning_points(rows: Iterable[Row], rules: Mapping[str, EvidenceRule], zone: ZoneInfo) -> list[float]:
    """When evidence begins to count or ends, in order: between two of them it stands as it stood."""
    points = set()
    for row in rows:
        points.add(row.at)
        if (rule := rules.get(row.kind)) is not None:
            points.update(ends(row, one, zone) for one in (rule.valid, *rule.valid_by_tier.values()))
    return sorted(points)


def stretch(points: Sequence[float], now: float, zone: ZoneInfo) -> tuple[int, int]:
    """What two moments have in common that nothing lies between: no turning point, no new quarter."""
    return bisect_right(points, now), _quarter(now, zone)


@lru_cache(maxsize=1000)
def _quarter(now: float, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(now, zone)
    return local.year * 4 + (local.month - 1) // 3
