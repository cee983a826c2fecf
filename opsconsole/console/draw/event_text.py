"""What the log tells of an entry, in words: a template for each kind of event the engine writes."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from opsconsole.base.text import N_, _, translate
from opsconsole.client.logbook import STATE, Entry
from opsconsole.client.shapes import State
from opsconsole.console.draw import incident_events, notify_events, readiness_events, road_events
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import word
from probes.observation import Param

EVENTS: Mapping[str, str] = {
    "application.announced": N_("told only now: {after}, {reason}"),
    "application.cut_off": N_("cut off by {via}"),
    "application.cut_off_ended": N_("no longer cut off by {via}"),
    "audit.anchored": N_("the head of the log was written to the journal: event {seq}"),
    "clock.stepped": N_("the clock was set by {seconds} s"),
    "config.accepted": N_("files taken over, changes {changes}: {subjects}"),
    "config.refused": N_("files refused, mistakes {mistakes}: {lines}"),
    "config.undone": N_("a change that was cut short was undone: {files}"),
    "engine.cut_off": N_("run {run} of the engine was cut off, last sign {last_sign}"),
    "engine.mass_failure": N_("most hosts fail at once, {failed} of {hosts}: it may be us"),
    "engine.mass_failure_ended": N_("no longer do most hosts fail at once: it was {failed} of {hosts}"),
    "engine.offline": N_("we went offline: {failed}"),
    "engine.online": N_("we are online again"),
    "engine.started": N_("the engine started: version {version}, revision {rev}, probes {probes}"),
    "engine.stop": N_("told the engine to end"),
    "engine.stopped": N_("the engine ended: {why}"),
    "maintenance.added": N_("maintenance planned, {start} - {end}: {reason}"),
    "maintenance.begun": N_("maintenance began, until {until}: {reason}"),
    "maintenance.cancelled": N_("maintenance called off: {reason}"),
    "maintenance.ended": N_("maintenance ended, {why}: {reason}"),
    "store.backed_up": N_("the store was backed up to {file}, up to event {seq}"),
    "store.backup_failed": N_("no backup could be made in {folder}"),
    "store.restored": N_("the store was restored from {file}, events lost {lost}"),
    "probe.paused": N_("paused until {until}: {reason}"),
    "probe.rechecked": N_("looked at it by hand: {probes}"),
    "probe.resumed": N_("no longer paused: {probes}"),
    **incident_events.EVENTS,
    **notify_events.EVENTS,
    **road_events.EVENTS,
    **readiness_events.EVENTS,
}
# Events that somebody should look at, whatever came after.
TROUBLES = frozenset(
    {
        "clock.stepped",
        "config.refused",
        "config.undone",
        "engine.cut_off",
        "engine.mass_failure",
        "engine.offline",
    }
    | incident_events.TROUBLES
    | notify_events.TROUBLES
    | road_events.TROUBLES
)
# Codes that stand in an event, where they are no words themselves.
_CODES: Mapping[str, str] = {
    "command": N_("by command"),
    "failure": N_("by a failure"),
    "over": N_("its time is over"),
    "asked": N_("before its time"),
    "never began": N_("it never began"),
    "last console left": N_("the last console left"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_MOST_LISTED = 4
_STATES = frozenset(state.value for state in State)


def entry_text(entry: Entry, view: View, *, short: bool = False) -> str:
    """One entry as a sentence; ``short``: why in a few words, for a narrow column."""
    if entry.kind == STATE:
        return _change_text(entry, view, short=short)
    return event_text(entry.kind, entry.body, view)


def event_text(kind: str, body: Mapping[str, Any], view: View) -> str:
    """An event as a sentence; one that this console does not know by its kind and what it holds."""
    if kind.startswith(incident_events.PREFIX):
        return incident_events.incident_event_text(kind, body, view)
    if kind in notify_events.EVENTS:
        return notify_events.notify_event_text(kind, body, view)
    if kind in readiness_events.EVENTS:
        return readiness_events.readiness_event_text(kind, body, view)
    if kind in road_events.EVENTS:
        return road_events.road_event_text(kind, body, view)
    params = {name: _shown(value, view) for name, value in body.items()}
    template = EVENTS.get(kind)
    if template is None:
        return " ".join([kind, *(f"{name}={value}" for name, value in params.items() if value != "")])
    if "before" in params and "after" in params:
        params["reason"] = reason_line(str(body.get("reason")), _params(body.get("params")), view)
    return translate(template, {**dict.fromkeys(_NAMES.findall(template), "-"), **params})


_NAMES = re.compile(r"\{(\w+)\}")


def _params(value: object) -> dict[str, Param]:
    return dict(value) if isinstance(value, dict) else {}


def _shown(value: object, view: View) -> Param:
    """A value as people read it: moments in the office's time, states in words, a list by its first items."""
    match value:
        case str() if _MOMENT.fullmatch(value):
            return view.at(datetime.fromisoformat(value))
        case str() if value in _STATES:
            return word(State(value))
        case str() if value in _CODES:
            return _(_CODES[value])
        case list():
            listed = ", ".join(str(_shown(one, view)) for one in value[:_MOST_LISTED])
            more = len(value) - _MOST_LISTED
            return f"{listed} " + _("and {n} more").format(n=more) if more > 0 else listed or "-"
        case dict():
            return ", ".join(f"{name} {_shown(one, view)}" for name, one in value.items())
        case str() | int() | float() | bool() | None:
            return value
    return str(value)


def _change_text(entry: Entry, view: View, *, short: bool) -> str:
    """A change of state: from what to what, why, and when it began where we knew it only later."""
    before, after = entry.before or State.PENDING, entry.after or State.PENDING
    why = "" if after is State.UP else reason_line(entry.reason, entry.params, view, short=short)
    if entry.flapping:
        text = _("{after}, flapping").format(after=word(after))
    elif not entry.hard:
        text = _("{after}, not confirmed").format(after=word(after))
    elif before is after:
        text = _("{after} confirmed").format(after=word(after))
    else:
        text = _("{before} to {after}").format(before=word(before), after=word(after))
    began = entry.happened_at
    if (
        began is not None and (entry.at - began).total_seconds() >= 60
    ):  # what people would call the same minute
        text += " " + _("since {time}").format(time=view.at(began))
    return f"{text}: {why}" if why else text
