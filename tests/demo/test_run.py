"""The whole demo, run as users run it: real processes, and nothing of them left behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from opsconsole.demo.home import MARK

# In what time the demo must have told that it is up, and afterwards be gone. Not how fast it is: a bound.
PATIENCE = 30.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "opsconsole", *arguments]


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


class Demo:
    """A headless demo and what it started. `wait` for it before anything else is asked."""

    def __init__(self, temporary: Path, *arguments: str) -> None:
        temporary.mkdir(exist_ok=True)
        self.temporary, self.began = temporary, time.monotonic()
        environment = {**os.environ, "TMPDIR": str(temporary), "LC_ALL": "C.UTF-8"}
        environment.pop("OPSCONSOLE_HOME", None)
        self.process = subprocess.Popen(
            command("demo", "--headless", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        self.children: list[psutil.Process] = []
        self.said = ""

    def wait(self) -> None:
        """Return once it says that it runs."""
        assert self.process.stdout and self.process.stderr
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            self.said += line
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    @property
    def home(self) -> Path:
        found = re.search(r"--home (\S+) status", self.said)
        assert found
        return Path(found[1])

    def status(self) -> dict[str, Any]:
        asked = subprocess.run(
            command("--home", str(self.home), "status", "--json"), capture_output=True, text=True, check=False
        )
        assert asked.returncode in (0, 1, 2), asked.stderr
        answer: dict[str, Any] = json.loads(asked.stdout)
        return answer

    def gone(self) -> bool:
        """Whether its children have ended."""
        return not any(alive(child) for child in self.children)

    def ended_clean(self) -> bool:
        """Whether it ended as it was asked to, and nothing of it is left."""
        code = self.process.wait(PATIENCE)
        left = self.home.exists() if self.said else any(self.temporary.iterdir())
        return code == 0 and self.gone() and not left

    def clear(self) -> None:
        """End whatever a failed test has left."""
        for process in (self.process, *self.children):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.communicate()
        if self.said:  # one that was killed could not do it
            shutil.rmtree(self.home, ignore_errors=True)


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def demos(*running: Demo) -> Iterator[None]:
    """Wait for all of them; leave none behind."""
    try:
        for demo in running:
            demo.wait()
        yield
    finally:
        for demo in running:
            demo.clear()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a name so short that the demo takes it for its home (pytest's own are too long)."""
    made = Path(tempfile.mkdtemp(prefix="demo-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that runs beside those of the other tests, which pass the time until the last one asks it."""
    demo = Demo(tmp_path_factory.mktemp("long"))
    with demos(demo):
        yield demo


@pytest.mark.usefixtures("long")
def test_demos_side_by_side_end_each_by_itself_whatever_ends_them_and_leave_nothing(folder: Path) -> None:
    names = ("killed", "broken", "told", "hung-up")
    killed, broken, told, hung_up = (Demo(folder / name) for name in names)
    with demos(killed, broken, told, hung_up):
        killed.process.kill()
        until(killed.gone)
        (engine,) = (child for child in broken.children if "opsconsole.demo.engine" in child.cmdline())
        engine.kill()
        assert broken.process.wait(PATIENCE) == 1
        assert broken.process.stderr
        assert broken.process.stderr.read() == "A part of the demo ended by itself. Start the demo again.\n"
        assert broken.gone() and not broken.home.exists()
        told.process.terminate()
        assert told.ended_clean()
        assert len(hung_up.status()["applications"]) >= 115
        hung_up.process.send_signal(signal.SIGHUP)
        assert hung_up.ended_clean()


@pytest.mark.usefixtures("long")
def test_a_demo_with_a_time_ends_when_it_is_over(folder: Path) -> None:
    demo = Demo(folder, "--for", "300ms")
    with demos(demo):
        assert "0.3 s" in demo.said
        assert demo.ended_clean()
        assert demo.process.stderr and demo.process.stderr.read() == ""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_ends_while_its_engine_starts_takes_it_with_it(folder: Path, how: signal.Signals) -> None:
    demo = Demo(folder)
    try:
        until(lambda: any(folder.glob("*/store")))
        demo.children = psutil.Process(demo.process.pid).children(recursive=True)
        assert len(demo.children) == 2
        demo.process.send_signal(how)
        if how == signal.SIGKILL:
            until(demo.gone)
        else:
            assert demo.ended_clean()
    finally:
        demo.clear()


def test_a_home_that_holds_an_office_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.toml").write_text("")
    refused = subprocess.run(
        command("--home", str(tmp_path), "demo", "--headless", "--for", "1s"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "holds an office" in refused.stderr
    assert not (tmp_path / MARK).exists()


def test_without_a_terminal_the_console_is_not_started(folder: Path) -> None:
    refused = subprocess.run(
        command("demo"),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert refused.returncode == 1
    assert "demo --headless" in refused.stderr
    assert list(folder.iterdir()) == []


def test_from_second_25_on_something_is_down_and_something_else_warns(long: Demo) -> None:
    until(lambda: time.monotonic() > long.began + 25)
    states = {row["app"]: row["state"] for row in long.status()["applications"]}
    assert len(states) >= 115
    assert states["lpse"] == "down"
    assert states["jdih"] == "warn"
    assert sum(state == "up" for state in states.values()) > 80
    long.process.send_signal(signal.SIGINT)
    assert long.ended_clean()
