"""The tour and the tips: told a few times, in the way of nothing, and then gone for good."""

from pathlib import Path

import pytest

from opsconsole.base.text import choose_language
from opsconsole.client.shapes import State
from opsconsole.console import keymap
from opsconsole.console.hints import TIP_TIMES, TIPS, TOUR, TOUR_STARTS, Hints, hints_path
from tests.console.driving import story
from tests.fakes.scripted_engine import ScriptedEngine

FIRST = "enter opens the row, esc goes one step back"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is remembered; the folder is not there yet."""
    return tmp_path / "state" / "opsconsole" / "hints.json"


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tour_has_four_lines_and_all_of_it_fits_eighty_columns(path: Path, language: str) -> None:
    choose_language(language)
    try:
        hints = Hints(path)
        lines = hints.tour()
        assert len(lines) == len(TOUR) == 4
        assert max(map(len, lines)) <= 58, "it is shown from sixty columns on"
        for line in (*lines, *(hints.tip(name) for name in TIPS)):
            assert 0 < len(line) <= 78
    finally:
        choose_language("en")


def test_a_line_goes_once_its_key_was_used_and_does_not_come_back(path: Path) -> None:
    hints = Hints(path)
    assert hints.tour()[0] == FIRST
    assert hints.use("open")
    assert not hints.use("open"), "once is enough"
    assert not hints.use("down"), "it names no such key"
    assert FIRST not in hints.tour()
    assert FIRST not in Hints(path).tour()
    for action in ("filter", "menu", "help"):
        hints.use(action)
    assert hints.tour() == []


def test_after_some_starts_it_is_told_no_more(path: Path) -> None:
    for _start in range(TOUR_STARTS):
        assert Hints(path).tour()
    assert Hints(path).tour() == []


def test_a_tip_is_told_a_few_times_ever(path: Path) -> None:
    for _time in range(TIP_TIMES):
        assert Hints(path).tip("down").startswith("tip: ")
    assert Hints(path).tip("down") == ""
    assert Hints(path).tip("far")


def test_what_can_not_be_remembered_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    hints = Hints(tmp_path / "file" / "hints.json")
    assert hints.tour() == []
    assert hints.tip("down") == ""
    assert Hints().tour() == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"starts": "x"}', b"\xff\x00"])
def test_a_file_that_can_not_be_read_begins_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert len(Hints(path).tour()) == 4


def test_it_names_the_keys_in_use(path: Path) -> None:
    keymap.choose_keys({"open": ("o", "enter"), "help": ()})
    try:
        lines = Hints(path).tour()
    finally:
        keymap.choose_keys({})
    assert lines[0].startswith("o opens the row")
    assert lines[3].startswith(":help explains")


def test_it_is_kept_with_the_users_state() -> None:
    assert hints_path({"HOME": "/home/sari"}) == Path("/home/sari/.local/state/opsconsole/hints.json")
    assert hints_path({"XDG_STATE_HOME": "/s"}) == Path("/s/opsconsole/hints.json")


@pytest.mark.parametrize("lang", ["en", "id"])
async def test_the_first_screen_of_a_newcomer(engine: ScriptedEngine, path: Path, lang: str) -> None:
    async with story(engine.place, lang=lang, hints=Hints(path)) as console:
        await console.sees("gw-satu +6", "--OPD 42")
        lines = console.text().splitlines()
        assert [line.strip() for line in lines[18:22]] == console.app.hints.tour(), "above the event line"


async def test_it_takes_no_key_and_gives_its_lines_back_as_it_is_followed(
    engine: ScriptedEngine, path: Path
) -> None:
    async with story(engine.place, hints=Hints(path)) as console:
        await console.sees("gw-satu +6", FIRST)
        await console.press("enter")
        await console.sees("LOOKS http")
        await console.press("escape")
        await console.sees("gw-satu +6", "/ filters")
        await console.misses(FIRST)
        await console.press("/", "escape", ".", "escape", "?", "escape")
        await console.sees("gw-satu +6")
        await console.misses("explains every key")


@pytest.mark.parametrize("size", [(38, 12), (60, 15)])
async def test_a_small_screen_has_no_room_for_it(
    engine: ScriptedEngine, path: Path, size: tuple[int, int]
) -> None:
    async with story(engine.place, size=size, hints=Hints(path)) as console:
        await console.sees("gw-satu +6")
        assert "opens the row" not in console.text()


async def test_the_first_down_brings_a_tip_that_the_next_key_takes_away(
    engine: ScriptedEngine, path: Path
) -> None:
    async with story(engine.place, hints=Hints(path)) as console:
        await console.sees("gw-satu +6", FIRST)
        engine.set_state("portal", State.DOWN, "no_response")
        await console.sees("tip: enter opens what is DOWN", "portal DOWN")
        await console.press("j")
        await console.misses("tip:")


async def test_a_filter_that_finds_nothing_brings_a_tip(engine: ScriptedEngine, path: Path) -> None:
    async with story(engine.place, hints=Hints(path)) as console:
        await console.sees("gw-satu +6")
        await console.press("/", *"zzzz", "enter")
        await console.sees("tip: words are down, opd:rsud")


async def test_over_ssh_a_tip_says_what_can_be_saved(
    engine: ScriptedEngine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "127.0.0.1 1 127.0.0.1 22")
    async with story(engine.place, hints=Hints(path)) as console:
        await console.sees("gw-satu +6", "tip: on a thin SSH line, L draws")
