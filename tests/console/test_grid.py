"""The fewest bytes from one picture to another, and nothing foreign among them."""

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.console.terminal.grid import Grid, difference

WIDTH, HEIGHT = 12, 4
# What Textual writes: styled runs at absolute places. Wide and combining characters are among them.
LETTERS = st.text(alphabet="ab #漢é\u0301", min_size=1, max_size=8)
TONES = st.sampled_from(["", "1", "2", "7", "31", "1;31", "4", "39;49"])
RUN = st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), TONES, LETTERS)


def frame(runs: list[tuple[int, int, str, str]]) -> str:
    """A frame as Textual writes it."""
    return "".join(f"\x1b[{y + 1};{x + 1}H\x1b[{tone}m{text}\x1b[0m" for y, x, tone, text in runs)


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    """A terminal that does not wrap lines, as the console has it."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")
    return screen, stream


def shown(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Every cell of a terminal with its look; blanks that look alike are alike."""
    cells = []
    for y in range(HEIGHT):
        row = [screen.buffer[y][x] for x in range(WIDTH)]
        cells.append([(c.data, c.bold, c.reverse, c.underscore, "" if c.data == " " else c.fg) for c in row])
    return cells


@settings(max_examples=80, deadline=None)
@given(st.lists(RUN, max_size=12), st.lists(RUN, max_size=6))
def test_a_terminal_that_gets_the_differences_shows_the_picture(first: list, second: list) -> None:  # type: ignore[type-arg]
    (screen, stream), (fresh, second_stream) = terminal(), terminal()
    unknown = Grid(WIDTH, HEIGHT, unknown=True)
    wanted = Grid(WIDTH, HEIGHT)
    wanted.feed(frame(first))
    stream.feed(difference(unknown, wanted))
    before = wanted.copy()
    wanted.feed(frame(second))
    stream.feed(difference(before, wanted))
    second_stream.feed(difference(unknown, wanted))
    assert shown(screen) == shown(fresh)
    assert difference(wanted, wanted.copy()) == ""


def drawn(*runs: tuple[int, int, str, str]) -> Grid:
    """A grid with these runs on it."""
    grid = Grid(40, 3)
    grid.feed(frame(list(runs)))
    return grid


def test_one_changed_cell_is_a_move_and_a_character() -> None:
    before, after = drawn((1, 5, "", "status 503")), drawn((1, 5, "", "status 502"))
    assert difference(before, after) == "\x1b[2;15H2"


def test_near_changes_are_one_run_and_far_ones_are_two() -> None:
    before, near = (
        drawn((0, 0, "", "a.b.......................")),
        drawn((0, 0, "", "x.y.......................")),
    )
    assert difference(before, near) == "\x1b[1Hx.y"
    far = drawn((0, 0, "", "x.b......................z"))
    assert difference(before, far) == "\x1b[1Hx\x1b[26Gz"


def test_the_rest_of_a_line_is_erased_rather_than_overwritten() -> None:
    before = drawn((0, 0, "", "a long line that goes away"))
    assert difference(before, drawn((0, 0, "", "a"))) == "\x1b[1;3H\x1b[K"


def test_a_tone_is_changed_only_where_it_shows() -> None:
    assert (
        difference(Grid(40, 3), drawn((0, 0, "1;31", "DOWN"), (0, 5, "31", "   ")))
        == "\x1b[1H\x1b[1;31mDOWN\x1b[m"
    )
    assert difference(Grid(40, 3), drawn((0, 0, "39;49", "x"))) == "\x1b[1Hx"
    assert "\x1b[7m" in difference(Grid(40, 3), drawn((0, 0, "7", "  ")))


@pytest.mark.parametrize(
    "foreign",
    [
        "\x1b]52;c;QQ==\x07",
        "\x1b[2J",
        "\x1bPq#\x1b\\",
        "\x9b31m",
        "\x1b(0",
        "\x07",
        "\r",
        "\x1b]0;title\x1b\\",
        "\x1b",
    ],
)
def test_what_is_not_drawing_does_not_get_through(foreign: str) -> None:
    grid = drawn((0, 0, "", f"ab{foreign}cd"))
    sent = difference(Grid(40, 3), grid)
    assert re.fullmatch(r"(\x1b\[[0-9;]*[HGmK]|[ -~])*", sent), sent
    assert "ab" in sent


@given(st.binary(max_size=200))
def test_no_bytes_make_a_sequence_of_their_own(data: bytes) -> None:
    grid = Grid(40, 3)
    grid.feed("\x1b[1;1H" + data.decode("utf-8", "replace") + "\x1b[3;1H" + data.decode("latin-1"))
    sent = re.sub(r"\x1b\[[0-9;]*[HGmK]", "", difference(Grid(40, 3), grid))
    assert not re.search("[\x00-\x1f\x7f-\x9f]", sent)


def test_true_colours_pass_through() -> None:
    assert "\x1b[38;2;1;2;3m" in difference(Grid(40, 3), drawn((0, 0, "38;2;1;2;3", "x")))
    assert "\x1b[38;5;9;1m" in difference(Grid(40, 3), drawn((0, 0, "38;5;9;1", "x")))
