"""What came of a command, on one line."""

from typing import Any

import msgspec

from opsconsole.base.text import N_, _
from opsconsole.client.commands import COMMANDS
from opsconsole.client.maintenance import Maintenance
from opsconsole.client.planned import Pause
from opsconsole.client.readiness import RunningDrill
from opsconsole.client.shapes import CommandResult, Difference
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.maintenance import window_text
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import SEEN, word
from probes.observation import Observation, Verdict

_MOST_LISTED = 4


def result_line(command: str, target: str, result: CommandResult, view: View) -> str:
    """``recheck ws-nik: DOWN status 503, want 200-299 (812ms)``; ``done`` where there is no more to say."""
    named = f"{command} {target}" if target else command
    if command in COMMANDS and COMMANDS[command].on == "incident":
        return f"{named}: {_done(command, result)}"
    try:
        told = _TOLD.get(command, _plain)(result.result, view)
    except msgspec.DecodeError:  # an engine of a later version says more than we know
        told = _plain(result.result, view)
    if result.unrecorded:
        told = _("{told} (not recorded: the store takes nothing)").format(told=told)
    return f"{named}: {told}"


def _done(command: str, result: CommandResult) -> str:
    """What was done with an incident; the number of a new one that came of it."""
    number = msgspec.json.decode(result.result)
    if command == "split" and isinstance(number, int):
        return _("opened #{number}").format(number=number)
    return _(_DONE.get(command, N_("done")))


def is_good(result: CommandResult) -> bool:
    """Whether a look that was ordered found nothing wrong."""
    looks = msgspec.json.decode(result.result, type=list[Observation] | None) or []
    return all(one.verdict is Verdict.UP for one in looks)


def _seen(result: msgspec.Raw, view: View) -> str:
    """What each probe saw just now."""
    looks = msgspec.json.decode(result, type=list[Observation] | None) or []
    parts = [
        f"{word(SEEN[one.verdict])} {reason_line(one.reason, one.params, view)} ({took(one.duration_ms)})"
        for one in looks
    ]
    return "; ".join(parts) or _("done")


def _differs(result: msgspec.Raw, view: View) -> str:
    """What a reload would change."""
    listed = msgspec.json.decode(result, type=list[Difference] | None) or []
    if not listed:
        return _("the files say what the engine already does")
    parts = [f"{one.change} {one.subject}" for one in listed[:_MOST_LISTED]]
    if len(listed) > _MOST_LISTED:
        parts.append(_("and {n} more").format(n=len(listed) - _MOST_LISTED))
    return "; ".join(parts)


def _edited(result: msgspec.Raw, view: View) -> str:
    """What stands in the file now, and what stood there."""
    listed = msgspec.json.decode(result, type=list[Difference] | None) or []
    parts = [
        f"{key}: {was or '-'} -> {now or '-'}"
        for one in listed
        for key, was, now in zip(one.keys, one.was, one.now, strict=True)
    ]
    return "; ".join(parts) or _("done")


def _plain(result: msgspec.Raw, view: View) -> str:
    """Anything else: its values, one after the other."""
    return _values(msgspec.json.decode(result)) or _("done")


def _values(value: Any) -> str:
    if isinstance(value, dict):
        return _values(list(value.values()))
    if isinstance(value, list):
        return " ".join(text for item in value if (text := _values(item)))
    return "" if value is None else str(value)


def _paused(result: msgspec.Raw, view: View) -> str:
    """Until when."""
    pause = msgspec.json.decode(result, type=Pause | None)
    return _("paused until {until}").format(until=view.at(pause.until)) if pause else _("done")


def _planned(result: msgspec.Raw, view: View) -> str:
    """When it is, and its number."""
    window = msgspec.json.decode(result, type=Maintenance | None)
    if window is None:
        return _("done")
    return _("no. {number} {window}").format(number=window.number, window=window_text(window, view))


def _ended(result: msgspec.Raw, view: View) -> str:
    """Which."""
    numbers = msgspec.json.decode(result, type=list[int] | None) or []
    return _("ended: no. {numbers}").format(numbers=", ".join(map(str, numbers)) or "-")


def _drilled(result: msgspec.Raw, view: View) -> str:
    """Who is asked, and until when an answer counts."""
    drill = msgspec.json.decode(result, type=RunningDrill)
    told = _("{name} is asked, an answer counts until {until}")
    return told.format(name=printable(drill.name), until=view.at(drill.due_at))


def _numbered(result: msgspec.Raw, view: View) -> str:
    """Under which number it stands."""
    return _("no. {number}").format(number=msgspec.json.decode(result, type=int))


def _finished(result: msgspec.Raw, view: View) -> str:
    """What it is done with stands before it already."""
    return _("done")


_DONE_WITH = (
    "instruction-ack", "instruction-answer", "instruction-withdraw",
    "problem-status", "problem-note", "problem-set", "problem-link",
)  # fmt: skip
_DONE = {
    "ack": N_("acknowledged"),
    "unack": N_("nobody's again"),
    "take": N_("it is yours"),
    "note": N_("noted"),
    "snooze": N_("kept quiet"),
    "mitigate": N_("people can work again"),
    "resolve": N_("resolved"),
    "close": N_("closed"),
    "reopen": N_("reopened"),
    "merge": N_("merged"),
}
_TOLD = {
    "recheck": _seen,
    "edit": _edited,
    "diff": _differs,
    "pause": _paused,
    "maintenance": _planned,
    "maintenance-end": _ended,
    "drill": _drilled,
    "problem-add": _numbered,
    "instruct": _numbered,
    **dict.fromkeys(_DONE_WITH, _finished),
}
