"""Real engines in processes of their own, without paying for the imports each time.

A process that has imported everything forks one engine for each line of its standard input, and answers
with a line each. ``python -m tests.engine.zygote`` is that process.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Zygote:
    """The parent of engines. Close it when they are done with."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.engine.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, home: Path, **options: Any) -> int:
        """Fork an engine for ``home``; its process id. What it complains of goes to ``home/complaints``.

        ``die_at``, one of the options, is the step of its work on the files of the office before which it is
        killed: each opening to write, renaming, removing and making of a folder is one, the first is 0.
        """
        return int(self._ask({"do": "start", "home": str(home), "options": options}))

    def wait(self, pid: int) -> int:
        """Wait for the end of an engine; its exit code, negative for a signal."""
        return int(self._ask({"do": "wait", "pid": pid}))

    def close(self) -> None:
        """End the parent."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _ask(self, order: dict[str, Any]) -> Any:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(order), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, "the zygote is gone"
        return json.loads(answer)


def _start(home: str, options: dict[str, Any]) -> int:
    from opsconsole.base.paths import home_place
    from opsconsole.engine.run import run_engine

    pid = os.fork()
    if pid:
        return pid
    _die_with_parent()
    os.setsid()
    complaints = os.open(f"{home}/complaints", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, descriptor in enumerate((nothing, complaints, complaints)):
        os.dup2(descriptor, number)
    code = 99
    if (step := options.pop("die_at", None)) is not None:
        _die_at(f"{home}/config", step)
    try:
        code = run_engine(home_place(Path(home)), **options)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _die_at(folder: str, step: int) -> None:
    left = [step]

    def before(event: str, args: tuple[Any, ...]) -> None:
        changes = event in ("os.rename", "os.remove", "os.mkdir") or (
            event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_DIRECTORY)
        )
        if changes and str(args[0]).startswith(folder):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(before)


def _die_with_parent() -> None:
    """A test run that is cut off leaves no engine behind (PR_SET_PDEATHSIG, prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _serve() -> None:
    _die_with_parent()
    import opsconsole.engine.run  # noqa: F401 - imported once, for all that are forked

    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            answer = _start(order["home"], order["options"])
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
    os._exit(0)  # there is nothing to tidy, and a great deal was imported
