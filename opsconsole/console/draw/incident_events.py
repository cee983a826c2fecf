"""What happened to an incident, in words: a template for each kind of event, filled from its body."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from opsconsole.base.text import N_, _, translate
from opsconsole.client.shapes import State
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import word
from probes.observation import Param

PREFIX = "incident."
EVENTS: Mapping[str, str] = {
    "incident.opened": N_("opened, {severity}: {what}"),
    "incident.member_joined": N_("also down: {members}"),
    "incident.member_recovered": N_("{id} is up again"),
    "incident.member_failed_again": N_("{id} fails again: {reason}"),
    "incident.state_changed": N_("{id} is {state}: {reason}"),
    "incident.recovered": N_("all of it is up again"),
    "incident.mass_ended": N_("no longer do most hosts fail at once: it was {failed} of {hosts}"),
    "incident.acknowledged": N_("acknowledged until {until}: {note}"),
    "incident.ack_ended": N_("no longer acknowledged: {why}"),
    "incident.taken": N_("taken"),
    "incident.assigned": N_("assigned to {to}"),
    "incident.noted": N_("noted: {note}"),
    "incident.snoozed": N_("kept quiet until {until}: {reason}"),
    "incident.snooze_ended": N_("no longer kept quiet: {why}"),
    "incident.mitigated": N_("people can work again: {note}"),
    "incident.resolved": N_("resolved, {why}: {cause} {note}"),
    "incident.closed": N_("closed: {note}"),
    "incident.reopened": N_("reopened, {why}: {reason}"),
    "incident.merged": N_("merged into #{into}: {note}"),
    "incident.unmerged": N_("taken out of #{from} again: {reason}"),
    "incident.split": N_("{members} went to #{into}: {reason}"),
    "incident.severity_set": N_("severity {severity}: {reason}"),
    "incident.attributed": N_("found to be {attribution}: {reason}"),
    "incident.triaged": N_("answered: {question} {answer}: {note}"),
    "incident.clock_met": N_("{clock} done: {note}"),
    "incident.clock_overdue": N_("{clock} is overdue"),
}
_CORRECTED = N_("corrected, it was {was}: {cause} {note}")
TROUBLES = frozenset({"incident.opened", "incident.reopened", "incident.clock_overdue"})
"""Those that somebody should look at."""
# Those whose reason is a code that a look left; of the others a person wrote it.
_LOOKED_AT = frozenset(
    {"incident.opened", "incident.member_failed_again", "incident.state_changed", "incident.reopened"}
)
# What words stand for a code, by the name that it has in a body.
_CODES: Mapping[str, Mapping[Any, str]] = {
    "severity": words.WHOLE_SEVERITIES,
    "cause": words.CAUSES,
    "was": {**words.CAUSES, "false_alarm": N_("a false alarm")},
    "attribution": words.ATTRIBUTIONS,
    "question": words.QUESTIONS,
    "answer": words.ANSWERS,
    "why": {
        "asked": N_("by a person"),
        "recovered": N_("it was up again"),
        "shift": N_("the shift ended"),
        "until": N_("its time was over"),
        "failing": N_("it fails again"),
        "parent": N_("it was cut off"),
        "mass": N_("most hosts failed at once"),
    },
}
_TIMES = frozenset({"until", "at", "happened_at"})
_NAMES = re.compile(r"\{(\w+)\}")
_MOST_LISTED = 4


def incident_event_text(kind: str, body: Mapping[str, Any], view: View) -> str:
    """An event of an incident as a sentence; one that this console does not know by its kind."""
    template = EVENTS.get(kind)
    if template is None:
        return kind
    if kind == "incident.resolved" and "was" in body:
        template = _CORRECTED
    told = {name: _shown(name, value, view) for name, value in body.items()}
    reason = str(body.get("reason") or "")
    if kind in _LOOKED_AT and reason:
        params = body.get("params")
        told["reason"] = reason_line(reason, _params(params if isinstance(params, dict) else body), view)
    told.setdefault("what", printable(str(body.get("title") or "")) or told.get("reason") or "-")
    # What an event does not say is not told.
    text = translate(template, {**dict.fromkeys(_NAMES.findall(template), "-"), **told})
    return text.removesuffix(": -").removesuffix(" -")


def _params(value: object) -> dict[str, Param]:
    """What fills a reason's words."""
    found = value if isinstance(value, dict) else {}
    return {name: one for name, one in found.items() if isinstance(one, str | int | float)}


def _shown(name: str, value: Any, view: View) -> Param:
    if name in _TIMES and isinstance(value, str):
        return _moment(value, view)
    if isinstance(value, str):
        if name == "state" and value in frozenset(state.value for state in State):
            return word(State(value))
        if name == "clock":
            return words.clock_word(value)
        code = _CODES.get(name, {}).get(value)
        return _(code) if code else printable(value) or "-"
    if isinstance(value, list):
        return ", ".join(_member(one) for one in value[:_MOST_LISTED]) or "-"
    return value if isinstance(value, int | float | bool) else "-"


def _member(value: object) -> str:
    return printable(str(value.get("id", "-") if isinstance(value, dict) else value))


def _moment(text: str, view: View) -> str:
    try:
        return view.at(datetime.fromisoformat(text))
    except ValueError:
        return printable(text)
