"""What people did before and after a Bimtek, as figures that say over how many cases they are. Pure."""

from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple

from opsconsole.client.readiness import Figure

DRILL_SECONDS, ACKNOWLEDGED, REGISTERED = "drill_seconds", "acknowledged_first", "registered_before"
ANNOUNCED, IN_DATE = "announced", "in_date"
WHAT = (DRILL_SECONDS, ACKNOWLEDGED, REGISTERED, ANNOUNCED, IN_DATE)
_DAY_SECONDS = 86_400


class Case(NamedTuple):
    """One case: when, and what it came to: seconds for a drill, else 1 for yes and 0 for no."""

    at: float
    value: float


def figures(cases: Mapping[str, Sequence[Case]], at: float, days: int, least: int) -> tuple[Figure, ...]:
    """Each figure over the cases of so many days before and after ``at``; of fewer than ``least`` none."""
    length = days * _DAY_SECONDS
    found = []
    for what in WHAT:
        known = cases.get(what, ())
        before = [case.value for case in known if at - length <= case.at < at]
        after = [case.value for case in known if at <= case.at < at + length]
        found.append(
            Figure(
                what=what,
                before=_figure(what, before, least),
                before_n=len(before),
                after=_figure(what, after, least),
                after_n=len(after),
            )
        )
    return tuple(found)


def _figure(what: str, values: Sequence[float], least: int) -> float | None:
    if len(values) < least:
        return None
    return median(values) if what == DRILL_SECONDS else fmean(values)
