"""How the console ends, stops and goes on, and what it makes of odd terminals: on a real pseudo-terminal."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from tests.console.test_wire import BOARD, REDRAW, console
from tests.console.wire import Wire
from tests.fakes.scripted_engine import ScriptedEngine

LEFT = b"\x1b[?1049l"
VIEWS = ("5", "6", "7", "7\r", ":opd bapenda\r", ":app e-sppt\r", "?", ":", ".", "c", "e")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine with a heartbeat, in the machine's own time."""
    with ScriptedEngine(home_place(tmp_path), beats=True, now=datetime.now(UTC)) as engine:
        yield engine


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("keys", VIEWS[::3])
def test_told_to_end_it_ends_cleanly_from_any_view(
    live: ScriptedEngine, number: signal.Signals, keys: str
) -> None:
    with console(live.place) as wire:
        wire.send(keys)
        wire.settle(0.3)
        wire.signal(number)
        assert wire.wait() == 0
        assert LEFT in wire.received
        assert wire.received.rstrip().endswith((b"\x1b[?25h", b"\x1b[?1004l")) or b"goes on" in wire.received


def test_a_terminal_that_goes_away_ends_it_without_a_word(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.hang_up()
        assert wire.wait_unread() == 0


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (59, 14), (500, 200)])
def test_terminals_of_any_size_show_every_view(live: ScriptedEngine, size: tuple[int, int]) -> None:
    with console(live.place) as wire:
        wire.resize(*size)
        wire.settle(0.3)
        for keys in VIEWS:
            wire.send(keys + "jkGg" + REDRAW)
            wire.settle(0.08, timeout=2)
            wire.send("\x1b")
            time.sleep(0.12)  # an escape alone, not one with what follows
        wire.resize(80, 24)
        wire.send("1")
        wire.until(lambda: wire.shows(BOARD))
        wire.send("q")
        assert wire.wait() == 0
        assert LEFT in wire.received


def test_a_storm_of_sizes_ends_in_a_picture_of_the_last_one(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        for number in range(60):
            wire.resize(20 + number * 7 % 140, 5 + number * 5 % 50)
            if number % 5 == 0:
                wire.read(0.01)
        wire.resize(100, 30)
        wire.until(lambda: wire.screen.display[29].strip().startswith("enter") and wire.shows(BOARD))
        wire.send("q")
        assert wire.wait() == 0


def test_from_a_shell_it_is_stopped_and_comes_back_as_it_was(live: ScriptedEngine) -> None:
    home = live.place.config.parent
    own = {
        "PS1": "shell> ",
        "TERM": "xterm",
        "XDG_CONFIG_HOME": str(home / "none"),
        "XDG_STATE_HOME": "/dev/null",
    }
    with Wire(["bash", "--norc", "-i"], env=own) as wire:
        wire.until(lambda: wire.shows("shell>"))
        wire.send(f"{sys.executable} -m opsconsole --home {home} --lang en\r")
        wire.until(lambda: wire.shows(BOARD))
        wire.send("j")
        wire.settle(0.3)
        for _round in range(2):
            wire.send("\x1a")
            wire.until(lambda: wire.received.rstrip().endswith(b"shell>") or wire.shows("Stopped"))
            assert LEFT in wire.received
            wire.received = b""
            wire.send("fg\r")
            wire.until(lambda: wire.shows(BOARD) and b"\x1b[?1049h" in wire.received)
            wire.until(lambda: wire.screen.display[5].startswith(">"))
        wire.received = b""
        wire.send("q")
        wire.until(lambda: wire.received.endswith(b"shell> "))
        wire.send("echo left with $?\r")
        wire.until(lambda: wire.shows("left with 0"))


def test_where_no_shell_waits_it_is_not_stopped(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.send("\x1a")
        wire.until(lambda: wire.shows("no shell started this console"))
        assert os.waitpid(wire.pid, os.WNOHANG | os.WUNTRACED) == (0, 0)
