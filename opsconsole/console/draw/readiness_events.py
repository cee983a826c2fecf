"""What the log tells of readiness: its events in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from opsconsole.base.text import N_, _, translate
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.view import View

PREFIX = "readiness."
EVENTS: Mapping[str, str] = {
    "readiness.contacted": N_("called {people}: {variant}, {result}"),
    "readiness.drill_started": N_("drill of {person} began, an answer counts until {due_at}"),
    "readiness.drill_ended": N_("drill of {people}: {result}, after {took} s"),
    "readiness.session_planned": N_("Bimtek {code} planned for {at}: {title}"),
    "readiness.attended": N_("at Bimtek {variant}: {people}"),
    "readiness.decreed": N_("decree of {at} names {people}"),
    "readiness.sop_acknowledged": N_("SOP {variant} acknowledged by {people}"),
    "readiness.login_seen": N_("login of {people} on {at}, {source}"),
    "readiness.rostered": N_("on duty from {at} to {until}: {people}"),
    "readiness.handed_over": N_("{opd}: {variant} has handed over"),
    "readiness.changed": N_("{variant}: {people} {opd}, to be proven again"),
    "readiness.reviewed": N_("{opd} was looked over"),
    "readiness.means_proven": N_("{opd}: {variant} is there, {source}"),
    "readiness.reminded": N_("reminder to {opd}: {variant}"),
    "readiness.voided": N_("taken back: {variant}, {people} {opd} {reason}"),
    "readiness.imported": N_("evidence of the example office: {count} recordings"),
}
_CHANNELS: Mapping[str, str] = {
    "wa": "WA",
    "phone": N_("by phone"),
    "telegram": "Telegram",
    "none": N_("called"),
}
# Of an event, what its variant and what was taken back are in words.
_VARIANTS: Mapping[str, Mapping[str, str]] = {
    "readiness.contacted": _CHANNELS,
    "readiness.changed": words.CHANGES,
    "readiness.reminded": words.STEPS,
    "readiness.voided": {
        "contacted": N_("a call"),
        "drill_started": N_("a drill"),
        "drill_ended": N_("the end of a drill"),
        "session_planned": N_("a Bimtek"),
        "attended": N_("attendance"),
        "decreed": N_("a decree"),
        "sop_acknowledged": N_("an SOP"),
        "login_seen": N_("a login"),
        "rostered": N_("a roster"),
        "handed_over": N_("a hand-over"),
        "changed": N_("a change"),
        "reviewed": N_("a review"),
        "means_proven": N_("means"),
        "reminded": N_("a reminder"),
        "voided": N_("a taking back"),
    },
}
_DAYS = frozenset(
    {("readiness.decreed", "at"), ("readiness.rostered", "at"), ("readiness.rostered", "until")}
)
_MOST_PEOPLE = 4


def readiness_event_text(kind: str, body: Mapping[str, Any], view: View) -> str:
    """An event of readiness as a sentence."""
    template = EVENTS[kind]
    params = {name: _shown(kind, name, value, view) for name, value in body.items()}
    blank = {"people": "", "opd": "", "reason": ""}
    return " ".join(translate(template, {**_BLANK, **blank, **params}).split())


_BLANK = dict.fromkeys(
    (
        *("people", "person", "opd", "variant", "result", "source", "at", "until", "due_at", "took"),
        *("code", "title", "reason", "count"),
    ),
    "-",
)


def _shown(kind: str, name: str, value: object, view: View) -> str:
    if name == "people" and isinstance(value, list):
        listed = ", ".join(printable(str(one)) for one in value[:_MOST_PEOPLE])
        more = len(value) - _MOST_PEOPLE
        return f"{listed} " + _("and {n} more").format(n=more) if more > 0 else listed
    if name in ("at", "until", "due_at") and isinstance(value, str):
        return _moment(kind, name, value, view)
    text = str(value)
    match name:
        case "variant":
            return words.of(_VARIANTS.get(kind, {}), text)
        case "result":
            return words.of(words.RESULTS, text)
        case "source":
            return words.of(words.SOURCES, text)
    return printable(text)


def _moment(kind: str, name: str, value: str, view: View) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return printable(value)
    return words.day(moment, view) if (kind, name) in _DAYS else view.at(moment)
