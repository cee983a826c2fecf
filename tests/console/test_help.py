"""The help: everything there is, why something can not be done now, and finding it by a word."""

from pathlib import Path

import pytest

from opsconsole.base.text import choose_language
from opsconsole.client.shapes import Role, State
from opsconsole.console import keymap, palette
from opsconsole.console.draw.help import About, found_lines, help_lines, sections
from opsconsole.console.draw.lines import plain, width_of
from opsconsole.console.draw.words import glyph, word
from opsconsole.console.keymap import Scope
from opsconsole.console.personal import Personal
from tests.console.driving import story
from tests.fakes.scripted_engine import ScriptedEngine

FILES = [("engine log", "/var/log/engine.log"), ("your own", "/home/sari/.config/opsconsole/console.toml")]


def about(scope: Scope = "board", role: Role = Role.ADMIN) -> About:
    """The help over a view, for somebody of this role."""
    return About(scope, lambda action: keymap.refusal(action, role), "9.8.7", FILES)


def page(width: int = 79, **of: object) -> str:
    """The whole page as text."""
    return "\n".join(plain(line) for line in help_lines(sections(about(**of)), width))  # type: ignore[arg-type]


def found(wanted: str, width: int = 79) -> str:
    """What a search leaves of it."""
    return "\n".join(plain(line) for line in found_lines(sections(about()), width, wanted))


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("scope", keymap._ALL)
def test_every_action_command_state_and_file_is_there_over_every_view(language: str, scope: Scope) -> None:
    choose_language(language)
    try:
        text = page(100, scope=scope)
        assert all(f"{glyph(state)} {word(state)}" in text for state in State)
    finally:
        choose_language("en")
    for action in keymap.ACTIONS:
        assert action.shown in text
    assert all(f":{name}" in text for name in palette.words())
    assert all(path in text for _name, path in FILES)
    assert "9.8.7" in text


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("width", [59, 79, 99, 159, 219])
def test_no_line_is_wider_than_the_screen_and_from_eighty_columns_there_are_two(
    language: str, width: int
) -> None:
    choose_language(language)
    try:
        lines = help_lines(sections(about()), width)
    finally:
        choose_language("en")
    assert max(map(width_of, lines)) <= width
    keys = [plain(line) for line in lines if "  j k  " in plain(line)]
    assert len(keys[0].rstrip()) > 42 or width < 79


def test_what_can_not_be_done_is_grey_and_says_why() -> None:
    text = " ".join(page(role=Role.VIEWER).split())
    assert "(you are" in text
    line = next(line for line in found_lines(sections(about(role=Role.VIEWER)), 100, "look at it now"))
    assert line
    listed = found_lines(sections(about(role=Role.VIEWER)), 100, "recheck")
    assert listed
    (row,) = (
        line for line in found_lines(sections(about(role=Role.VIEWER)), 100, "this needs operator")
        if "look at it now" in plain(line)
    )  # fmt: skip
    assert {span.tone for span in row} == {"quiet"}


def test_what_another_view_has_stands_apart() -> None:
    text = page(scope="detail")
    assert "NOT IN THIS VIEW" in text
    listed = {section.head: section for section in sections(about("detail"))}
    names = {entry.text for entry in listed["NOT IN THIS VIEW"].entries}
    assert "problems only" in names
    assert "failed looks only" not in names


def test_a_search_leaves_the_entries_that_hold_every_word_under_their_heads() -> None:
    text = found("problems ONLY")
    assert "!          problems only" in text
    assert ":problems" in text
    assert "draw the screen" not in text
    assert "LOOK" in text
    assert "nothing here says that" in found("zzzz")
    assert "! DOWN" in found("states failed")


@pytest.mark.usefixtures("_usual_keys")
def test_keys_of_the_users_own_have_a_star_and_actions_without_one_their_word() -> None:
    keymap.choose_keys({"recheck": ("R",), "bell": (), "redraw": ()})
    text = page()
    assert "R*" in text
    assert ":bell*" in text
    assert "-*" in text


@pytest.fixture
def _usual_keys():
    yield
    keymap.choose_keys({})


def test_a_search_shows_what_the_settings_file_calls_an_action_and_finds_it_by_that() -> None:
    assert "look at it now [recheck]" in found("recheck")
    assert "[page-down]" in found("page-down")
    assert "[page-down]" not in page()


async def test_it_is_opened_searched_and_closed_step_by_step(engine: ScriptedEngine, tmp_path: Path) -> None:
    own = tmp_path / "console.toml"
    async with story(engine.place, personal=Personal(own)) as console:
        await console.sees("gw-satu +6")
        await console.press("?", "/", *"console.toml")
        await console.sees("console.toml", "a key that console.toml has changed")
        assert str(own) in "".join(part.strip() for part in console.text().splitlines()), "whole, if in parts"
        await console.misses("MOVE")
        await console.press("enter", "escape")
        await console.sees("MOVE")
        await console.press("escape")
        await console.sees("gw-satu +6")


async def test_over_a_view_whose_engine_is_gone_it_says_so(engine: ScriptedEngine) -> None:
    async with story(engine.place) as console:
        await console.sees("gw-satu +6")
        engine.die()
        await console.sees("ENGINE DOWN")
        await console.press("?", "/", *"no engine", "enter")
        await console.sees("look at it now (no engine answers)")
