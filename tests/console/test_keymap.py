"""Keys of a user's own: what they may be, what is wrong with them, and that all that is shown follows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.keys import _character_to_key

from opsconsole.base.paths import Place, home_place, personal_file, user_place
from opsconsole.base.text import choose_language
from opsconsole.client.shapes import Role
from opsconsole.console import keymap
from opsconsole.console.draw.bars import hint_line
from opsconsole.console.draw.lines import plain
from opsconsole.console.keynames import shown_name, textual_name
from opsconsole.console.keys import read_keys
from opsconsole.console.palette import Names, suggestions
from opsconsole.console.personal import Personal, keep_theme, read_personal
from tests.console.driving import story
from tests.fakes.scripted_engine import ScriptedEngine


@pytest.fixture
def _usual_keys():
    yield
    keymap.choose_keys({})


def told(**written: object) -> list[str]:
    """What is wrong with these lines of [keys]."""
    return [f"{key}: {text}" for key, text in read_keys(written)[1]]


@pytest.mark.parametrize("character", [chr(code) for code in range(33, 127)])
def test_a_character_is_called_what_textual_calls_it_and_shown_as_itself(character: str) -> None:
    assert textual_name(character) == _character_to_key(character)
    assert shown_name(_character_to_key(character)) == character


@pytest.mark.parametrize(
    ("written", "name", "shown"),
    [
        ("Ctrl+R", "ctrl+r", "^R"), ("PgDn", "pagedown", "PgDn"), ("esc", "escape", "esc"),
        (" ", "space", "space"), ("F5", "f5", "F5"), ("ctrl+i", "tab", "tab"), ("comma", "comma", ","),
        ("ctrl+1", None, None),
        ("hyper+x", None, None), ("", None, None), ("\x07", None, None),
    ],
)  # fmt: skip
def test_names_of_keys_are_those_that_people_write(written: str, name: str | None, shown: str | None) -> None:
    key = textual_name(written)
    assert key == name
    if key is not None:
        assert shown_name(key) == shown


def test_an_action_gets_the_keys_it_is_given_in_their_order_and_none_for_an_empty_text() -> None:
    chosen, mistakes = read_keys({"recheck": "R, ctrl+r", "bell": "", "sort": "s"})
    assert not mistakes
    assert chosen == {"recheck": ("R", "ctrl+r"), "bell": ()}, "what is as usual is no change"


def test_what_is_wrong_is_named_with_the_nearest_right_one() -> None:
    assert told(rechek="R") == ["keys.rechek: no such action; nearest: recheck"]
    assert told(recheck="pagdown") == ["keys.recheck: no key is called pagdown; nearest: pagedown"]
    assert told(recheck=7) == ['keys.recheck: want keys as "r, ctrl+r", or "" for none']
    assert read_keys({"recheck": "pagdown"})[0] == {}, "its usual keys stay"


def test_a_clash_names_both_owners_and_gives_both_their_usual_keys_back() -> None:
    chosen, mistakes = read_keys({"recheck": "y"})
    assert chosen == {}
    assert [(one.key, one.text) for one in mistakes] == [
        ("keys.recheck", "y is copy's too: neither is changed")
    ]
    chosen, mistakes = read_keys({"recheck": "X", "copy": "X", "bell": "B"})
    assert chosen == {"bell": ("B",)}
    assert [one.text.partition(":")[0] for one in mistakes] == [
        "X is copy's too",
        "X is recheck's too",
    ]


def test_two_actions_may_change_their_keys_with_each_other() -> None:
    chosen, mistakes = read_keys({"recheck": "y", "copy": "r"})
    assert not mistakes
    assert chosen == {"recheck": ("y",), "copy": ("r",)}


def test_keys_given_back_may_clash_once_more_and_are_then_given_back_too() -> None:
    # copy wants r; recheck, whose key that was, can not have what belongs to bell.
    chosen, mistakes = read_keys({"copy": "r", "recheck": "b"})
    assert chosen == {}
    assert {one.key for one in mistakes} == {"keys.copy", "keys.recheck"}


def test_screens_that_never_meet_may_use_one_key() -> None:
    failures, problems = keymap.BY_ID["failures"], keymap.BY_ID["problems"]
    assert not set(failures.scopes) & set(problems.scopes)
    assert read_keys({"failures": problems.usual_shown})[1] == []


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*keymap.BY_ID, "nothing"]), st.text("abrsxyzT,+ctrlf1 ", max_size=8), max_size=6
    )
)
def test_whatever_is_written_no_key_ever_means_two_things_on_a_screen(written: dict[str, str]) -> None:
    chosen, _mistakes = read_keys(written)
    keymap.choose_keys(chosen)
    try:
        for scope in keymap._ALL:
            keys = [key for action in keymap.in_scope(scope) for key in action.keys]
            assert len(keys) == len(set(keys))
            assert all(keymap.action_for(scope, key) is not None for key in keys)
    finally:
        keymap.choose_keys({})


@pytest.mark.usefixtures("_usual_keys")
def test_hints_menu_and_palette_show_the_keys_in_use() -> None:
    keymap.choose_keys({"recheck": ("R",), "help": ()})
    line = plain(hint_line(keymap.hints("board"), lambda action: False, 80))
    assert " R recheck" in line
    assert " r recheck" not in line
    assert "? help" not in line, "a key that is switched off is not offered"
    assert keymap.action_for("board", "r") is None
    assert suggestions("recheck", Names({}, {}), Role.ADMIN, 1)[0].key == "R"


@pytest.mark.usefixtures("_usual_keys")
def test_hints_come_closer_together_before_any_is_left_out() -> None:
    choose_language("id")
    try:
        line = plain(hint_line(keymap.hints("board"), lambda action: False, 80))
    finally:
        choose_language("en")
    assert ": perintah" in line


async def test_a_changed_key_works_and_the_old_one_does_nothing(engine: ScriptedEngine) -> None:
    personal = Personal(keys={"problems": ("P",), "help": ("f1",)})
    async with story(engine.place, personal=personal, size=(80, 32)) as console:
        await console.sees("gw-satu +6", "--OPD 42", "F1 help")
        await console.press("!")
        await console.sees("--OPD 42")
        await console.press("P")
        await console.misses("--OPD 42")
        await console.press("P", "f1")
        await console.sees("P*")
        await console.press("/", *"this page", "enter")
        await console.sees("F1*")


async def test_mistakes_are_told_at_the_start_until_a_key_is_pressed(
    engine: ScriptedEngine, place: Place
) -> None:
    own = place.config.parent / "console.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text('thme = "dark"\n[keys]\nrecheck = "y"\n')
    async with story(engine.place, personal=read_personal(place)) as console:
        await console.sees(
            "console.toml:1: thme: unknown key; nearest: theme",
            "console.toml:3: keys.recheck: y is copy's too",
            "console.toml: 2 mistakes; opsconsole doctor says more",
        )
        await console.press("j")
        await console.misses("keys.recheck")


def test_the_document_names_every_action() -> None:
    document = (Path(__file__).parents[2] / "docs" / "console.md").read_text("utf-8")
    assert [one.id for one in keymap.ACTIONS if f"`{one.id}`" not in document] == []


# The file


def own_file(place: Place, text: str) -> Personal:
    """What is read from this text."""
    path = place.config.parent / "console.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return read_personal(place)


def test_the_file_of_the_home_goes_before_the_users_own(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path / "me")}
    place = home_place(tmp_path / "office")
    assert personal_file(place, environ) == tmp_path / "me" / ".config" / "opsconsole" / "console.toml"
    assert personal_file(user_place(environ), environ) == user_place(environ).config / "console.toml"
    place.config.mkdir(parents=True)
    (tmp_path / "office" / "console.toml").touch()
    assert personal_file(place, environ) == tmp_path / "office" / "console.toml"


def test_a_file_that_is_not_there_is_no_mistake(place: Place, tmp_path: Path) -> None:
    personal = read_personal(place, {"HOME": str(tmp_path)})
    assert (personal.theme, personal.keys, personal.mistakes) == ("ansi", {}, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'theme = "drak"',
            "console.toml:1: theme: want one of ansi, dark, light, high-contrast; nearest: dark",
        ),
        ("\ntheme = 7", "console.toml:2: theme: want one of ansi, dark, light, high-contrast"),
        ("keys = 1", 'console.toml:1: keys: want a table: [keys], then lines as open = "o"'),
        ("theme = ", "console.toml:1: file: not TOML: not a value; text stands in quotes"),
        ("\n\nx", "console.toml:3: file: not TOML: = is missing after the key"),
        ("x = 1\n" * 20_000, "console.toml:1: file: can not be read: larger than 64 KiB"),
    ],
)
def test_a_mistake_is_one_line_and_never_fatal(place: Place, text: str, said: str) -> None:
    personal = own_file(place, text)
    assert personal.theme == "ansi"
    assert any(line.startswith(said) for line in personal.mistakes), personal.mistakes


def test_a_pipe_or_a_folder_in_its_place_is_not_waited_for(place: Place) -> None:
    import os

    place.config.mkdir(parents=True)
    path = place.config.parent / "console.toml"
    os.mkfifo(path)
    assert "is not a regular file" in read_personal(place).mistakes[0]


def test_a_theme_is_written_into_the_file_and_all_else_stays(place: Place) -> None:
    text = '# mine\ntheme = "ansi"  # as it was\n\n[keys]\nbell = ""\n'
    own_file(place, text)
    path = place.config.parent / "console.toml"
    assert keep_theme(path, "dark")
    assert path.read_text() == text.replace('theme = "ansi"  # as it was', 'theme = "dark"')
    path.write_text('[keys]\nbell = ""\n')
    assert keep_theme(path, "light")
    assert path.read_text() == 'theme = "light"\n\n[keys]\nbell = ""\n'
    assert read_personal(place).keys == {"bell": ()}


def test_a_broken_file_is_not_written_over(place: Place) -> None:
    own_file(place, "theme = \n")
    path = place.config.parent / "console.toml"
    path.write_text("x = [\n")
    assert not keep_theme(path, "dark")
    assert path.read_text() == "x = [\n"


def test_a_linked_file_stays_linked(place: Place, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.touch()
    link = tmp_path / "console.toml"
    link.symlink_to(kept)
    assert keep_theme(link, "dark")
    assert link.is_symlink()
    assert kept.read_text() == 'theme = "dark"\n'
