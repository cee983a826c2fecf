"""The demo with its console, on a real terminal: it comes, and whatever ends it leaves nothing."""

import fcntl
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

PATIENCE = 40.0


class Terminal:
    """A terminal of 80 by 24 whose session runs a demo. Nobody reads it while none of these is called."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        folder.mkdir()
        self.folder = folder
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "TMPDIR": str(folder), "LC_ALL": "id_ID.UTF-8"}
        environment.pop("OPSCONSOLE_HOME", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "opsconsole", "demo", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
        )
        os.close(slave)
        self.children: list[psutil.Process] = []
        self.shown = b""

    def until(self, seen: bytes) -> None:
        """Read until ``seen`` was written to the terminal."""
        end = time.monotonic() + PATIENCE
        while seen not in self.shown:
            assert time.monotonic() < end, self.shown[-2000:]
            self._read()

    def started(self) -> None:
        """Read until it has started its city and its engine."""
        end = time.monotonic() + PATIENCE
        while len(self.children) < 2:
            assert time.monotonic() < end, self.shown[-2000:]
            self._read()
            self.children = psutil.Process(self.process.pid).children()

    def code(self) -> int:
        """Read until the demo ends; its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "it goes on"
            self._read()
        return self.process.returncode

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def hang_up(self) -> None:
        os.close(self._master)
        self._master = -1

    def left(self) -> list[object]:
        """What the demo has left behind: processes and files."""
        running = [child for child in self.children if child.is_running()]
        return [*running, *self.folder.iterdir()]

    def clear(self) -> None:
        if self._master >= 0:
            os.close(self._master)
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        if self._master < 0:
            time.sleep(0.05)
        elif select.select([self._master], [], [], 0.05)[0]:
            try:
                self.shown += os.read(self._master, 65536)
            except OSError:  # the other end is closed: Linux says EIO
                time.sleep(0.05)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="demo-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_the_board_comes_in_the_language_of_the_locale_and_every_end_is_clean(folder: Path) -> None:
    quitted, lost = Terminal(folder / "quitted"), Terminal(folder / "lost")
    timed = Terminal(folder / "timed", "--for", "10ms")  # over long before its console could hear it
    terminals = (quitted, lost, timed)
    try:
        for terminal in terminals:
            terminal.started()
        quitted.until(b"Papan")
        lost.until(b"Papan")
        lost.hang_up()
        quitted.type(b"q")
        quitted.until(b"berakhir")
        quitted.type(b"q")
        for terminal in terminals:
            assert terminal.code() == 0
            assert terminal.left() == []
    finally:
        for terminal in terminals:
            terminal.clear()
