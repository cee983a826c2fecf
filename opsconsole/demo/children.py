"""The demo's two processes, each in a session of its own: a Ctrl-C or a lost terminal reaches only us.

Neither outlives us, however we end: the city ends with its standard input, and the kernel ends the
engine, which a moment after its start has no console yet whose leaving would.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec

from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import N_, safe_text
from opsconsole.client.calls import Client
from opsconsole.demo.plan import CityOpened, CityPlan

_POLL_SECONDS = 0.03
_START_SECONDS = 45.0
_END_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1  # prctl(2)

Asked = Callable[[], bool]


class StartAbandonedError(Exception):
    """Somebody asked us to end while a child was starting."""


class Child:
    """One process, ``python -m module``, spawned at once; what it complains of goes to ``log``.

    It is told by a line what to do. ``end`` it, or use it as a context: it is gone when that is left.
    """

    def __init__(self, module: str, log: Path) -> None:
        self._log = log
        starter = os.getpid()
        prctl = ctypes.CDLL(None).prctl

        def end_with_starter() -> None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != starter:
                os._exit(1)

        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                preexec_fn=end_with_starter,  # noqa: PLW1509 - we have no other thread yet
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Ask it to end, and see to it."""
        if self.alive:
            self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()

    def _tell(self, line: bytes) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._did_not_start() from None

    def _wait_until(self, ready: Callable[[], bool], asked_to_end: Asked) -> None:
        until = time.monotonic() + _START_SECONDS
        while not ready():
            if asked_to_end():
                raise StartAbandonedError
            if not self.alive or time.monotonic() > until:
                raise self._did_not_start()
            time.sleep(_POLL_SECONDS)

    def _did_not_start(self) -> Problem:
        said = self._log.read_text("utf-8", "replace").strip().splitlines() or ["?"]
        return Problem(
            N_("The demo did not start: {said}"),
            N_("Please report it, with what `opsconsole --home DIR demo` leaves in DIR/log."),
            said=safe_text(said[-1]),
        )


class CityChild(Child):
    """The city, which opens its doors when it is told which."""

    def __init__(self, log: Path) -> None:
        super().__init__("opsconsole.demo.city", log)

    def open(self, plan: CityPlan, asked_to_end: Asked) -> CityOpened:
        """Open the doors. Raises `Problem` when it can not, `StartAbandonedError` when asked to end."""
        assert self._process.stdout
        answers = self._process.stdout.fileno()
        answer = bytearray()

        def answered() -> bool:
            if select.select([answers], [], [], 0)[0]:
                answer.extend(os.read(answers, 65536))
            return answer.endswith(b"\n")

        self._tell(msgspec.json.encode(plan))
        self._wait_until(answered, asked_to_end)
        return msgspec.json.decode(answer, type=CityOpened)


class EngineChild(Child):
    """An engine, which begins when it is told the demo's home, and ends with its last console."""

    def __init__(self, place: Place, log: Path) -> None:
        super().__init__("opsconsole.demo.engine", log)
        self._place = place

    def begin(self, opened_at: float) -> None:
        """Begin: there is an office now, and a city since ``opened_at``. Raises `Problem` when it can not."""
        self._tell(str(opened_at).encode() + b" " + os.fsencode(self._place.config.parent))

    def wait(self, asked_to_end: Asked) -> None:
        """Return once it answers. Raises as `CityChild.open` does."""
        with Client(self._place) as client:
            self._wait_until(lambda: self._place.socket.exists() and _answers(client), asked_to_end)


def _answers(client: Client) -> bool:
    try:
        client.hello(timeout=1.0)
    except Unreachable:
        return False
    return True
