"""What came of a command, on one line."""

from typing import Any

import msgspec

from opsconsole.base.text import _
from opsconsole.client.shapes import CommandResult, Difference, State
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import word
from probes.observation import Observation, Verdict

_STATES = {
    Verdict.UP: State.UP,
    Verdict.DEGRADED: State.WARN,
    Verdict.DOWN: State.DOWN,
    Verdict.UNKNOWN: State.UNKNOWN,
}
_MOST_LISTED = 4


def result_line(command: str, target: str, result: CommandResult, view: View) -> str:
    """``recheck ws-nik: DOWN status 503, want 200-299 (812ms)``; ``done`` where there is no more to say."""
    named = f"{command} {target}" if target else command
    try:
        told = _TOLD.get(command, _plain)(result.result, view)
    except msgspec.DecodeError:  # an engine of a later version says more than we know
        told = _plain(result.result, view)
    return f"{named}: {told}"


def _seen(result: msgspec.Raw, view: View) -> str:
    """What each probe saw just now."""
    looks = msgspec.json.decode(result, type=list[Observation] | None) or []
    parts = [
        f"{word(_STATES[one.verdict])} {reason_line(one.reason, one.params, view)} ({took(one.duration_ms)})"
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


def _plain(result: msgspec.Raw, view: View) -> str:
    """Anything else: its values, one after the other."""
    return _values(msgspec.json.decode(result)) or _("done")


def _values(value: Any) -> str:
    if isinstance(value, dict):
        return _values(list(value.values()))
    if isinstance(value, list):
        return " ".join(text for item in value if (text := _values(item)))
    return "" if value is None else str(value)


_TOLD = {"recheck": _seen, "diff": _differs}
