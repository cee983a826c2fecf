"""What a far terminal is given without being asked, and what `L` changes: on a real pty."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from opsconsole.console.environment import prepare
from tests.console.test_wire import REDRAW, console, publish
from tests.console.test_wire_views import visit
from tests.fakes.scripted_engine import ScriptedEngine

SSH = ({"SSH_CONNECTION": "192.0.2.1 2 192.0.2.3 22"}, {"SSH_TTY": "/dev/pts/7"})
MANY_COLOURS = re.compile(rb"\x1b\[[0-9;]*[34]8;[25];")
MOUSE = re.compile(rb"\x1b\[\?(?:9|1000|1002|1003|1005|1006|1015|1016)h")


@pytest.fixture
def still(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine that says nothing by itself."""
    with ScriptedEngine(home_place(tmp_path), now=datetime.now(UTC)) as engine:
        yield engine


@pytest.mark.parametrize("ssh", SSH, ids=lambda env: next(iter(env)))
def test_over_ssh_the_profile_is_chosen_and_what_is_set_stays(ssh: dict[str, str]) -> None:
    far, near = {"TERM": "xterm-256color", **ssh}, {"TERM": "xterm-256color"}
    prepare(far)
    prepare(near)
    assert (far["ESCDELAY"], near["ESCDELAY"]) == ("400", "100")
    assert (far["TEXTUAL_FPS"], near["TEXTUAL_FPS"]) == ("25", "60")
    for chosen in (far, near):
        assert chosen["TEXTUAL_ANIMATIONS"] == "none"
        assert chosen["TEXTUAL_DISABLE_KITTY_KEY"] == "1"
    own = {"ESCDELAY": "50", "TEXTUAL_FPS": "10", **ssh}
    prepare(own)
    assert (own["ESCDELAY"], own["TEXTUAL_FPS"]) == ("50", "10")


@pytest.mark.parametrize("ssh", SSH, ids=lambda env: next(iter(env)))
def test_over_ssh_there_are_sixteen_colours_no_mouse_and_changes_come_at_once(
    still: ScriptedEngine, ssh: dict[str, str]
) -> None:
    with console(still.place, COLORTERM="truecolor", **ssh) as wire:
        wire.settle(0.3)
        wire.send(REDRAW)
        wire.settle(0.3)
        assert not MANY_COLOURS.search(wire.received)
        assert not MOUSE.search(wire.received)
        assert not wire.shows("LOW")
        publish(still, "e-sppt", status=207)
        wire.until(lambda: wire.shows("207"), 3.0)
        # An escape waits for what may follow it, and longer than a near one would.
        wire.send("/simrs\r")
        wire.until(lambda: wire.shows("MATCHES 1"))
        begun = time.monotonic()
        wire.send("\x1b")
        wire.until(lambda: wire.shows("PROBLEMS 15"))
        assert time.monotonic() - begun > 0.35


def test_low_bandwidth_is_told_slows_drawing_and_takes_the_ground_away(still: ScriptedEngine) -> None:
    with console(still.place, **SSH[0]) as wire:
        visit(wire, ":theme dark\r", "theme dark")
        wire.received = b""
        wire.send(REDRAW)
        dear = wire.settle(0.3)
        assert MANY_COLOURS.search(wire.received)
        visit(wire, "L", "LOW")
        wire.settle(0.4)
        wire.received = b""
        wire.send(REDRAW)
        assert wire.settle(0.3) < dear
        assert not MANY_COLOURS.search(wire.received)
        publish(still, "e-sppt", status=208)
        wire.settle(0.6)
        wire.until(lambda: wire.shows("208"), 8.0)
        publish(still, "e-sppt", status=209)
        assert wire.settle(2.5, timeout=2.5) == 0, "at most every five seconds"
        wire.until(lambda: wire.shows("209"), 8.0)
        wire.received = b""
        wire.send("L")
        wire.until(lambda: not wire.shows(" LOW "))
        wire.settle(0.4)
        assert MANY_COLOURS.search(wire.received), "the theme is back"
