"""A wire-meter: runs a program on a pseudo-terminal, counts what it sends, and knows what is on the screen.

It stands on its own feet: any full-screen program can be measured with it.

    with Wire([sys.executable, "app.py"]) as wire:
        wire.settle()
        wire.send("j")
        print(wire.settle(), wire.text())
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence

import pyte


class Wire:
    """A program on a terminal of ``size`` (columns, rows)."""

    def __init__(
        self, argv: Sequence[str], *, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], list(argv), {**os.environ, **(env or {})})
            finally:
                os._exit(127)
        self.resize(*size)
        self.received = b""
        self.exit_code: int | None = None

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as a window manager does."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)

    def read(self, timeout: float) -> bytes:
        """What comes within ``timeout`` seconds, at most one chunk; empty when nothing does."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.received += data
        self._stream.feed(data)
        return data

    def settle(self, quiet: float = 0.25, timeout: float = 20.0) -> int:
        """Read until nothing came for ``quiet`` seconds; how many bytes that were."""
        end = time.monotonic() + timeout
        count = 0
        while time.monotonic() < end:
            data = self.read(quiet)
            if not data:
                break
            count += len(data)
        return count

    def until(self, condition: Callable[[], bool], timeout: float = 20.0) -> int:
        """Read until ``condition`` holds; how many bytes that took. AssertionError if it never does."""
        end = time.monotonic() + timeout
        count = 0
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not seen within {timeout} s; the screen is\n{self.text()}")
            count += len(self.read(0.05))
        return count

    def shows(self, text: str) -> bool:
        """Whether ``text`` is on the screen."""
        return text in self.text()

    def text(self) -> str:
        """The screen as lines without trailing blanks."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def wait(self, timeout: float = 10.0) -> int:
        """Wait for the end, reading on; the exit code, negative for a signal."""
        end = time.monotonic() + timeout
        while self.exit_code is None and time.monotonic() < end:
            self.read(0.02)
            self._reap()
        if self.exit_code is None:
            raise AssertionError(f"still running after {timeout} s; the screen is\n{self.text()}")
        return self.exit_code

    def wait_unread(self, timeout: float = 10.0) -> int:
        """Wait for the end without reading, as a stalled terminal would."""
        end = time.monotonic() + timeout
        while self.exit_code is None and time.monotonic() < end:
            time.sleep(0.02)
            self._reap()
        assert self.exit_code is not None, f"still running after {timeout} s"
        return self.exit_code

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        os.close(self.fd)
        self.fd = -1

    def close(self) -> None:
        """End the program if it still runs."""
        self._reap()
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)

    def _reap(self) -> None:
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
