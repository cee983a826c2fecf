"""The keymap: one table from which keys, hint line, help, row menu and palette are made.

An action has one id for good and the same letter wherever it means anything. To add one: a line here and
a method ``action_<id with underscores>`` on the screens of its scopes.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from opsconsole.base.text import N_, _
from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import Role

Scope = Literal["board", "detail", "help"]
Group = Literal["move", "look", "row", "everywhere"]
GROUPS: dict[Group, str] = {
    "move": N_("MOVE"),
    "look": N_("LOOK"),
    "row": N_("ON THE ROW"),
    "everywhere": N_("EVERYWHERE"),
}
_PAGES: tuple[Scope, ...] = ("board", "detail")
_ALL: tuple[Scope, ...] = ("board", "detail", "help")


class Action(NamedTuple):
    """One thing a key does.

    ``keys`` are Textual's names, the first one is shown as ``shown``. ``hint`` is its word in the hint
    line and ``rank`` its place there by scope; without a rank it is only in the help. ``command`` is the
    command of the registry that it runs, which says who may. ``word`` is its name on the command line.
    ``pair`` is the id of its counterpart: both stand on one line of the help, which ``help`` describes.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    group: Group
    scopes: tuple[Scope, ...]
    hint: str = ""
    rank: tuple[tuple[Scope, int], ...] = ()
    command: str = ""
    word: str = ""
    pair: str = ""

    @property
    def keys_shown(self) -> str:
        """Its key, with its counterpart's."""
        return f"{self.shown} {BY_ID[self.pair].shown}" if self.pair else self.shown

    @property
    def method(self) -> str:
        """What a screen calls: the part after ``action_``."""
        return self.id.replace("-", "_")

    @property
    def role(self) -> Role:
        """The least role that may do it."""
        return COMMANDS[self.command].role if self.command else Role.VIEWER

    def place(self, scope: Scope) -> int | None:
        """Its place in the hint line of a scope."""
        return dict(self.rank).get(scope)


ACTIONS: tuple[Action, ...] = (
    Action("down", ("j", "down"), "j", N_("next, previous row"), "move", _ALL, pair="up"),
    Action("up", ("k", "up"), "k", N_("previous row"), "move", _ALL),
    Action("first", ("g", "home"), "g", N_("first, last row"), "move", _ALL, pair="last"),
    Action("last", ("G", "end"), "G", N_("last row"), "move", _ALL),
    Action("page-down", ("pagedown", "ctrl+d"), "PgDn", N_("a page"), "move", _ALL, pair="page-up"),
    Action("page-up", ("pageup", "ctrl+u"), "PgUp", N_("a page up"), "move", _ALL),
    Action(
        "open", ("enter",), "enter", N_("open the row"), "move", _PAGES,
        N_("open"), (("board", 0),),
    ),
    Action(
        "back", ("escape", "h", "backspace", "left"), "esc h", N_("one step back"), "move", _ALL,
        N_("back"), (("detail", 0), ("help", 0)),
    ),
    Action(
        "next-pane", ("tab",), "tab", N_("next pane, next probe"), "move", _PAGES,
    ),
    Action(
        "next", ("right_square_bracket", "greater_than_sign"), "]", N_("the next in the list"), "move",
        ("detail",),
    ),
    Action(
        "previous", ("left_square_bracket", "less_than_sign"), "[", N_("neighbours in the list"), "move",
        ("detail",), N_("next"), (("detail", 1),), pair="next",
    ),
    Action("last-view", ("minus",), "-", N_("the last view"), "move", _PAGES),
    Action("board", ("1",), "1", N_("the board"), "move", _ALL, word="board"),
    Action(
        "filter", ("slash",), "/", N_("filter what is listed"), "look", ("board", "help"),
        N_("filter"), (("board", 2), ("help", 1)),
    ),
    Action(
        "problems", ("exclamation_mark",), "!", N_("problems only"), "look", ("board",),
        N_("problems"), (("board", 3),), word="problems",
    ),
    Action("sort", ("s",), "s", N_("sort, turn round"), "look", ("board",), pair="sort-backwards"),
    Action("sort-backwards", ("S",), "S", N_("turn the order round"), "look", ("board",)),
    Action(
        "failures", ("f",), "f", N_("failed looks only"), "look", ("detail",),
        N_("failures"), (("detail", 3),),
    ),
    Action("pause", ("p",), "p", N_("stop drawing until a new DOWN"), "look", _PAGES),
    Action("bell", ("b",), "b", N_("bell on or off"), "look", _PAGES),
    Action("low-bandwidth", ("L",), "L", N_("low bandwidth on or off"), "look", _PAGES),
    Action("redraw", ("ctrl+l",), "^L", N_("draw the screen afresh"), "look", _ALL),
    Action(
        "menu", ("full_stop",), ".", N_("all this row can do"), "row", _PAGES,
        N_("menu"), (("board", 4), ("detail", 5)),
    ),
    Action(
        "recheck", ("r",), "r", N_("look at it now"), "row", _PAGES,
        N_("recheck"), (("board", 1), ("detail", 2)), command="recheck",
    ),
    Action("copy", ("y",), "y", N_("copy as text, to paste"), "row", _PAGES, N_("copy"), (("detail", 4),)),
    Action(
        "command", ("colon", "ctrl+p"), ":", N_("run a command"), "everywhere", _ALL,
        N_("command"), (("board", 5), ("detail", 6), ("help", 2)),
    ),
    Action(
        "help", ("question_mark",), "?", N_("this page"), "everywhere", _ALL,
        N_("help"), (("board", 6), ("detail", 7)), word="help",
    ),
    Action(
        "quit", ("q",), "q", N_("leave; the engine stays"), "everywhere", _ALL,
        N_("quit"), (("board", 7), ("help", 3)), word="quit",
    ),
    Action("how-to-quit", ("ctrl+c",), "^C", N_("says how to leave"), "everywhere", _ALL),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_BY_KEY: dict[Scope, dict[str, Action]] = {
    scope: {key: action for action in ACTIONS if scope in action.scopes for key in action.keys}
    for scope in _ALL
}


def in_scope(scope: Scope) -> Iterator[Action]:
    """The actions of a screen."""
    return (action for action in ACTIONS if scope in action.scopes)


def action_for(scope: Scope, key: str) -> Action | None:
    """What a key, by Textual's name, means on a screen."""
    return _BY_KEY[scope].get(key)


def hints(scope: Scope) -> list[Action]:
    """The actions of the hint line, in order; at most eight fit in eighty columns."""
    ranked = [(place, action) for action in in_scope(scope) if (place := action.place(scope)) is not None]
    return [action for _place, action in sorted(ranked, key=lambda pair: pair[0])][:8]


def row_actions(scope: Scope) -> list[Action]:
    """What the row menu lists."""
    return [BY_ID["open"], *(a for a in in_scope(scope) if a.group == "row" and a.id != "menu")]


def refusal(action: Action, role: Role, *, connected: bool = True) -> str:
    """Why this action can not be done now; empty when it can."""
    if not action.command:
        return ""
    if not connected:
        return _("no engine answers")
    if not role.covers(action.role):
        return _("you are {role}, this needs {least}").format(role=role.value, least=action.role.value)
    return ""
