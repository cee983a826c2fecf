"""Themes: legible by measure, never needed to know a state, and what a terminal is sent for them."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color

from opsconsole.base.paths import home_place
from opsconsole.client.shapes import State
from opsconsole.console.draw.words import GLYPHS, word
from opsconsole.console.environment import colours, prepare
from opsconsole.console.personal import Personal
from opsconsole.console.terminal.grid import Grid, difference
from opsconsole.console.themes import THEMES, ground_codes, suited
from opsconsole.console.widgets.tones import choose_theme, style_of
from tests.console.driving import SCREENS, story
from tests.console.test_wire import BOARD, FULL_PAINT, REDRAW
from tests.console.wire import Wire
from tests.fakes.scripted_engine import ScriptedEngine

GROUNDED = [theme for theme in THEMES.values() if theme.ground is not None]
COLOUR = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9]+)*m")


def luminance(number: int) -> float:
    """WCAG 2.1, relative luminance of a colour of the palette."""
    parts = [part / 255 for part in Color.from_ansi(number).get_truecolor()]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: int, other: int) -> float:
    """WCAG 2.1, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(autouse=True)
def _usual_theme():
    yield
    choose_theme(THEMES["ansi"])


@pytest.mark.parametrize("theme", GROUNDED, ids=lambda theme: theme.name)
def test_every_tone_is_legible_on_the_themes_ground(theme) -> None:
    least = 7.0 if theme.name == "high-contrast" else 4.5
    text, back = theme.ground
    for tone, look in theme.tones.items():
        colour = text if look.colour is None else look.colour
        assert colour >= 16, "the first sixteen are the terminal's own, and may be anything"
        assert contrast(colour, back) >= least, tone
        assert not look.faint, "how faint is the terminal's choice"


def test_all_themes_know_the_same_tones() -> None:
    assert len({frozenset(theme.tones) for theme in THEMES.values()}) == 1


def test_a_terminal_of_sixteen_colours_keeps_its_own_ground() -> None:
    assert suited("dark", colours=16).name == "ansi"
    high = suited("high-contrast", colours=16)
    assert high.ground is None
    assert all(look.colour is None and not look.faint for look in high.tones.values())
    assert suited("dark", colours=256).ground is not None


@pytest.mark.parametrize("name", THEMES)
def test_no_color_leaves_shapes_alone(name: str) -> None:
    theme = suited(name, colours=256, no_color=True)
    assert theme.ground is None
    assert all(look.colour is None for look in theme.tones.values())
    assert theme.tones["down"].bold
    assert theme.tones["cursor"].reverse


def test_styles_follow_the_theme() -> None:
    choose_theme(THEMES["dark"])
    assert style_of("down").color == Color.from_ansi(210)
    assert style_of("warn", old=True) == style_of("quiet")
    assert style_of("warn", selected=True).reverse
    choose_theme(THEMES["ansi"])
    assert style_of("down").color == Color.parse("red")
    assert style_of("warn", old=True).dim


@pytest.mark.parametrize(
    ("environ", "number"),
    [
        ({"TERM": "xterm-256color"}, 256), ({"TERM": "tmux-256color"}, 256), ({"TERM": "xterm"}, 16),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, 256), ({"TERM": "linux", "COLORTERM": "truecolor"}, 16),
        ({"TERM": "screen", "COLORTERM": "24bit"}, 16), ({"TERM": "foot"}, 256), ({}, 16),
    ],
)  # fmt: skip
def test_how_many_colours_a_terminal_has(environ: dict[str, str], number: int) -> None:
    assert colours(environ) == number
    chosen = dict(environ)
    prepare(chosen)
    assert chosen["TEXTUAL_COLOR_SYSTEM"] == ("256" if number == 256 else "standard")


def test_on_a_ground_every_cell_is_written_and_codes_are_not_said_twice() -> None:
    wanted = Grid(20, 2)
    wanted.feed("\x1b[1;1Hplain \x1b[1;38;5;210mdown\x1b[0m plain")
    ground = ground_codes(THEMES["dark"])
    sent = difference(Grid(20, 2, unknown=True), wanted, ground)
    assert sent.count(ground) == 1, "the ground is said once"
    assert "\x1b[K" not in sent, "erasing may leave the terminal's own ground"
    assert sent.endswith("\x1b[m")
    terminal = pyte.Screen(20, 2)
    pyte.Stream(terminal).feed(sent)
    assert terminal.display[0].rstrip() == "plain down plain"
    cells = [terminal.buffer[y][x] for y in range(2) for x in range(20)]
    assert {cell.bg for cell in cells} == {"1c1c1c"}
    assert (cells[6].fg, cells[6].bold) == ("ff8787", True)
    assert (cells[11].fg, cells[11].bold) == ("d0d0d0", False)


CODES = st.sampled_from(["", "1", "2", "4", "7", "31", "1;31", "1;38;5;210", "4;38;5;80", "7;4"])


