"""Starting an engine that is not there, leaving alone one that is, and ending it."""

import contextlib
import json
import os
import pwd
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from opsconsole.base.errors import Invalid, NotFound, Problem, Refused, Unreachable
from opsconsole.base.paths import Place, home_place
from opsconsole.client.calls import Client
from opsconsole.client.locate import Found, locate
from opsconsole.client.start import LOCK_HELD_EXIT, absent, ensure_engine, stop_engine
from tests.fakes.rude_socket import RudeSocket
from tests.fakes.scripted_engine import ScriptedEngine

TOP = Path(__file__).parents[2]
# Stands in for the interpreter that would run `-P -m opsconsole --home DIR engine`.
PROGRAM = """#!{python}
import fcntl, json, os, sys, time
from pathlib import Path
sys.path.insert(0, {top!r})
from opsconsole.base.paths import home_place
from tests.fakes.scripted_engine import ScriptedEngine
place = home_place(Path(sys.argv[sys.argv.index("--home") + 1]))
place.store.mkdir(exist_ok=True)
said = dict(argv=sys.argv[1:], cwd=os.getcwd(), session=os.getsid(0), group=os.getpgrp(), pid=os.getpid(),
            stdin=os.readlink("/proc/self/fd/0"), files=len(os.listdir("/proc/self/fd")))
(place.store / f"writing.{{os.getpid()}}").write_text(json.dumps(said))
(place.store / f"writing.{{os.getpid()}}").rename(place.store / f"started-{{os.getpid()}}.json")
{body}
"""
SERVE = """
lock = open(place.lock, "a")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    raise SystemExit(0)
ScriptedEngine(place).start()
while place.socket.exists():
    time.sleep(0.02)
"""
COMPLAIN = """
print("settings.toml:3: office.zone: no such zone \\x1b[31m", file=sys.stderr)
print("opd/x.toml:1: code: missing", file=sys.stderr)
raise SystemExit(2)
"""
HANG = "time.sleep(60)"


