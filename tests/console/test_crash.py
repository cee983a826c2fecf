"""What a crash shows, and what the console must never read in."""

import subprocess
import sys

import pytest

from opsconsole.console.terminal.textual_private import CarefulApp

HEAVY = ("pydantic", "sqlmodel", "starlette", "uvicorn", "apscheduler", "opsconsole.engine", "re2")


class Crashing(CarefulApp):
    """An app that fails with something secret at hand."""

    def on_mount(self) -> None:
        """Fail."""
        password = "hunter" + "2"
        raise RuntimeError(f"it broke after {len(password)} letters\x1b]0;owned\x07\x9b31m")


def test_a_crash_is_explained_without_local_variables(capfd: pytest.CaptureFixture[str]) -> None:
    app = Crashing()
    app.run(headless=True)
    told = capfd.readouterr().err
    assert app.return_code == 1
    assert "it broke after 7 letters" in told
    assert "hunter2" not in told
    assert "\x1b]0;owned" not in told and "\x9b" not in told and "\x07" not in told


def test_the_console_reads_in_nothing_that_is_the_engines() -> None:
    code = f"import sys, opsconsole.console.app; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
