"""Keys and what terminals send by themselves, over a line that cuts it into pieces: on a real pty."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsconsole.base.paths import home_place
from tests.console.test_wire import console
from tests.fakes.scripted_engine import ScriptedEngine

# Taken for letters, these would open the help and the log, choose columns, sort, mark, pause and leave.
UNASKED = (
    "\x1b[<0;10;10M", "\x1b[M #!", "\x1b[24;80R", "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[113;1u", "\x1b[?7u",
    "\x1b[27;5;113~",
    "\x1b]11;rgb:cccc/aaaa/qqqq\x1b\\", "\x1bP1+r544e=7175\x1b\\", "\x1b[200~q?7spL\x1b[201~",
)  # fmt: skip
SSH = {"SSH_CONNECTION": "192.0.2.1 2 192.0.2.3 22"}


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[ScriptedEngine]:
    """An engine that says nothing by itself."""
    with ScriptedEngine(home_place(tmp_path), now=datetime.now(UTC)) as engine:
        yield engine


def test_what_a_terminal_sends_unasked_in_pieces_is_no_command(quiet: ScriptedEngine) -> None:
    with console(quiet.place, **SSH) as wire:
        wire.send("\x1b[1;5C")  # a key that means nothing here: tips go with the first one
        wire.settle(0.4)
        before = wire.screen.display[2:]
        for text in UNASKED:
            for piece in (text[:1], text[1:3], text[3:]):
                wire.send(piece)
                time.sleep(0.08)  # the line's pause is what is tested
        for text in UNASKED[:4]:
            wire.send(text[:1])
            time.sleep(0.3)
            wire.send(text[1:])
        wire.settle(0.7)
        assert wire.screen.display[2:] == before
        assert quiet.commands == []
        wire.send("\x1b")
        time.sleep(0.3)
        wire.send("[B")
        wire.until(lambda: any(row.startswith(">! DOWN    ") for row in wire.screen.display[5:6]))
        wire.send("q")
        assert wire.wait() == 0


def test_an_arrow_that_comes_too_late_for_a_near_terminal_is_no_letter_either(quiet: ScriptedEngine) -> None:
    with console(quiet.place) as wire:
        wire.send(":opd bapenda\r")
        wire.until(lambda: wire.shows("APPLICATIONS 4"))
        wire.settle(0.3)
        wire.send("?")
        wire.until(lambda: wire.shows("MOVE"))
        for rest in ("[A", "[?62;22c", "[B"):
            wire.send("\x1b")
            time.sleep(0.3)
            wire.send(rest)
        # Escape was taken for what it looked like; `[` would have gone to the agency before this one.
        wire.settle(0.8)
        assert wire.shows("gw-satu +6")
        assert not wire.shows("that was the first one")


def test_a_paste_goes_into_what_is_being_typed_and_nowhere_else(quiet: ScriptedEngine) -> None:
    with console(quiet.place) as wire:
        wire.send("\x1b[200~q/7\x1b[201~")
        wire.settle(0.3)
        wire.send("/")
        wire.until(lambda: wire.shows("esc does not"))
        wire.send("\x1b[200~sim")
        time.sleep(0.2)
        wire.send("rs\x1b[20")
        time.sleep(0.2)
        wire.send("1~")
        wire.until(lambda: wire.shows("MATCHES 1") and wire.shows("simrs"))


def test_bytes_that_are_no_text_end_nothing(quiet: ScriptedEngine) -> None:
    with console(quiet.place) as wire:
        wire.send(b"\xff\xfe\x80\xc3\x1b[M\xf0\xe0\xa1\xed\xa0\x80")
        wire.settle(0.7)
        wire.send("j")
        wire.until(lambda: wire.screen.display[5].startswith(">"))
        wire.send("q")
        assert wire.wait() == 0