class Started:
    """The engines that were started in a place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def facts(self) -> list[dict[str, object]]:
        return [json.loads(path.read_text()) for path in sorted(self._place.store.glob("started-*.json"))]

    def alive(self) -> list[int]:
        """Those that run, zombies included."""
        return [pid for fact in self.facts() if psutil.pid_exists(pid := int(str(fact["pid"])))]

    def end(self) -> None:
        for pid in self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def office(tmp_path: Path) -> Place:
    place = home_place(tmp_path / "office")
    place.config.mkdir(parents=True)
    place.settings.touch()
    return place


@pytest.fixture
def started(office: Place) -> Iterator[Started]:
    engines = Started(office)
    yield engines
    engines.end()


@pytest.fixture
def engine_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def does(body: str) -> None:
        program = tmp_path / "program"
        program.write_text(PROGRAM.format(python=sys.executable, top=str(TOP), body=body))
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))

    return does


def found(place: Place, why="own", may_start=True) -> Found:
    return Found(place, may_start, why)


def test_an_engine_that_runs_is_left_alone(engine, place):
    ensure_engine(found(place))
    assert engine.requests == ["hello"]


def test_an_engine_is_started_in_a_session_of_its_own_and_answers(office, started, engine_does):
    engine_does(SERVE)
    ensure_engine(found(office))
    (fact,) = started.facts()
    home = str(office.config.parent)
    assert fact["argv"] == ["-P", "-m", "opsconsole", "--home", home, "engine"]
    assert (fact["cwd"], fact["stdin"]) == (home, "/dev/null")
    assert fact["session"] == fact["group"] == fact["pid"]
    assert fact["files"] <= 6  # the three, the folder being listed, and what the interpreter holds
    with Client(office) as client:
        assert client.hello().run == 7


def test_stopping_waits_until_the_socket_is_gone(office, started, engine_does):
    engine_does(SERVE)
    ensure_engine(found(office))
    stop_engine(office)
    assert not office.socket.exists()


def test_an_engine_that_was_started_here_leaves_no_zombie(office, started, engine_does):
    engine_does(SERVE)
    ensure_engine(found(office))
    assert len(started.alive()) == 1
    stop_engine(office)
    until(lambda: not started.alive())


@pytest.mark.parametrize("code", [0, LOCK_HELD_EXIT])
def test_who_finds_the_lock_taken_waits_for_the_other_engine(office, started, engine_does, code):
    engine_does(f"raise SystemExit({code})")
    starter = threading.Thread(target=ensure_engine, args=(found(office),))
    starter.start()
    until(lambda: started.facts() and not started.alive())
    assert starter.is_alive()
    with ScriptedEngine(office):
        starter.join(10)
        assert not starter.is_alive()


def test_several_who_start_one_at_the_same_time_end_up_with_one(office, started, engine_does):
    engine_does(SERVE)
    failures: list[Problem] = []

    def start() -> None:
        try:
            ensure_engine(found(office))
        except Problem as problem:
            failures.append(problem)

    starters = [threading.Thread(target=start) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert failures == []
    until(lambda: len(started.facts()) > 1)
    until(lambda: len(started.alive()) == 1)
    with Client(office) as client:
        assert client.hello().run == 7


def test_the_socket_of_a_dead_engine_does_not_stop_the_next(office, started, engine_does):
    with ScriptedEngine(office) as engine:
        engine.die()
    assert office.socket.exists()
    engine_does(SERVE)
    ensure_engine(found(office))
    assert len(started.facts()) == 1


def test_an_engine_that_ends_at_once_is_heard(office, started, engine_does):
    engine_does(COMPLAIN)
    office.log.mkdir()
    (office.log / "engine.out").write_text("of yesterday\n")
    with pytest.raises(Invalid) as caught:
        ensure_engine(found(office))
    assert caught.value.lines == (
        "settings.toml:3: office.zone: no such zone \ufffd[31m",
        "opd/x.toml:1: code: missing",
    )


def test_an_engine_that_never_answers_is_given_up_with_the_remedy(office, started, engine_does):
    engine_does(HANG)
    with pytest.raises(Unreachable, match="--replace"):
        ensure_engine(found(office), timeout=0.3)


def test_an_engine_that_hangs_is_not_given_a_rival(office, started, engine_does, monkeypatch):
    engine_does(SERVE)
    monkeypatch.setattr("opsconsole.client.start.HELLO_SECONDS", 0.05)
    with RudeSocket(office.socket, []), pytest.raises(Unreachable, match="--replace"):
        ensure_engine(found(office))
    assert started.facts() == []


def test_an_engine_that_does_not_let_us_in_is_not_given_a_rival(office, started, engine_does):
    engine_does(SERVE)

    class Closed(ScriptedEngine):
        def hello(self, caller):
            raise Refused("closed")

    with Closed(office), pytest.raises(Refused):
        ensure_engine(found(office))
    assert started.facts() == []


@pytest.mark.parametrize(
    ("why", "kind", "remedy"),
    [
        ("system", Unreachable, "systemctl start opsconsole"),
        ("other", Unreachable, "to start it with `opsconsole engine`"),
        ("demo", Unreachable, "opsconsole engine"),
        ("none", NotFound, "`opsconsole demo`.*`opsconsole add URL`.*`opsconsole config init`"),
    ],
)
def test_nothing_is_started_in_place_of_an_engine_that_is_not_ours(office, engine_does, why, kind, remedy):
    engine_does(SERVE)
    with pytest.raises(kind, match=remedy):
        ensure_engine(found(office, why, may_start=False))
    assert not office.store.exists()


def test_nothing_is_started_where_no_office_is(tmp_path, engine_does):
    engine_does(SERVE)
    with pytest.raises(NotFound):
        ensure_engine(locate(tmp_path / "nowhere", {}))
    assert not (tmp_path / "nowhere").exists()


def test_the_owner_of_the_office_is_named(office):
    problem = absent(found(office, "other", may_start=False))
    assert f"Ask {pwd.getpwuid(os.getuid()).pw_name} to start it" in str(problem)
