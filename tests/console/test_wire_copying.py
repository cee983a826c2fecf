"""Copying: bare, through a real tmux, for screen; what is too long says so; a file lies beside it."""

import base64
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from opsconsole.client.logbook import Entry
from opsconsole.console.terminal.clipboard import MOST_BASE64, sequences
from tests.console.test_wire import BOARD, CLIPBOARD, console
from tests.console.wire import Wire
from tests.fakes.scripted_engine import NIGHT, ScriptedEngine


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine that says nothing by itself."""
    with ScriptedEngine(home_place(tmp_path)) as engine:
        yield engine


def text_of(sequence: bytes) -> str:
    """The text of a bare OSC 52."""
    return base64.b64decode(sequence.removeprefix(b"\x1b]52;c;").removesuffix(b"\x07")).decode()


def copy(wire: Wire) -> bytes:
    """Copy the row under the cursor; what was sent for it."""
    wire.settle(0.3)
    wire.received = b""
    wire.send("y")
    wire.until(lambda: wire.shows("copied"))
    wire.settle(0.2)
    return wire.received


def test_a_plain_terminal_gets_it_once_and_the_file_is_for_its_owner(quiet: ScriptedEngine) -> None:
    with console(quiet.place) as wire:
        found = CLIPBOARD.findall(copy(wire))
        card = quiet.place.exports / "card.txt"
        assert [text_of(one) for one in found] == [card.read_text().removesuffix("\n")]
        assert "simda" in card.read_text()
        assert stat.S_IMODE(card.stat().st_mode) == 0o600
        assert stat.S_IMODE(card.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("env", "bare"),
    [({"STY": "1.pts-0.host", "TERM": "xterm"}, 0), ({"STY": "", "TERM": "screen-256color"}, 1)],
)
def test_screen_gets_it_in_pieces_that_it_takes(
    quiet: ScriptedEngine, env: dict[str, str], bare: int
) -> None:
    with console(quiet.place, **env) as wire:
        received = copy(wire)
        pieces = re.findall(rb"\x1bP(.*?)\x1b\\", received, re.DOTALL)
        assert pieces and all(len(piece) <= 250 for piece in pieces)
        text = (quiet.place.exports / "card.txt").read_text().removesuffix("\n")
        assert text_of(b"".join(pieces)) == text
        assert len(CLIPBOARD.findall(re.sub(rb"\x1bP.*?\x1b\\", b"", received, flags=re.DOTALL))) == bare


def test_what_is_too_long_is_not_sent_and_lies_in_the_file(quiet: ScriptedEngine) -> None:
    for number in range(900):
        said = {
            "rev": number,
            "lines": [f"opd/rsud.toml:{number}: tier: want 1 to 4, and so on and so forth"],
        }
        quiet.logged.append(
            Entry(
                id=f"n{number}", at=NIGHT, kind="config.refused", subject="config", person="sari", body=said
            )
        )
    with console(quiet.place) as wire:
        wire.send("7")
        wire.until(lambda: wire.shows(" of 920"))
        while wire.shows(" of 920"):
            wire.send("G")
            wire.settle(0.15)
        wire.send("g" + " " * 850)
        wire.until(lambda: wire.shows("850 marked"))
        wire.settle(0.3)
        wire.received = b""
        wire.send("y")
        wire.until(lambda: wire.shows("too long to copy; also in "))
        assert b"\x1b]52" not in wire.received
        assert len((quiet.place.exports / "card.txt").read_text()) > MOST_BASE64 * 3 // 4
        assert sequences("x" * 56_000, {}) and not sequences("x" * 57_000, {})


@pytest.mark.skipif(shutil.which("tmux") is None, reason="wants tmux")
def test_through_a_real_tmux_its_buffer_and_the_terminal_outside_get_it(
    quiet: ScriptedEngine, tmp_path: Path
) -> None:
    socket = tmp_path / "tmux.sock"
    config = tmp_path / "tmux.conf"
    config.write_text(
        "set -g set-clipboard on\nset -g allow-passthrough on\nset -g default-terminal tmux-256color\n"
    )
    tmux = ["tmux", "-S", str(socket), "-f", str(config)]
    inside = f"{sys.executable} -m opsconsole --home {quiet.place.config.parent} --lang en"
    own = {
        "XDG_CONFIG_HOME": str(tmp_path / "none"),
        "XDG_STATE_HOME": "/dev/null",
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
    }
    quiet_env = dict.fromkeys(("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"), "")
    env = {name: value for name, value in {**os.environ, **own}.items() if name not in quiet_env}
    try:
        with Wire([*tmux, "new-session", inside], env=own | quiet_env) as wire:
            wire.until(lambda: wire.shows(BOARD))
            received = copy(wire)
            card = (quiet.place.exports / "card.txt").read_text().removesuffix("\n")
            shown = subprocess.run(
                [*tmux, "show-buffer"], env=env, capture_output=True, text=True, check=True
            )
            assert shown.stdout == card
            assert card in [text_of(one) for one in CLIPBOARD.findall(received)]
            wire.send("\x1b")
            wire.settle(0.7)
            wire.send("q")
            wire.wait()
    finally:
        subprocess.run([*tmux, "kill-server"], env=env, capture_output=True, check=False)
