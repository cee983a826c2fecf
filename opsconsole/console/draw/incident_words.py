"""What incidents are made of, in words: the codes of `opsconsole.client.incidents`, each with its template.

Those of columns are at most eight cells wide in both languages.
"""

from collections.abc import Mapping
from datetime import datetime

from opsconsole.base.text import N_, _
from opsconsole.client.incidents import (
    Answer,
    Attribution,
    Because,
    Category,
    Cause,
    Incident,
    Kind,
    Severity,
    Source,
    Status,
)
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.view import View

STATUSES: Mapping[Status, str] = {
    Status.OPEN: N_("OPEN"),
    Status.ACKNOWLEDGED: N_("ACK"),
    Status.MITIGATED: N_("EASED"),
    Status.RESOLVED: N_("DONE"),
    Status.CLOSED: N_("CLOSED"),
    Status.MERGED: N_("MERGED"),
}
SNOOZED = N_("SNOOZED")
SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: N_("crit"),
    Severity.HIGH: N_("high"),
    Severity.MEDIUM: N_("med"),
    Severity.LOW: N_("low"),
}
WHOLE_SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: N_("critical"),
    Severity.HIGH: N_("high"),
    Severity.MEDIUM: N_("medium"),
    Severity.LOW: N_("low"),
}
SEVERITY_TONES: Mapping[Severity, str] = {
    Severity.CRITICAL: "down",
    Severity.HIGH: "down",
    Severity.MEDIUM: "warn",
    Severity.LOW: "",
}
STATUS_TONES: Mapping[Status, str] = {
    Status.OPEN: "down",
    Status.ACKNOWLEDGED: "warn",
    Status.MITIGATED: "warn",
    Status.RESOLVED: "",
    Status.CLOSED: "quiet",
    Status.MERGED: "quiet",
}
KINDS: Mapping[Kind, str] = {"outage": N_("outage"), "cyber": N_("cyber incident")}
CATEGORIES: Mapping[Category, str] = {
    "": "-",
    "defacement": N_("defacement"),
    "leak": N_("data leak"),
    "malware": N_("malware"),
    "intrusion": N_("intrusion"),
    "complaint": N_("complaint"),
    "expiry": N_("something expired"),
    "other": N_("something else"),
}
SOURCES: Mapping[Source, str] = {
    "probe": N_("a probe"),
    "call": N_("a call"),
    "complaint": N_("a complaint"),
    "letter": N_("a letter"),
    "opd": N_("the OPD"),
    "bssn": "BSSN",
    "media": N_("the media"),
}
CAUSES: Mapping[Cause, str] = {
    "": "-",
    "application": N_("the application"),
    "server": N_("the server"),
    "database": N_("the database"),
    "network": N_("the network"),
    "power": N_("power"),
    "certificate": N_("a certificate"),
    "dns": "DNS",
    "hosting": N_("the hosting"),
    "vendor": N_("the vendor"),
    "national": N_("a national service"),
    "capacity": N_("capacity"),
    "change": N_("a change"),
    "attack": N_("an attack"),
    "human": N_("a human error"),
    "unknown": N_("not known"),
}
ATTRIBUTIONS: Mapping[Attribution, str] = {
    "": "-",
    "inside": N_("inside the city's control"),
    "outside": N_("outside the city's control"),
}
ANSWERS: Mapping[Answer, str] = {"": "-", "yes": N_("yes"), "no": N_("no"), "checking": N_("being checked")}
BECAUSE: Mapping[Because, str] = {
    "self": N_("the cause"),
    "parent": N_("cut off by {via}"),
    "address": N_("same address {via}"),
    "certificate": N_("same certificate"),
    "mass": N_("in the same mass failure"),
    "person": N_("put there by a person"),
}
QUESTIONS: Mapping[str, str] = {
    "personal_data": N_("personal data concerned?"),
    "iiv": N_("vital infrastructure (IIV) hit?"),
}
CLOCKS: Mapping[str, str] = {
    "respond": N_("respond"),
    "recover": N_("recover"),
    "pdp": N_("PDP notice"),
    "bssn-iiv": N_("BSSN report (IIV)"),
    "bssn": N_("BSSN report"),
}


def status_text(one: Incident, now: datetime) -> str:
    """Where it stands, in a word; that it is kept quiet goes before that."""
    return _(SNOOZED) if is_snoozed(one, now) else _(STATUSES[one.status])


def status_tone(one: Incident, now: datetime) -> str:
    """How loud that word is."""
    return "quiet" if is_snoozed(one, now) else STATUS_TONES[one.status]


def is_snoozed(one: Incident, now: datetime) -> bool:
    """Whether it is kept quiet at this time."""
    return one.status.is_open and one.snoozed_until is not None and one.snoozed_until > now


def number_text(one: Incident | int) -> str:
    """``#412``."""
    return f"#{one if isinstance(one, int) else one.number}"


def cause_text(one: Incident, view: View, *, short: bool = False) -> str:
    """What it is: a person's words, else why the row that is its cause is not well."""
    if one.title:
        return printable(one.title)
    if not one.reason:
        return _("many hosts at once") if not one.subject else "-"
    return reason_line(one.reason, one.params, view, short=short)


def subject_text(one: Incident) -> str:
    """What it is about: the row that is its cause, ``-`` where there is none."""
    return one.subject.removeprefix("service:") or "-"


def owner_text(one: Incident) -> str:
    """Who took it, or who has seen it; empty: nobody."""
    return one.owner or one.acknowledged_by


def state_of(one: Incident) -> State | None:
    """The state of its cause when it opened, where that is one we know."""
    return State(one.state) if one.state in frozenset(state.value for state in State) else None


def clock_word(clock_id: str) -> str:
    """What a clock counts down to; a rule that this console does not know by its id."""
    return _(CLOCKS[clock_id]) if clock_id in CLOCKS else printable(clock_id)
