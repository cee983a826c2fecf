"""What a newcomer is told: a tour of four lines, and tips at fitting moments. Both go away for good.

What was shown and which keys were used is remembered for the person, whatever office they look at. Where
it can not be remembered nothing is shown, since it would be shown for ever.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from opsconsole.base.paths import user_state
from opsconsole.base.text import N_, _
from opsconsole.console.keymap import BY_ID
from opsconsole.console.own_files import replace_file

# After so many starts whoever has not pressed the keys does not want to be told.
TOUR_STARTS = 5
TIP_TIMES = 3

Tip = Literal["down", "nothing-found", "far"]


class Stop(NamedTuple):
    """A line of the tour: the actions whose keys it names, by the name in ``text``, and the text."""

    actions: Mapping[str, str]
    text: str


TOUR: tuple[Stop, ...] = (
    Stop({"open": "open", "back": "back"}, N_("{open} opens the row, {back} goes one step back")),
    Stop(
        {"filter": "filter", "back": "back"},
        N_("{filter} filters: down opd:rsud age>10m; {back} shows all again"),
    ),
    Stop(
        {"menu": "menu", "command": "command"},
        N_("{menu} lists all this row can do, {command} takes commands and names"),
    ),
    Stop({"help": "help", "quit": "quit"}, N_("{help} explains every key, {quit} leaves")),
)
TIPS: dict[Tip, tuple[Mapping[str, str], str]] = {
    "down": (
        {"open": "open", "copy": "copy"},
        N_("tip: {open} opens what is DOWN: why, since when, whom to call; {copy} copies it"),
    ),
    "nothing-found": (
        {"help": "help"},
        N_("tip: words are down, opd:rsud, tier:1, code:5xx, age>10m; {help} lists all"),
    ),
    "far": (
        {"low": "low-bandwidth"},
        N_("tip: on a thin SSH line, {low} draws every five seconds; ssh -C sends less"),
    ),
}


class Remembered(msgspec.Struct):
    """The file: starts of the console, actions of the tour that were used, tips by how often shown."""

    starts: int = 0
    used: set[str] = msgspec.field(default_factory=set)
    tips: dict[str, int] = msgspec.field(default_factory=dict)


class Hints:
    """The tour and the tips of one person. ``path`` None: neither is shown."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = Remembered()
        if path is not None:
            self._known = _read(path)
            self._known.starts += 1
            self._keep()

    def tour(self) -> list[str]:
        """The lines still to be shown: each goes once the first key that it names was used."""
        if self._path is None or self._known.starts > TOUR_STARTS:
            return []
        return [
            _keys_in(stop.text, stop.actions)
            for stop in TOUR
            if not self._known.used & {next(iter(stop.actions.values()))}
        ]

    def use(self, action_id: str) -> bool:
        """Note that a key was used; whether that shortens the tour."""
        firsts = {next(iter(stop.actions.values())) for stop in TOUR}
        if self._path is None or action_id not in firsts or action_id in self._known.used:
            return False
        self._known.used.add(action_id)
        self._keep()
        return True

    def tip(self, name: Tip) -> str:
        """The tip, counted as shown; empty when it was shown often enough."""
        shown = self._known.tips.get(name, 0)
        if self._path is None or shown >= TIP_TIMES:
            return ""
        self._known.tips[name] = shown + 1
        self._keep()
        actions, text = TIPS[name]
        return _keys_in(text, actions) if self._path is not None else ""

    def _keep(self) -> None:
        """Write it down; without that nothing more is shown."""
        assert self._path is not None
        try:
            replace_file(self._path, msgspec.json.encode(self._known))
        except OSError:
            self._path = None


def hints_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where it is remembered."""
    return user_state(environ) / "hints.json"


def _read(path: Path) -> Remembered:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Remembered)
    except (OSError, msgspec.DecodeError):
        return Remembered()


def _keys_in(text: str, actions: Mapping[str, str]) -> str:
    return _(text).format_map({name: _first_key(action) for name, action in actions.items()})


def _first_key(action_id: str) -> str:
    """The key to name; an action without one is reached through the command line."""
    return BY_ID[action_id].shown.split(" ")[0] or f":{action_id}"
