"""Starting an engine, waiting for it, and ending it.

The engine gets a session of its own, so it outlives the console that started it. Two that start one at the
same time are fine: the second engine finds the lock taken and leaves, and both find the first.
"""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from opsconsole.base.errors import Invalid, NotFound, Problem, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import N_, safe_text
from opsconsole.client.calls import Client
from opsconsole.client.commands import StopEngine
from opsconsole.client.locate import Found
from opsconsole.client.wire import HELLO_SECONDS, check_reachable

# A start takes about two; a machine that is busy at that moment gets time.
START_SECONDS = 20.0
STOP_SECONDS = 10.0
# What an engine ends with that finds its lock taken by another one.
LOCK_HELD_EXIT = 6
_PAUSE_SECONDS = 0.05
_FOLDER_MODE = 0o750
_ERROR_LINES = 40


def ensure_engine(found: Found, timeout: float = START_SECONDS) -> None:
    """Return once the office's engine answers, starting one where that is allowed.

    ``timeout`` (seconds) bounds the wait for one that was started. Raises `Refused` when it answers but
    not to us, `NotFound` where there is no office, `Invalid` with the engine's own lines when it ends
    at once, and `Unreachable` with the remedy otherwise.
    """
    try:
        check_reachable(found.place)
    except Unreachable as problem:
        if found.why == "none" or not found.may_start:
            raise absent(found) from problem
        _start(found.place, timeout)
    with Client(found.place) as client:
        client.hello(HELLO_SECONDS)


def absent(found: Found) -> Problem:
    """What to tell when the engine of ``found`` does not answer and none may be started in its place."""
    folder = str(found.place.config.parent if found.place.kind == "home" else found.place.config)
    if found.why == "none":
        return NotFound(
            N_("There is no office in {folder} yet."),
            N_(
                "`opsconsole demo` shows a made-up city, `opsconsole add URL` watches a first address, "
                "`opsconsole config init` writes an office to edit."
            ),
            folder=folder,
        )
    if found.why == "system":
        return Unreachable(
            N_("The office engine of this machine does not answer."),
            N_("Look with `systemctl status opsconsole`, start it with `systemctl start opsconsole`."),
        )
    if found.why == "other":
        return Unreachable(
            N_("The engine of {folder} does not answer, and the office is another account's."),
            N_("Ask {owner} to start it with `opsconsole engine`."),
            folder=folder,
            owner=_owner(found.place),
        )
    return Unreachable(
        N_("The engine of {folder} does not answer."),
        N_("`opsconsole` starts it and opens the console; `opsconsole engine` runs it in the foreground."),
        folder=folder,
    )


def stop_engine(place: Place, timeout: float = STOP_SECONDS) -> None:
    """End the engine of ``place`` and wait until its socket is gone and its lock is free.

    Raises `Unreachable` when none answers, or when it is still there after ``timeout`` seconds.
    """
    with Client(place) as client:
        client.command(StopEngine())
    until = time.monotonic() + timeout
    while os.path.lexists(place.socket) or _is_held(place.lock):
        if time.monotonic() > until:
            raise Unreachable(
                N_("The engine was told to end, and still runs."),
                N_("If it stays so, replace it: `opsconsole engine --replace`."),
            )
        time.sleep(_PAUSE_SECONDS)


def _is_held(lock: Path) -> bool:
    """Whether an engine still writes its last; not where the file is none of ours to open."""
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _start(place: Place, timeout: float) -> None:
    """Spawn an engine and wait until it, or one that was faster, answers."""
    place.log.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    complaints = place.log / "engine.out"
    before = complaints.stat().st_size if complaints.exists() else 0
    engine = _spawn(place, complaints)
    try:
        _wait_for(place, engine, time.monotonic() + timeout, complaints, before)
    finally:
        # Collects it when it ends while we still run, so that it leaves no zombie.
        threading.Thread(target=engine.wait, name="engine-reaper", daemon=True).start()


def _spawn(place: Place, complaints: Path) -> "subprocess.Popen[bytes]":
    folder = place.config.parent if place.kind == "home" else place.config
    home = ["--home", str(folder)] if place.kind == "home" else []
    with complaints.open("ab") as output:
        return subprocess.Popen(
            # -P: nothing that lies in the office's folder is ever imported.
            [sys.executable, "-P", "-m", "opsconsole", *home, "engine"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            close_fds=True,
            start_new_session=True,
        )


def _wait_for(
    place: Place, engine: "subprocess.Popen[bytes]", until: float, complaints: Path, before: int
) -> None:
    while True:
        code = engine.poll()
        try:
            check_reachable(place)
        except Unreachable:
            pass
        else:
            return
        if code not in (None, 0, LOCK_HELD_EXIT):  # 0 and held: another was faster and is about to answer
            raise Invalid(
                N_("The engine ended at once."),
                N_("Correct what it says, then try again; more is in {log}."),
                lines=_lines_after(complaints, before),
                log=str(place.engine_log),
            )
        if time.monotonic() > until:
            raise Unreachable(
                N_("An engine was started, and does not answer yet."),
                N_("Its log says why: {log}. If it stays so: `opsconsole engine --replace`."),
                log=str(place.engine_log),
            )
        time.sleep(_PAUSE_SECONDS)


def _lines_after(complaints: Path, offset: int) -> tuple[str, ...]:
    with complaints.open("rb") as output:
        output.seek(offset)
        said = output.read(64 * 1024).splitlines()
    return tuple(safe_text(line, 500) for line in said[:_ERROR_LINES])


def _owner(place: Place) -> str:
    try:
        return place.config.parent.owner()
    except (OSError, KeyError):
        return "?"
