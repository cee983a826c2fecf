"""Checks of the engine: whether it answers and to whom, who holds its lock, its service, its limits."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import msgspec

from opsconsole import __version__
from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import N_, _, safe_text
from opsconsole.cli.doctor.check import Check, Finding, Patient, fail, of_problem, ok, warn
from opsconsole.client.calls import Client
from opsconsole.client.shapes import Hello
from opsconsole.client.start import absent
from opsconsole.engine.lock import Holder

# One greeting is answered from memory; the whole examination must not wait for a hung engine.
_HELLO_SECONDS = 1.5
_SYSTEMCTL_SECONDS = 1.5
# Files that an engine has open beside one connection for each look under way.
_OWN_FILES = 100
_UNITS = (
    "etc/systemd/system",
    "usr/lib/systemd/system",
    "usr/local/lib/systemd/system",
    "lib/systemd/system",
)


def engine(patient: Patient) -> Finding:
    """Whether the engine answers, of which version it is, and what it takes the caller for."""
    place = patient.place
    if place is None or not place.settings.exists():
        return ok(_("no office, so no engine"))
    try:
        with Client(place) as client:
            hello = client.hello(_HELLO_SECONDS)
    except Unreachable as problem:
        return _unreachable(patient, place, problem)
    except Problem as problem:
        return of_problem(problem)
    return engine_verdict(hello)


def engine_verdict(hello: Hello) -> Finding:
    """What an engine's greeting means."""
    found = _("version {version}, run {run}; you are {role}").format(
        version=safe_text(hello.version, 40), run=hello.run, role=hello.caller.role.value
    )
    if hello.caller.role.value == "none":
        return warn(found, _("Ask an admin to write you into [access] of settings.toml."))
    if hello.version != __version__:
        todo = _("This opsconsole is {version}; start the engine again: opsconsole engine --replace.")
        return warn(found, todo.format(version=__version__))
    return ok(found)


def _unreachable(patient: Patient, place: Place, problem: Unreachable) -> Finding:
    holder = _holder(place)
    if holder is not None and _state(holder.pid) in ("T", "t"):
        return fail(
            _("process {pid} holds the lock and is stopped").format(pid=holder.pid),
            _("kill -CONT {pid}, or opsconsole engine --replace").format(pid=holder.pid),
        )
    if holder is not None and _is_alive(holder.pid):
        return fail(
            _("process {pid} runs and does not answer").format(pid=holder.pid),
            _("If it stays so: opsconsole engine --replace; its log is {log}.").format(log=place.engine_log),
        )
    if patient.why == "own":
        return warn(
            _("no engine runs"), _("opsconsole starts it; opsconsole engine runs it in the foreground.")
        )
    from opsconsole.client.locate import Found

    return of_problem(
        absent(Found(place, may_start=False, why="system" if place.kind == "system" else "other"))
    )


def lock(patient: Patient) -> Finding:
    """Who holds the store's lock."""
    if patient.place is None or not patient.place.lock.exists():
        return ok(_("never taken"))
    if not os.access(patient.place.lock, os.R_OK):
        return ok(_("this account may not read it"))
    holder = _holder(patient.place)
    if holder is None or not _is_alive(holder.pid):
        return ok(_("free"))
    return ok(_("process {pid}, run {run}").format(pid=holder.pid, run=holder.run))


def unit(patient: Patient) -> Finding:
    """Whether the machine's office has a service, and whether it runs."""
    files = [patient.root / folder / "opsconsole.service" for folder in _UNITS]
    there = next((path for path in files if path.exists()), None)
    if there is None:
        if patient.place is None or patient.place.kind != "system":
            return ok(_("none; an office of one's own needs none"))
        todo = _(
            "opsconsole engine unit > /etc/systemd/system/opsconsole.service, then systemctl daemon-reload"
        )
        return warn(_("the machine has an office and no service"), todo)
    state = _service_state() if (patient.root / "run/systemd/system").is_dir() else ""
    if state in ("failed", "inactive"):
        return fail(f"{there}: {state}", _("systemctl status opsconsole says why."))
    return ok(f"{there}{': ' + state if state else ''}")


def _service_state() -> str:
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return ""
    try:
        done = subprocess.run(
            [systemctl, "is-active", "opsconsole"],
            capture_output=True, text=True, check=False, timeout=_SYSTEMCTL_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return safe_text(done.stdout.strip(), 40)


def files(patient: Patient) -> Finding:
    """How many files the engine may have open: a connection for each probe at worst."""
    probes = 0
    if patient.place is not None and patient.place.settings.exists():
        with suppress(Problem):  # what is wrong with the files is another check's
            probes = sum(1 for _probe in patient.files.inventory(patient.place.config).probes())
    return files_verdict(_soft_limit(patient), probes)


def files_verdict(limit: int, probes: int) -> Finding:
    """What a limit of open files means for so many probes."""
    found = _("{limit} files for {probes} probes").format(limit=limit, probes=probes)
    if limit < probes + _OWN_FILES:
        return warn(found, _("Raise it: ulimit -n 65536, or LimitNOFILE=65536 in the unit."))
    return ok(found)


def _soft_limit(patient: Patient) -> int:
    """The engine's own limit where it runs and may be asked, else what an engine of ours would get."""
    holder = _holder(patient.place) if patient.place is not None else None
    process = str(holder.pid) if holder is not None and _is_alive(holder.pid) else "self"
    for line in (patient.text(f"proc/{process}/limits") or patient.text("proc/self/limits")).splitlines():
        if line.startswith("Max open files"):
            soft = line.split()[3]
            return int(soft) if soft.isdigit() else 1 << 30
    return 1 << 30


def _holder(place: Place) -> Holder | None:
    """What the last holder wrote into the lock's file. The lock is not touched: an engine may be starting."""
    try:
        return msgspec.json.decode(place.lock.read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _is_alive(pid: int) -> bool:
    """Whether the process is there and is one of ours: after a crash its number may be another's."""
    try:
        return b"opsconsole" in Path(f"/proc/{pid}/cmdline").read_bytes() or pid == os.getpid()
    except OSError:
        return False


def _state(pid: int) -> str:
    """One letter of proc(5); ``T`` is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return ""


CHECKS = (
    Check("engine", N_("engine"), engine),
    Check("lock", N_("lock"), lock),
    Check("unit", N_("service"), unit),
    Check("files", N_("open files"), files),
)
