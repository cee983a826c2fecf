"""Which applications may be switched off, by two quarters of evidence, or that there is not enough. Pure."""

from datetime import date
from typing import NamedTuple

from opsconsole.client.integration import Verdict

# Less of a quarter known than this, and nothing is said of it.
KNOWN_PERCENT = 60.0
_MONTHS = 3


class Quarter(NamedTuple):
    """One quarter of an application. ``up`` is None where none of its time counts."""

    up_percent: float | None
    known_percent: float
    interest: int


class Evidence(NamedTuple):
    """What is known of an application. ``logins`` of each quarter; None where there is no figure of it."""

    watched_since: date
    quarters: tuple[Quarter, Quarter]
    logins: tuple[int | None, int | None]
    needed: bool


class Judged(NamedTuple):
    """What it comes to, and why."""

    verdict: Verdict
    reasons: tuple[str, ...]


def quarters(today: date) -> tuple[date, date, date]:
    """The first days of the two whole quarters before a day, and the day after the second."""
    end = date(today.year, (today.month - 1) // _MONTHS * _MONTHS + 1, 1)
    middle = _back(end)
    return _back(middle), middle, end


def judge(evidence: Evidence, start: date) -> Judged:
    """``start`` is the first day of the two quarters.

    A candidate never answered in either of them and nobody missed it, or it ran while nobody logged in, by a
    figure of each quarter. One that runs is only watched while a figure is missing: that nobody counts says
    nothing. What others need is kept.
    """
    first, second = evidence.quarters
    if evidence.watched_since > start:
        return Judged("not_enough", ("watched_too_short",))
    if min(first.known_percent, second.known_percent) < KNOWN_PERCENT:
        return Judged("not_enough", ("too_little_known",))
    ups = [one.up_percent or 0.0 for one in evidence.quarters]
    interest = first.interest + second.interest
    login = logins(evidence.logins)
    reasons = [
        "up" if max(ups) > 0 else "never_up",
        "interest" if interest else "no_interest",
        "login_unknown" if login is None else "login" if login else "no_login",
    ]
    if evidence.needed:
        return Judged("keep", (*reasons, "needed_by_others"))
    if interest or login:
        return Judged("keep", tuple(reasons))
    if max(ups) <= 0 or login == 0:
        return Judged("candidate", tuple(reasons))
    return Judged("watch", tuple(reasons))


def logins(figures: tuple[int | None, int | None]) -> int | None:
    """How many log-ins are known; None where nothing can be said: none in one quarter is not none in two."""
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) or any(known) else None


def _back(day: date) -> date:
    return day.replace(month=day.month - _MONTHS) if day.month > _MONTHS else day.replace(day.year - 1, 10)
