"""The first useful screen: `python -m tests.bench.console`.

Method: an engine of the example office runs, whose targets are all closed doors on loopback; the console is
started on a pseudo-terminal of 80x24 until the problems stand on it, beside a bare Textual application until
its one line does, by turns. Seconds on the wall, medians.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from opsconsole.base.paths import home_place
from opsconsole.client.calls import Client
from opsconsole.inventory.init import init
from tests.console.wire import Wire

ROUNDS = 7
_QUIET = ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY", "COLUMNS", "LINES")
_BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("a bare line")
Bare().run()
"""


def first_screen(argv: list[str], text: str) -> float:
    """Seconds from the start of a program until ``text`` is on its screen."""
    with Wire(
        argv, env={"TERM": "xterm-256color", "XDG_STATE_HOME": "/dev/null"} | dict.fromkeys(_QUIET, "")
    ) as wire:
        wire.until(lambda: wire.shows(text))
        return time.monotonic() - wire.started


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ob-") as folder:
        place = home_place(Path(folder))
        init(place.config, example=True)
        command = [sys.executable, "-m", "opsconsole", "--home", folder, "--lang", "en"]
        log = Path(folder, "bench.out")
        with log.open("wb") as out:
            engine = subprocess.Popen([*command, "engine"], stdout=out, stderr=out)
        try:
            _until_down(place, engine)
            ours, bare = [], []
            for _round in range(ROUNDS):
                ours.append(first_screen(command, "PROBLEMS"))
                bare.append(first_screen([sys.executable, "-c", _BARE], "a bare line"))
        finally:
            engine.terminate()
            engine.wait()
    median, floor = statistics.median(ours), statistics.median(bare)
    print(f"first useful screen {median:.2f} s ({min(ours):.2f} to {max(ours):.2f}), goal 0.8 s")
    print(
        f"  a bare Textual application {floor:.2f} s; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


def _until_down(place: object, engine: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and engine.poll() is None:
        try:
            with Client(place) as client:  # type: ignore[arg-type]
                if any(row.state == "down" for row in client.board().applications):
                    return
        except Exception:  # not there yet
            time.sleep(0.2)
        time.sleep(0.2)
    raise SystemExit("the engine did not come up")


if __name__ == "__main__":
    main()
