"""One engine per store, and how one that hangs is ended. The holders are real processes."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsconsole.engine.lock import Holder, Lock, LockHeld, replace

NOW = 1_795_520_000.0
HOLDER = """
import os, signal, sys
from pathlib import Path
from opsconsole.engine.lock import Lock
lock = Lock.take(Path(sys.argv[1]), 1.0)
lock.tell(7)
if sys.argv[2] == "nobody":
    os.setuid(65534)
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("held", flush=True)
signal.pause()
"""


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "store" / "engine.lock"


def hold(path: Path, how: str = "") -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_a_second_holder_is_told_who_holds_it(path):
    holder = hold(path)
    try:
        with pytest.raises(LockHeld) as refused:
            Lock.take(path, NOW)
        assert refused.value.holder == Holder(holder.pid, 7, 1.0)
        assert str(holder.pid) in str(refused.value) and "run 7" in str(refused.value)
        assert refused.value.exit_code == 6
    finally:
        end(holder)


def test_what_a_dead_holder_left_means_nothing(path):
    end(hold(path))
    lock = Lock.take(path, NOW)
    lock.release()
    Lock.take(path, NOW).release()


def test_a_child_does_not_inherit_the_lock(path):
    lock = Lock.take(path, NOW)
    child = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        lock.release()
        Lock.take(path, NOW).release()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("how", ["", "deaf", "stopped"])
def test_replace_ends_the_holder_even_one_that_is_deaf_or_stopped(path, how):
    holder = hold(path, how)
    if how == "stopped":
        holder.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WNOWAIT)
    try:
        lock = replace(path, NOW, term_seconds=5.0 if not how else 0.1)
        assert holder.wait(5) == (-signal.SIGTERM if not how else -signal.SIGKILL)
        lock.release()
    finally:
        end(holder)


def test_replace_where_nobody_holds_it_just_takes_it(path):
    replace(path, NOW).release()


def test_replace_ends_nobody_but_who_really_has_the_file_open(path):
    holder = hold(path)
    bystander = subprocess.Popen(["sleep", "30"])
    try:
        path.write_text(f'{{"pid": {bystander.pid}, "run": 7, "since": 1.0}}')
        with pytest.raises(LockHeld):
            replace(path, NOW, term_seconds=0.1, kill_seconds=0.1)
        assert bystander.poll() is None and holder.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
        end(holder)


@pytest.mark.root
@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another uid")
def test_replace_does_not_end_a_process_of_another_account(path):
    holder = hold(path, "nobody")
    try:
        with pytest.raises(LockHeld):
            replace(path, NOW, term_seconds=0.1, kill_seconds=0.1)
        assert holder.poll() is None
    finally:
        end(holder)
