"""What can be done with an incident now, and why the rest can not. Pure.

It is what the row menu greys out before anybody presses; the engine decides again.
"""

from collections.abc import Callable
from datetime import datetime

from opsconsole.base.text import _
from opsconsole.client.incidents import Clock, Incident, Status
from opsconsole.console.draw.incident_words import is_snoozed

TARGETS = frozenset({"respond", "recover"})
"""The clocks that every incident has: targets of the office, not of the law."""


def law_clocks(one: Incident) -> list[Clock]:
    """The clocks of the law that nobody has stopped, what is due first at the top."""
    clocks = [clock for clock in one.clocks if clock.met_at is None and clock.id not in TARGETS]
    return sorted(clocks, key=lambda clock: (clock.due_at is not None, clock.due_at or clock.started_at))


def refusal(command: str, one: Incident, person: str, now: datetime) -> str:
    """Why this command means nothing for the incident; empty when it does."""
    if one.status is Status.MERGED and command not in ("unmerge", "note"):
        return _("it was merged into #{number}").format(number=one.merged_into)
    rule = _RULES.get(command)
    return rule(one, person, now) if rule is not None else ""


def _over(one: Incident, person: str, now: datetime) -> str:
    return "" if one.status.is_open else _("it is over")


def _ack(one: Incident, person: str, now: datetime) -> str:
    if one.status.is_open and one.acknowledged_by and one.acknowledged_by != person:
        return _("{person} has acknowledged it").format(person=one.acknowledged_by)
    return _over(one, person, now)


def _unack(one: Incident, person: str, now: datetime) -> str:
    held = one.acknowledged_by or one.owner
    return _over(one, person, now) or ("" if held else _("nobody has acknowledged it"))


def _take(one: Incident, person: str, now: datetime) -> str:
    return _over(one, person, now) or (_("it is yours") if person and one.owner == person else "")


def _unsnooze(one: Incident, person: str, now: datetime) -> str:
    return "" if is_snoozed(one, now) else _("it is not snoozed")


def _mitigate(one: Incident, person: str, now: datetime) -> str:
    eased = _("people can work already") if one.status is Status.MITIGATED else ""
    return _over(one, person, now) or eased


def _resolve(one: Incident, person: str, now: datetime) -> str:
    """One that ended by itself still has to be told the cause of."""
    if one.status is Status.CLOSED or (one.status is Status.RESOLVED and one.cause):
        return _("it is over")
    return ""


def _close(one: Incident, person: str, now: datetime) -> str:
    if one.status is Status.CLOSED:
        return _("it is closed")
    if one.status.is_open:
        return _("it is not over: resolve it first")
    if not one.cause and not one.false_alarm:
        return _("its cause is not known: resolve it first")
    return _("triage waits for an answer") if one.asks and not one.false_alarm else ""


def _reopen(one: Incident, person: str, now: datetime) -> str:
    return _("it is not over") if one.status.is_open else ""


def _split(one: Incident, person: str, now: datetime) -> str:
    single = "" if len(one.members) > 1 else _("it has one member")
    return _over(one, person, now) or single


def _unmerge(one: Incident, person: str, now: datetime) -> str:
    return "" if one.status is Status.MERGED else _("it was not merged")


def _triage(one: Incident, person: str, now: datetime) -> str:
    return "" if one.questions else _("nothing is asked of it")


def _reported(one: Incident, person: str, now: datetime) -> str:
    return "" if law_clocks(one) else _("no clock of the law runs")


def _severity(one: Incident, person: str, now: datetime) -> str:
    return _("it is closed") if one.status is Status.CLOSED else ""


_RULES: dict[str, Callable[[Incident, str, datetime], str]] = {
    "ack": _ack,
    "unack": _unack,
    "take": _take,
    "assign": _over,
    "snooze": _over,
    "unsnooze": _unsnooze,
    "mitigate": _mitigate,
    "resolve": _resolve,
    "close": _close,
    "reopen": _reopen,
    "merge": _over,
    "unmerge": _unmerge,
    "split": _split,
    "severity": _severity,
    "triage": _triage,
    "reported": _reported,
}
