"""An hour's work over a slow line: `python -m tests.soak.slow_line --minutes 60 --delay 200`.

A real sshd on loopback behind a proxy that delays each direction by half of ``--delay`` milliseconds; the
demo's console on a terminal of 80x24, driven with keys as an operator would: rounds of jobs with pauses
between them. For each step: milliseconds from the key until what it should show stands on the screen, and
bytes from the console. What did not show within ten seconds is told with the screen that was seen instead.
"""

import argparse
import shlex
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from tests.console.wire import Wire
from tests.fakes.loopback_sshd import LoopbackSshd
from tests.fakes.slow_proxy import SlowProxy

_PATIENCE_S = 10.0
_IDLE_S = 62.0


class Step(NamedTuple):
    """Keys, what should stand on the screen after them, and what it is called in the figures."""

    name: str
    keys: str
    shows: str


ROUND = (
    Step("cursor down", "j", ">"),
    Step("open the application", "\r", "LAST LOOK"),
    Step("window of the strip", "w", "7 D"),
    Step("failed looks only", "f", "failures only"),
    Step("all looks again", "f", "LOOK"),
    Step("recheck", "r", "sent"),
    Step("back by h", "h", "PROBLEMS"),
    Step("schedule", "5", "5*"),
    Step("a page down", "\x1b[6~", "5*"),
    Step("inventory", "6", "6*"),
    Step("log", "7", "7*"),
    Step("filter is begun", "/", "/"),
    Step("filter is typed", "down", "/down"),
    Step("filter is left by esc", "\x1b", "7*"),
    Step("board", "1", "PROBLEMS"),
    Step("help", "?", "MOVE"),
    Step("back by esc", "\x1b", "PROBLEMS"),
    Step("command line", ":", ":"),
    Step("a name is completed", "app lp", "app lpse"),
    Step("command is left by esc", "\x1b", "PROBLEMS"),
    Step("first row", "g", "PROBLEMS"),
)


def run(minutes: float, delay_ms: float) -> int:
    """Work for so long; how many steps did not show what they should."""
    spent: dict[str, list[float]] = defaultdict(list)
    counted: dict[str, list[int]] = defaultdict(list)
    idle: list[int] = []
    failed = 0
    # Nothing of it is remembered: a console of the user's own goes on where it was.
    command = f"export XDG_STATE_HOME=/dev/null; cd {shlex.quote(str(Path.cwd()))} && "
    command += f"{shlex.quote(sys.executable)} -m opsconsole --lang en demo"
    with (
        tempfile.TemporaryDirectory(prefix="ob-") as folder,
        LoopbackSshd(Path(folder)) as sshd,
        SlowProxy(sshd.port, delay_ms / 2000) as line,
        Wire(sshd.argv(command, line.port), env={"TERM": "xterm-256color"}) as wire,
    ):
        begun = time.monotonic()
        wire.until(lambda: wire.shows("PROBLEMS"), 60)
        print(f"first screen after {time.monotonic() - begun:.1f} s, {len(wire.received)} B", flush=True)
        rounds = 0
        while time.monotonic() - begun < minutes * 60:
            rounds += 1
            for step in ROUND:
                took, count = _do(wire, step)
                counted[step.name].append(count + wire.settle(1.0, timeout=3.0))
                if took is None:
                    failed += 1
                    print(f"round {rounds}: {step.name} not seen:\n{wire.text()}\n", flush=True)
                else:
                    spent[step.name].append(took * 1000)
            idle.append(wire.settle(_IDLE_S, timeout=_IDLE_S))
        wire.send("qq")
        print(f"left with {wire.wait(30)}; {rounds} rounds, {failed} steps failed")
        print(f"over the line: {line.received} B to the terminal, {line.sent} B from it")
    print(f"{'step':28} {'ms median':>9} {'ms most':>8} {'bytes':>6}")
    for name, times in spent.items():
        middle = statistics.median(times)
        print(f"{name:28} {middle:9.0f} {max(times):8.0f} {statistics.median(counted[name]):6.0f}")
    print(f"bytes in {_IDLE_S:.0f} s without a key: median {statistics.median(idle):.0f}, most {max(idle)}")
    return failed


def _do(wire: Wire, step: Step) -> tuple[float | None, int]:
    begun = time.monotonic()
    before = len(wire.received)
    wire.send(step.keys)
    # Something must have come of it: what it shows may have stood there before.
    try:
        wire.until(lambda: len(wire.received) > before and wire.shows(step.shows), _PATIENCE_S)
    except AssertionError:
        return None, len(wire.received) - before
    return time.monotonic() - begun, len(wire.received) - before


def main() -> int:
    """Read the arguments and work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--delay", type=float, default=200.0, help="milliseconds there and back")
    given = parser.parse_args()
    return min(run(given.minutes, given.delay), 1)


if __name__ == "__main__":
    sys.exit(main())
