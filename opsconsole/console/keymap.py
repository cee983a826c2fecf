"""The keymap: one table from which keys, hint line, help, row menu and palette are made.

An action has one id for good and the same letter wherever it means anything. To add one: a line here and
a method ``action_<id with underscores>`` on the screens of its scopes. A user may give an action other keys
(`choose_keys`); what is shown follows.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from opsconsole.base.text import N_, _
from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import Role
from opsconsole.console.keynames import shown_name
from opsconsole.console.views import VIEWS

Scope = Literal[
    "board", "detail", "help", "export", "schedule", "missed", "inventory", "log", "opd", "explain",
    "incidents", "incident", "since", "text", "handover", "readiness", "road", "stages",
    "expiries", "switch-off", "problem-register", "instructions", "sessions", "reminders", "person", "people",
    "briefing",
]  # fmt: skip
Group = Literal["move", "look", "row", "everywhere"]
GROUPS: dict[Group, str] = {
    "move": N_("MOVE"),
    "look": N_("LOOK"),
    "row": N_("ON THE ROW"),
    "everywhere": N_("EVERYWHERE"),
}
# Screens that list a table (`opsconsole.console.screens.listing`).
_OTHERS: tuple[Scope, ...] = (
    "schedule", "missed", "inventory", "log", "opd", "readiness", "stages", "expiries", "switch-off",
)  # fmt: skip
# Lists of which a row is no application: what is done with one is not done here.
_PAPERS: tuple[Scope, ...] = ("problem-register", "instructions", "sessions", "reminders", "person", "people")
_TRIAGE: tuple[Scope, ...] = ("incidents", "since")
_ROWS: tuple[Scope, ...] = ("board", "detail", "incident", *_TRIAGE, *_OTHERS)
_LISTS: tuple[Scope, ...] = (*_TRIAGE, *_OTHERS, *_PAPERS)
_PAGES: tuple[Scope, ...] = (*_ROWS, *_PAPERS)
# One text each: why something is so, a card or a hand-over.
_TEXTS: tuple[Scope, ...] = ("explain", "text", "handover", "road", "briefing")
_ALL: tuple[Scope, ...] = (*_PAGES, "help", "export", *_TEXTS)
_TABLES: tuple[Scope, ...] = ("board", *_LISTS)


def _on_lists(place: int) -> tuple[tuple[Scope, int], ...]:
    """This place in the hint line of every list but those of incidents."""
    return tuple((scope, place) for scope in (*_OTHERS, *_PAPERS))


def _on_triage(place: int) -> tuple[tuple[Scope, int], ...]:
    """This place in the hint line of every list of incidents."""
    return tuple((scope, place) for scope in _TRIAGE)


def _on_incident(name: str, help_text: str) -> "Action":
    """What has no letter and is done with an incident: the command of this name."""
    return Action(name, (), "", help_text, "row", _ROWS, command=name)


def _on_sheet(name: str, help_text: str, *scopes: Scope, key: str = "") -> "Action":
    """What is done with the row of a list of papers, or begun there, with the command of this name."""
    return Action(name, (key,) if key else (), key, help_text, "row", scopes, command=name)


def _page(name: str, help_text: str) -> "Action":
    """A page that its word opens from everywhere."""
    return Action(name, (), "", help_text, "look", (*_PAGES, *_TEXTS), word=name)


class Action(NamedTuple):
    """One thing a key does.

    ``usual_keys`` are Textual's names, shown as ``usual_shown``. ``hint`` is its word in the hint
    line and ``rank`` its place there by scope; without a rank it is only in the help. ``command`` is the
    command of the registry that it runs, which says who may. ``word`` is its name on the command line.
    ``pair`` is the id of its counterpart: both stand on one line of the help, which ``help`` describes.
    """

    id: str
    usual_keys: tuple[str, ...]
    usual_shown: str
    help: str
    group: Group
    scopes: tuple[Scope, ...]
    hint: str = ""
    rank: tuple[tuple[Scope, int], ...] = ()
    command: str = ""
    word: str = ""
    pair: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that do it now, by Textual's names; none when the user took them away."""
        return _chosen.get(self.id, self.usual_keys)

    @property
    def shown(self) -> str:
        """Its key, as hints and menu name it; of several chosen ones the first."""
        if self.id not in _chosen:
            return self.usual_shown
        return shown_name(_chosen[self.id][0]) if _chosen[self.id] else ""

    @property
    def is_changed(self) -> bool:
        """Whether the user has given it other keys."""
        return self.id in _chosen

    @property
    def keys_shown(self) -> str:
        """Its key, with its counterpart's."""
        return f"{self.shown} {BY_ID[self.pair].shown}".strip() if self.pair else self.shown

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
        "open", ("enter",), "enter", N_("open the row"), "move", (*_PAGES, "export", "road"),
        N_("open"), (("board", 0), ("road", 0), *_on_triage(0), *_on_lists(0)),
    ),
    Action(
        "back", ("escape", "h", "backspace"), "esc h", N_("one step back"), "move", _ALL,
        N_("back"),
        (("detail", 0), ("incident", 0), ("help", 0), ("explain", 0), ("text", 0), ("handover", 0),
            ("briefing", 0)),
    ),
    Action("left", ("left",), "left", N_("one step back, or one cell"), "move", _ALL),
    Action("right", ("right",), "right", N_("the next cell of the row"), "move", ("readiness",)),
    Action(
        "next-pane", ("tab",), "tab", N_("next pane, next probe"), "move", (*_PAGES, "export"),
    ),
    Action(
        "next", ("right_square_bracket", "greater_than_sign"), "]", N_("the next in the list"), "move",
        ("detail", "incident", "opd", "handover", "briefing"),
    ),
    Action(
        "previous", ("left_square_bracket", "less_than_sign"), "[", N_("neighbours in the list"), "move",
        ("detail", "incident", "opd", "handover", "briefing"), N_("next"),
        (("detail", 1), ("opd", 3), ("handover", 1), ("briefing", 1)),
        pair="next",
    ),
    Action("last-view", ("minus",), "-", N_("the last view"), "move", (*_PAGES, "road")),
    *(
        Action(
            view.name, (view.key,), view.key, view.help, "move", (*_PAGES, "help", *_TEXTS),
            word=view.name,
        )
        for view in VIEWS
    ),
    Action(
        "filter", ("slash",), "/", N_("filter what is listed"), "look", (*_TABLES, "help", "road"),
        N_("filter"), (("board", 3), ("help", 1), ("road", 1), *_on_lists(1)),
    ),
    Action(
        "problems", ("exclamation_mark",), "!", N_("problems only"), "look",
        (
            "board", "incidents", "inventory", "log", "readiness", "expiries", "switch-off",
            "problem-register", "instructions", "reminders",
        ),
        N_("problems"), (("inventory", 3), ("log", 3)), word="problems",
    ),
    Action(
        "sort", ("s",), "s", N_("sort, turn round"), "look", _TABLES,
        N_("sort"), _on_lists(2), pair="sort-backwards",
    ),
    Action("sort-backwards", ("S",), "S", N_("turn the order round"), "look", _TABLES),
    Action(
        "columns", ("c",), "c", N_("choose the columns"), "look", _TABLES,
        N_("columns"), (("schedule", 3),), word="columns",
    ),
    Action(
        "window", ("w",), "w", N_("how far back: 1h, 24h, 7d"), "look",
        ("incidents", "log", "detail", "expiries", "problem-register", "instructions"),
        word="window",
    ),
    Action("since", (), "", N_("what changed since you last looked"), "look", _PAGES, word="since"),
    Action(
        "handover", ("H",), "H", N_("the hand-over of the shift"), "look", _PAGES, word="handover"
    ),
    _page("briefing", N_("the briefing for the head and the mayor, on one page")),
    _page("expiries", N_("what ends: certificates, domains, papers, evidence")),
    _page("problem-register", N_("the problem register")),
    _page("instructions", N_("instructions to OPD: open, late, answered")),
    _page("sessions", N_("Bimtek: who was there, before and after")),
    _page("reminders", N_("whom to remind of what is missing")),
    _page("switch-off", N_("what may be switched off")),
    Action(
        "failures", ("f",), "f", N_("failed looks only"), "look", ("detail",),
    ),
    Action("pause", ("p",), "p", N_("stop drawing until a new DOWN"), "look", _PAGES, word="still"),
    Action("bell", ("b",), "b", N_("bell on or off"), "look", _PAGES, word="bell"),
    Action(
        "low-bandwidth", ("L",), "L", N_("low bandwidth on or off"), "look", _PAGES, word="low-bandwidth"
    ),
    Action("theme", ("T",), "T", N_("the next theme"), "look", _ALL),
    Action("redraw", ("ctrl+l",), "^L", N_("draw the screen afresh"), "look", _ALL),
    Action(
        "menu", ("full_stop",), ".", N_("all this row can do"), "row", _PAGES,
        N_("menu"), (
            ("board", 4), ("detail", 5), ("incident", 6), *_on_triage(6),
            *((scope, 3) for scope in ("expiries", "switch-off", *_PAPERS[:4])),
        ),
    ),
    Action(
        "ack", ("a",), "a", N_("say that you have seen it"), "row", _ROWS,
        N_("ack"), (("board", 1), ("detail", 3), ("incident", 1), *_on_triage(1)), command="ack",
    ),
    Action(
        "take", ("t",), "t", N_("make it yours"), "row", _ROWS,
        N_("take"), (("incident", 2), *_on_triage(2)), command="take",
    ),
    Action(
        "note", ("n",), "n", N_("add a line to its timeline"), "row", _ROWS,
        N_("note"), (("incident", 3), *_on_triage(3)), command="note",
    ),
    Action("snooze", ("z",), "z", N_("keep it quiet until a time"), "row", _ROWS, command="snooze"),
    Action(
        "resolve", ("x",), "x", N_("it is over: its cause, what was done"), "row", _ROWS,
        N_("it is over"), (("incident", 4), *_on_triage(4)), command="resolve",
    ),
    Action(
        "recheck", ("r",), "r", N_("look at it now"), "row", _ROWS,
        N_("recheck"), (("board", 2), ("detail", 2)), command="recheck",
    ),
    Action(
        "maintenance", ("m",), "m", N_("plan maintenance until a time, for a reason"), "row", _ROWS,
        command="maintenance",
    ),
    Action(
        "maintenance-end", (), "", N_("end its maintenance before its time"), "row", _ROWS,
        command="maintenance-end",
    ),
    Action(
        "pause-looks", (), "", N_("make no looks until a time, for a reason"), "row",
        _ROWS, command="pause",
    ),
    Action(
        "resume-looks", (), "", N_("look again before the pause is over"), "row",
        _ROWS, command="resume",
    ),
    Action(
        "edit", (), "", N_("write a key into the file: who runs it, how it is looked at"), "row",
        _ROWS, command="edit",
    ),
    Action(
        "record", ("i",), "i", N_("record evidence: contact, drill, Bimtek, decree, transfer"), "row",
        _PAGES, N_("record"), (("readiness", 3), ("person", 3), ("people", 3)), command="contact",
        word="record",
    ),
    Action(
        "copy", ("y",), "y", N_("copy as text, to paste"), "row", (*_PAGES, "export", *_TEXTS),
        N_("copy"),
        (("detail", 4), ("incident", 5), ("explain", 1), ("text", 2), ("handover", 2),
            ("road", 2), ("briefing", 2), *_on_triage(5)),
    ),
    Action(
        "explain", (), "", N_("why it shows this: every rule, and the looks"), "row", _ROWS,
        word="explain",
    ),
    _on_sheet("instruction-ack", N_("it was understood"), "instructions", key="a"),
    _on_sheet("instruction-answer", N_("it was done: the proof, what was done"), "instructions", key="x"),
    _on_sheet("instruction-withdraw", N_("it need not be done"), "instructions"),
    _on_sheet("problem-note", N_("add a line about it"), "problem-register", key="n"),
    _on_sheet("problem-status", N_("where it stands now"), "problem-register", key="x"),
    _on_sheet("problem-set", N_("say what one part of it is"), "problem-register"),
    _on_sheet("problem-link", N_("tie it to an incident, a Bimtek, a stage"), "problem-register"),
    _on_sheet("problem-add", N_("write a problem down"), "problem-register", "opd"),
    _on_sheet("remind", N_("a reminder was sent"), "reminders"),
    _on_sheet("attend", N_("people were there"), "sessions"),
    _on_sheet("bimtek", N_("plan a Bimtek"), "sessions"),
    _on_sheet("sop", N_("the SOP was acknowledged"), "person", "people"),
    _on_sheet("login", N_("a log-in to the admin side was seen"), "person", "people"),
    _on_sheet("roster", N_("on duty from a day to another"), "person", "people"),
    _on_sheet(
        "instruct", N_("give the OPD or the person something to do"),
        "instructions", "expiries", "switch-off", "problem-register", "reminders", "person", "people", "opd",
    ),
    Action(
        "people", (), "", N_("the people of its OPD: levels, what is next"), "row",
        ("board", "detail", "opd", "readiness", *_PAPERS[:-1], "expiries", "switch-off"), word="people",
    ),
    Action("mark", ("space",), "space", N_("mark, to act on several"), "row", (*_TABLES, "export")),
    Action(
        "export", ("e",), "e", N_("save what is listed as a file"), "row", _TABLES,
        N_("export"), _on_lists(4), word="export",
    ),
    _on_incident("triage", N_("answer what the law asks of it")),
    _on_incident("reported", N_("the notice that a clock asks for was sent")),
    _on_incident("assign", N_("make it somebody else's")),
    _on_incident("mitigate", N_("people can work again")),
    _on_incident("severity", N_("it is worse, or less bad")),
    _on_incident("attribute", N_("inside or outside the city's control")),
    _on_incident("merge", N_("the same cause as another one")),
    _on_incident("split", N_("some of it has a cause of its own")),
    _on_incident("unack", N_("take the acknowledgement back")),
    _on_incident("unsnooze", N_("let it be heard again")),
    _on_incident("reopen", N_("it was not over")),
    _on_incident("close", N_("nothing is left to do or to write")),
    _on_incident("unmerge", N_("it was another cause after all")),
    Action(
        "command", ("colon", "ctrl+p"), ":", N_("run a command"), "everywhere", _ALL,
        N_("command"),
        (
            ("board", 5), ("detail", 6), ("help", 2), ("explain", 2), ("text", 3), ("handover", 3),
            ("road", 3), ("briefing", 3),
            *_on_lists(5),
        ),
    ),
    Action(
        "help", ("question_mark",), "?", N_("this page"), "everywhere", _ALL,
        N_("help"),
        (
            ("board", 6), ("detail", 7), ("incident", 7), ("explain", 3), ("text", 4), ("handover", 4),
            ("road", 4), ("briefing", 4),
            *_on_lists(6), *_on_triage(7),
        ),
        word="help",
    ),
    Action(
        "quit", ("q",), "q", N_("leave; the engine stays"), "everywhere", _ALL,
        N_("quit"),
        (
            ("board", 7), ("help", 3), ("explain", 4), ("text", 5), ("handover", 5), ("road", 5),
            ("briefing", 5), *_on_lists(7),
        ),
        word="quit",
    ),
    Action("suspend", ("ctrl+z",), "^Z", N_("to the shell; fg comes back"), "everywhere", _ALL),
    Action("how-to-quit", ("ctrl+c",), "^C", N_("says how to leave"), "everywhere", _ALL),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_chosen: dict[str, tuple[str, ...]] = {}
