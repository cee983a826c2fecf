"""What each event costs on the wire, ours beside stock Textual's: `python -m tests.bench.wire`.

Method: both programs on a pseudo-terminal of 80x24 with 16 colours, the stock one also with the colours it
would choose itself; bytes from a key or a change until nothing comes for 0.4 s, medians of three. The stock
application is `tests.bench.stock`: 150 rows in a DataTable between Header and Footer.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from opsconsole.base.paths import home_place
from tests.console.wire import Wire
from tests.fakes.scripted_engine import ScriptedEngine

ROUNDS = 3
IDLE_S = 60.0
_QUIET = dict.fromkeys(("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"), "") | {"XDG_STATE_HOME": "/dev/null"}
_BACK = "\x1b"
Figures = dict[str, float]
# What is done, and the keys for it in the stock application and in ours.
KEYS = (
    ("cursor down one row", "\x1b[B", "j"),
    ("page down", "\x1b[6~", "\x1b[6~"),
    ("help opens", "s", "?"),
    ("command line opens", "\x10", ":"),
    ("a question opens (modal; export)", "m", "e"),
    ("something is said (toast; event line)", "t", "b"),
    # Last: nothing leads back from a stock input field.
    ("a filter is begun", "/", "/"),
    ("a letter is typed in it", "a", "a"),
)
_CLOSES = ("help opens", "command line opens", "a question opens (modal; export)")
_TOAST_S = 6.0


def bytes_for(wire: Wire, act: Callable[[], int]) -> int:
    """Bytes from ``act`` until nothing more comes, or for two seconds: a blinking cursor never ends."""
    return act() + wire.settle(0.4, timeout=2.0)


def presses(wire: Wire, key: str) -> Callable[[], int]:
    """Press a key; nothing of what follows is read yet."""

    def press() -> int:
        wire.send(key)
        return 0

    return press


def measure(wire: Wire, which: int, cell: Callable[[], int], redraw: str) -> Figures:
    """All figures of one program; ``which`` column of `KEYS` is its own."""
    wire.settle(0.8)
    found: Figures = {"start until settled": len(wire.received)}
    if redraw:
        found["full paint (^L)"] = bytes_for(wire, presses(wire, redraw))
    found["one cell changes"] = bytes_for(wire, cell)
    found[f"idle, {IDLE_S:.0f} s"] = bytes_during(wire, IDLE_S)
    for row in KEYS:
        found[row[0]] = bytes_for(wire, presses(wire, row[which]))
        if row[0] in _CLOSES:
            bytes_for(wire, presses(wire, _BACK))
        elif "toast" in row[0]:
            bytes_during(wire, _TOAST_S)
    return found


def stock(colours: str) -> Figures:
    """The stock application with these colours."""
    env = {"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": colours, "COLORTERM": "truecolor"} | _QUIET
    with Wire([sys.executable, "-m", "tests.bench.stock"], env=env) as wire:
        wire.until(lambda: wire.shows("app-3"))
        return measure(wire, 1, presses(wire, "c"), "")


def ours(folder: Path) -> Figures:
    """Our board over the canned city."""
    with ScriptedEngine(home_place(folder), beats=True, now=datetime.now(UTC)) as engine:
        argv = [sys.executable, "-m", "opsconsole", "--home", str(folder), "--lang", "en"]
        with Wire(argv, env={"TERM": "xterm-256color"} | _QUIET) as wire:
            wire.until(lambda: wire.shows("PROBLEMS"))
            shown = iter(range(201, 299))

            def change() -> int:
                code = next(shown)
                row = msgspec.structs.replace(engine.row("e-sppt"), status=code)
                engine._hub.publish([("application", "e-sppt", row)])
                return wire.until(lambda: wire.shows(str(code)))

            return measure(wire, 2, change, "\x0c")


def bytes_during(wire: Wire, seconds: float) -> int:
    """Bytes that come by themselves in so many seconds."""
    return wire.settle(seconds, timeout=seconds)


def medians(rounds: list[Figures]) -> Figures:
    """The middle of each figure."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def main() -> None:
    """Measure and print."""
    mine = []
    for _round in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="ob-") as folder:
            mine.append(ours(Path(folder)))
    ansi = medians([stock("standard") for _round in range(ROUNDS)])
    true = medians([stock("truecolor") for _round in range(ROUNDS)])
    print(f"{'bytes, 80x24':42} {'ours':>8} {'stock 16':>9} {'stock true':>10}")
    for name, count in medians(mine).items():
        beside = [f"{figures[name]:.0f}" if name in figures else "-" for figures in (ansi, true)]
        print(f"{name:42} {count:8.0f} {beside[0]:>9} {beside[1]:>10}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {ROUNDS}")


if __name__ == "__main__":
    main()
