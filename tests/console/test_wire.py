"""What the console costs on the wire, and how it ends: the real program on a real pseudo-terminal."""

import re
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from opsconsole.base.paths import Place, home_place
from opsconsole.client.shapes import State, Why
from tests.console.wire import Wire
from tests.fakes.scripted_engine import ScriptedEngine

# The budgets of the design: bytes for a whole screen, one changed cell, an idle minute.
FULL_PAINT, ONE_CELL, IDLE_MINUTE = 6_000, 150, 300
# What a program may send: moves, colours, erasing, modes, queries, the title, the kitty keyboard's end.
ALLOWED = re.compile(
    rb"\x1b\[\d*(;\d*)*[HGmKJt]|\x1b\[\?[0-9;]+(\$p|[hl])|\x1b\[[<>]?\d*u|\x1b\]0;[^\x00-\x1f]*\x07|\r?\n|\x07"
)
CLIPBOARD = re.compile(rb"\x1b\]52;c;[A-Za-z0-9+/=]+\x07")
BOARD = "gw-satu +6"
REDRAW = "\x0c"


def console(place: Place, size: tuple[int, int] = (80, 24), *, shows: str = BOARD, **env: str) -> Wire:
    """The console of an office as a user starts it, once its board, or ``shows``, is on the screen."""
    argv = [sys.executable, "-m", "opsconsole", "--home", str(place.config.parent), "--lang", "en"]
    # Nothing of whoever runs the tests: no settings, and no memory, without which nothing is told a newcomer.
    own = {"XDG_CONFIG_HOME": str(place.config.parent / "none"), "XDG_STATE_HOME": "/dev/null"}
    plain = dict.fromkeys(("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"), "") | own
    wire = Wire(argv, size=size, env={"TERM": "xterm-256color"} | plain | env)
    wire.until(lambda: wire.shows(shows))
    return wire


@pytest.fixture
def live(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine with a heartbeat, in the machine's own time."""
    with ScriptedEngine(home_place(tmp_path), beats=True, now=datetime.now(UTC)) as engine:
        yield engine


def publish(engine: ScriptedEngine, row_id: str, **fields: object) -> None:
    """Change nothing of a row but these fields."""
    row = msgspec.structs.replace(engine.row(row_id), **fields)  # type: ignore[arg-type]
    engine._hub.publish([("application", row_id, row)])


def test_the_budgets_hold_for_a_screen_a_cell_a_move_and_an_idle_minute(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.settle(0.4)
        assert len(wire.received) < FULL_PAINT, "start, modes and first picture"
        wire.send(REDRAW)
        assert 1_500 < wire.settle(0.4) < FULL_PAINT
        publish(live, "e-sppt", status=207)
        assert wire.until(lambda: wire.shows("207")) + wire.settle(0.4) < ONE_CELL
        wire.send("j")
        assert 0 < wire.settle(0.3) < 500
        # A heartbeat goes by; at most the clock's minute changes.
        assert wire.settle(2.4, timeout=2.4) <= 60 < IDLE_MINUTE
        wire.send("q")
        assert wire.wait() == 0


def test_a_plain_terminal_gets_no_colours_no_title_and_no_glyphs_it_lacks(live: ScriptedEngine) -> None:
    with console(live.place, NO_COLOR="1", TERM="linux") as wire:
        wire.settle(0.3)
        assert not re.search(rb"\x1b\[[0-9;]*[34][0-7][;m]", wire.received)
        assert b"\x1b[1m" in wire.received
        assert b"\x1b]0;" not in wire.received
        assert "…".encode() not in wire.received


def test_hostile_names_reach_the_terminal_as_text(tmp_path: Path) -> None:
    evil = "a\x1b]52;c;AAAA\x07[/b][red]\x1b[2J\x9b31m\u202eb"
    with ScriptedEngine(home_place(tmp_path)) as engine:
        engine.set_state("simrs", State.DOWN, "tls_failed", {"seen": evil}, name=evil, opd_short=evil)
        engine.look("simrs", verdict="down", reason="tls_failed", params={"seen": evil}, excerpt=evil)
        engine.beat(office=evil, config_errors=(evil,), notices=(Why(evil, {}),))
        with console(engine.place, size=(160, 45)) as wire:
            wire.send("/simrs\r")
            wire.until(lambda: wire.shows("MATCHES 1"))
            wire.send("\r")
            wire.until(lambda: wire.shows("LAST LOOK") and wire.shows("[/b][red]"))
            wire.send("y")
            wire.until(lambda: wire.shows("copied"))
            wire.send("q")
            assert wire.wait() == 0
    rest = ALLOWED.sub(b"", CLIPBOARD.sub(b"", wire.received))
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", rest)
    assert "\u202e".encode() not in rest


def test_a_terminal_that_stops_reading_stops_nothing_else(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        for number in range(3_000):  # far more than a pseudo-terminal holds, and than a queue of frames would
            live.set_state("izin", State.DOWN if number % 2 else State.UP, "no_response", status=number)
            if number % 100 == 0:
                wire.send(REDRAW)
        live.set_state("izin", State.DOWN, "tls_untrusted", {"seen": "x"})
        wire.until(lambda: wire.shows("cert not trusted"))
        assert live.requests.count("board") == 1, "no gap: the stream was drained all the time"
        for _ in range(60):
            wire.send(REDRAW)
        wire.signal(signal.SIGTERM)
        assert wire.wait_unread() == 0


def test_it_draws_for_a_new_size_and_reads_an_arrow_that_comes_in_two_pieces(live: ScriptedEngine) -> None:
    with console(live.place, SSH_CONNECTION="1 2 3 4") as wire:
        wire.resize(100, 30)
        wire.until(lambda: wire.screen.display[29].strip().startswith("enter"))
        assert wire.screen.display[0].endswith("WIB")
        wire.send("\x1b")
        wire.settle(0.15)
        wire.send("[B")
        wire.until(lambda: wire.screen.display[5].startswith(">"))
        assert wire.shows("PROBLEMS 15")


def test_marking_choosing_columns_and_saving_stay_within_a_screen(live: ScriptedEngine) -> None:
    with console(live.place) as wire:
        wire.settle(0.4)
        wire.send(" ")
        assert 0 < wire.until(lambda: wire.shows("1 marked")) + wire.settle(0.3) < 600
        wire.send("c")
        assert 0 < wire.until(lambda: wire.shows("[x] STATE")) + wire.settle(0.3) < FULL_PAINT / 2
        wire.send("c")
        wire.settle(0.3)
        wire.send("e")
        assert 0 < wire.until(lambda: wire.shows("Format")) + wire.settle(0.3) < FULL_PAINT / 2