_by_key: dict[Scope, dict[str, Action]] = {}


def choose_keys(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Use these keys, by action id, in place of the usual ones from here on."""
    _chosen.clear()
    _chosen.update(chosen)
    for scope in _ALL:
        _by_key[scope] = {key: action for action in in_scope(scope) for key in action.keys}


def in_scope(scope: Scope) -> Iterator[Action]:
    """The actions of a screen."""
    return (action for action in ACTIONS if scope in action.scopes)


def action_for(scope: Scope, key: str) -> Action | None:
    """What a key, by Textual's name, means on a screen."""
    return _by_key[scope].get(key)


def hints(scope: Scope) -> list[Action]:
    """The actions of the hint line, in order; at most eight fit in eighty columns."""
    ranked = [
        (place, action)
        for action in in_scope(scope)
        if (place := action.place(scope)) is not None and action.keys
    ]
    return [action for _place, action in sorted(ranked, key=lambda pair: pair[0])][:8]


def row_actions(scope: Scope) -> list[Action]:
    """What the row menu lists; where nothing lies deeper, opening is not offered."""
    deeper = [BY_ID["open"]] if BY_ID["open"].place(scope) is not None else []
    return [*deeper, *(a for a in in_scope(scope) if a.group == "row" and a.id != "menu")]


def on_incident(action: Action) -> bool:
    """Whether it is done with an incident."""
    return bool(action.command) and COMMANDS[action.command].on == "incident"


def on_sheet(action: Action) -> bool:
    """Whether it is done with a person, an OPD or a paper, so that no application need be selected."""
    return bool(action.command) and COMMANDS[action.command].on not in ("application", "incident")


def refusal(action: Action, role: Role, *, connected: bool = True) -> str:
    """Why this action can not be done now; empty when it can."""
    if not action.command:
        return ""
    if not connected:
        return _("no engine answers")
    if not role.covers(action.role):
        return _("you are {role}, this needs {least}").format(role=role.value, least=action.role.value)
    return ""


choose_keys({})