@given(st.lists(st.tuples(CODES, st.integers(0, 19)), max_size=8))
def test_whatever_changes_on_a_ground_the_terminal_shows_what_was_meant(changes) -> None:
    ground = ground_codes(THEMES["light"])
    sent, wanted = Grid(20, 1, unknown=True), Grid(20, 1)
    terminal = pyte.Screen(20, 1)
    stream = pyte.Stream(terminal)
    for codes, x in changes:
        wanted.feed(f"\x1b[1;{x + 1}H\x1b[{codes}mx\x1b[0m")
        stream.feed(difference(sent, wanted, ground))
        sent = wanted.copy()
    for x, (text, codes) in enumerate(wanted.rows[0] if changes else ()):
        cell, parts = terminal.buffer[0][x], codes.split(";")
        assert cell.data == text
        assert cell.bold == (parts[0] == "1")
        assert cell.underscore == ("4" in parts)
        assert cell.reverse == ("7" in parts)
        assert cell.bg == "eeeeee"
        if not {"31", "38"} & set(parts):
            assert cell.fg == "262626"


# A line of a golden screen that names a state by its glyph: what stands behind it is its word.
ENGLISH = {state: word(state) for state in State}


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*-en.txt")), ids=lambda path: path.stem)
def test_without_any_colour_each_row_still_says_its_state_by_glyph_and_word(path: Path) -> None:
    rows = re.findall(
        r"^[ >*)|]([!^~?=o+.-]) ([A-Z][A-Z ]+?) {1,}(?:\d\d:\d\d|\d+ \w{3}|since)",
        path.read_text("utf-8"),
        re.M,
    )
    for glyph, name in rows:
        states = [state for state, its in GLYPHS.items() if its == glyph]
        assert name.strip() in {ENGLISH[state] for state in states}
    if path.stem.startswith(("board-", "detail", "menu", "engine-down")):
        assert rows, "no row that says a state was found"


async def test_a_theme_is_changed_by_key_and_by_command_and_remembered(
    engine: ScriptedEngine, tmp_path: Path
) -> None:
    path = tmp_path / "own" / "console.toml"
    async with story(engine.place, personal=Personal(path)) as console:
        await console.sees("gw-satu +6")
        await console.press("T")
        await console.sees("theme dark")
        assert path.read_text() == 'theme = "dark"\n'
        await console.press(":", *"theme hi", "enter", "enter")
        await console.sees("theme high-contrast")
        assert path.read_text() == 'theme = "high-contrast"\n'
        await console.press(":", *"theme pink", "enter")
        await console.sees("there is no theme pink; want one of ansi, dark")


async def test_a_theme_that_can_not_be_written_down_holds_for_this_session(
    engine: ScriptedEngine, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    async with story(
        engine.place, size=(160, 45), personal=Personal(tmp_path / "file" / "console.toml")
    ) as console:
        await console.sees("gw-satu +6")
        await console.press("T")
        await console.sees("theme dark", "not remembered")


@pytest.fixture
def live(tmp_path: Path):
    with ScriptedEngine(home_place(tmp_path), beats=True, now=datetime.now(UTC)) as engine:
        yield engine


def console_on(engine: ScriptedEngine, tmp_path: Path, **env: str) -> Wire:
    """The program itself on a terminal, with settings and memory of its own."""
    argv = [sys.executable, "-m", "opsconsole", "--home", str(engine.place.config.parent), "--lang", "en"]
    own = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    plain = dict.fromkeys(("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY", "COLORTERM"), "")
    wire = Wire(argv, size=(80, 24), env={"TERM": "xterm-256color"} | plain | own | env)
    wire.until(lambda: wire.shows(BOARD))
    return wire


@pytest.mark.parametrize("name", [theme.name for theme in GROUNDED])
def test_a_theme_with_a_ground_fills_the_screen_within_the_budget_of_a_paint(
    live: ScriptedEngine, tmp_path: Path, name: str
) -> None:
    (tmp_path / "console.toml").write_text(f'theme = "{name}"\n')
    with console_on(live, tmp_path) as wire:
        wire.settle(0.4)
        wire.send(REDRAW)
        assert wire.settle(0.4) < FULL_PAINT
        codes = ground_codes(THEMES[name]).encode()
        assert codes in wire.received
        corner = wire.screen.buffer[12][79]
        assert corner.bg not in ("default", "")
        wire.send("q")
        assert wire.wait() == 0


def test_with_no_color_no_colour_is_ever_sent_whatever_the_theme(
    live: ScriptedEngine, tmp_path: Path
) -> None:
    (tmp_path / "console.toml").write_text('theme = "dark"\n')
    with console_on(live, tmp_path, NO_COLOR="1") as wire:
        wire.send("T")
        wire.settle(0.4)
        wire.send("T")
        wire.settle(0.4)
        assert not COLOUR.search(wire.received)
        assert b"\x1b[1m" in wire.received
        assert b"7m" in wire.received
        wire.send("q")
        wire.wait()
