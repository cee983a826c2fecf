"""Keys, the row menu, the command line and its prompt: all made from the same tables."""

from enum import Enum
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.client.commands import COMMANDS
from opsconsole.client.shapes import Role, State
from opsconsole.console import keymap, palette
from opsconsole.console.draw.bars import hint_line
from opsconsole.console.draw.lines import plain
from opsconsole.console.palette import Go, Names, Press, Send, Under, Wrong
from opsconsole.console.prompt import Prompt
from opsconsole.console.screens.board import BoardScreen
from opsconsole.console.screens.detail import DetailScreen
from opsconsole.console.screens.help import HelpScreen
from tests.console.rows import app, opd

SCREENS = (BoardScreen, DetailScreen, HelpScreen)
APPS = {row.id: row for row in (app("siak"), app("simrs", State.DOWN), app("service:pdn", kind="service"))}
OPDS = {row.code: row for row in (opd("RSUD"), opd("DINKES", name="Dinas Kesehatan"))}
NAMES = Names(APPS, OPDS)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_of_a_screen_has_one_meaning_and_something_that_does_it(screen: type) -> None:
    keys: dict[str, str] = {}
    for action in keymap.in_scope(screen.scope):  # type: ignore[attr-defined]
        assert callable(getattr(screen, f"action_{action.method}", None)), action.id
        for key in action.keys:
            assert key not in keys, f"{key}: {keys.get(key)} and {action.id}"
            keys[key] = action.id


# Seen, over, a line about it: the same of a paper as of an incident, where no incident can be meant.
OF_A_PAPER = {
    "instruction-ack": "ack",
    "instruction-answer": "resolve",
    "problem-status": "resolve",
    "problem-note": "note",
}


def test_a_key_means_the_same_on_every_screen() -> None:
    for action in keymap.ACTIONS:
        for other in keymap.ACTIONS:
            meanings = {OF_A_PAPER.get(one.id, one.id) for one in (action, other)}
            assert len(meanings) == 1 or not set(action.keys) & set(other.keys)
            apart = action.id == other.id or not set(action.scopes) & set(other.scopes)
            assert apart or not set(action.keys) & set(other.keys)
    assert len({action.id for action in keymap.ACTIONS}) == len(keymap.ACTIONS)


def test_keys_that_multiplexers_and_terminals_use_are_left_free() -> None:
    taken = {key for action in keymap.ACTIONS for key in action.keys}
    assert not taken & {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+space", "f1"}


def test_what_a_caller_may_not_do_is_refused_with_the_reason() -> None:
    recheck = keymap.BY_ID["recheck"]
    assert keymap.refusal(recheck, Role.OPERATOR) == ""
    assert keymap.refusal(recheck, Role.VIEWER) == "you are viewer, this needs operator"
    assert keymap.refusal(recheck, Role.ADMIN, connected=False) == "no engine answers"
    assert keymap.refusal(keymap.BY_ID["copy"], Role.NONE, connected=False) == ""
    drawn = hint_line([recheck], lambda action: True, 80)
    assert all(span.tone in ("quiet", "") for span in drawn)


# What they take is read from a file, by the command line.
READ_FROM_A_FILE = (
    *("import", "import-check", "attendance", "attendance-check"),
    *("usage-import", "usage-check"),
)


def word(kind: Any) -> str:
    """A word that such a field takes."""
    if int in get_args(kind):
        return "1"
    if choices := [one for one in get_args(kind) if one]:
        return str(choices[0])
    return next(iter(kind)).value if isinstance(kind, type) and issubclass(kind, Enum) else "1"


def test_every_command_of_the_registry_can_be_typed() -> None:
    for name, shape in COMMANDS.items():
        offered = palette.suggestions(name, NAMES, Role.ADMIN, 9)
        assert offered[0].line == name
        if name in READ_FROM_A_FILE:
            continue
        fields = [field for field in msgspec.structs.fields(shape.args) if field.name != "wait"]
        needed = [word(field.type) if field.type is not int else str(n) for n, field in enumerate(fields, 1)]
        needed = [] if name == "recheck" else needed
        meant = palette.meaning(f"{name} {' '.join(needed)}", Under("siak"))
        assert isinstance(meant, Send)
        assert meant.shape is shape


def test_a_line_means_going_pressing_or_sending() -> None:
    assert palette.meaning("app siak", Under()) == Go("app", "siak")
    assert palette.meaning("filter down opd:x", Under()) == Go("filter", "down opd:x")
    assert isinstance(palette.meaning("quit", Under()), Press)
    sent = palette.meaning("recheck probe=http", Under("siak"))
    assert isinstance(sent, Send)
    assert sent.args == COMMANDS["recheck"].args(application="siak", probe="http", wait=True)
    spoken = palette.meaning('add x "A name" http://127.0.0.1/', Under())
    assert isinstance(spoken, Send)
    assert spoken.args.name == "A name"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["app", "fly", "add x", "add a b c d e f g", "recheck", '"open', "recheck x http wait=maybe"]
)
def test_a_line_that_means_nothing_says_why(text: str) -> None:
    meant = palette.meaning(text, Under())
    assert isinstance(meant, Wrong)
    assert meant.text


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_any_line_can_be_typed(text: str) -> None:
    palette.meaning(text, Under("siak"))
    palette.suggestions(text, NAMES, Role.VIEWER, 9)
    palette.is_exact(text, NAMES)


def test_what_begins_as_typed_is_offered_first() -> None:
    assert palette.suggestions("opd d", NAMES, Role.VIEWER, 9)[0].line == "opd dinkes"
    assert palette.suggestions("app si", NAMES, Role.VIEWER, 9)[0].line == "app simrs", "trouble first"
    assert palette.suggestions("stop", NAMES, Role.VIEWER, 9)[0].refused == "needs admin"
    assert palette.is_exact("opd RSUD", NAMES)
    assert not palette.is_exact("opd rs", NAMES)
    assert not palette.is_exact("app pdn", NAMES)
    assert not palette.is_exact("recheck si", NAMES)
    assert palette.is_exact("recheck siak http", NAMES)
    assert palette.suggestions("add X Name", NAMES, Role.ADMIN, 9)[0].line == "add X Name"


def typed(*keys: str) -> Prompt:
    """A prompt after these keys."""
    prompt = Prompt("command", history=["first", "second"])
    for key in keys:
        prompt.press(key, key if len(key) == 1 else None)
    return prompt


def test_a_line_is_edited_as_in_a_shell() -> None:
    assert typed(*"abc", "left", "left", "x").text == "axbc"
    assert typed(*"abc", "home", "delete").text == "bc"
    assert typed(*"ab cd", "ctrl+w").text == "ab "
    assert typed(*"abc", "left", "ctrl+k").text == "ab"
    assert typed(*"abc", "ctrl+u").text == ""
    assert typed(*"ab", "backspace", "end", "c").text == "ac"
    assert not Prompt("filter").press("f5", None)


def test_history_goes_back_and_forth() -> None:
    prompt = typed(*"now")
    prompt.recall(-1)
    assert prompt.text == "second"
    prompt.recall(-1)
    prompt.recall(-1)
    assert prompt.text == "first"
    prompt.recall(1)
    assert prompt.text == "second"


def test_what_is_pasted_is_made_safe_and_bounded() -> None:
    prompt = Prompt("filter")
    prompt.insert("a\x1b[31m\nb" + "x" * 5_000)
    assert prompt.text.startswith("a\ufffd[31m b")
    assert len(prompt.text) <= 500
    assert plain(prompt.line(40)).startswith(" / ")
    assert len(plain(prompt.line(40, "a hint"))) == 40
