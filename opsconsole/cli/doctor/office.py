"""Checks of the office's folders and files: whose they are, who may change them, whether they are valid."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _, safe_text
from opsconsole.cli.doctor.check import Check, Finding, Patient, fail, of_problem, ok, warn

# Room for a day's looks and the log of a bad one; below it the store is about to stop.
_LITTLE_BYTES, _TOO_LITTLE_BYTES = 500 * 1024**2, 50 * 1024**2
_LITTLE_INODES = 1000
_PEOPLE_MODE = 0o640
_MOST_FILES = 5000


def office(patient: Patient) -> Finding:
    """Which office is meant, and whether there is one."""
    if patient.place is None:
        return of_problem(patient.problem) if patient.problem else fail(_("no office"), _("Use --home DIR."))
    folder = str(patient.place.config)
    if not patient.place.settings.exists():
        return warn(
            _("no office in {folder} yet").format(folder=folder),
            _("opsconsole demo shows a made-up city; opsconsole add URL watches a first address."),
        )
    kinds = {"home": _("a home of its own"), "system": _("the machine's"), "user": _("this account's own")}
    return ok(f"{folder}, {kinds[patient.place.kind]}")


def owner(patient: Patient) -> Finding:
    """Everything of an office belongs to one account; what root left in it the engine can not change."""
    folders = _folders(patient)
    if not folders:
        return ok(_("nothing is there yet"))
    uid = folders[0].stat().st_uid
    others = [path for folder in folders for path in _below(folder) if _uid(path) not in (uid, None)]
    if patient.place is not None and patient.place.kind == "system":
        others = [path for path in others if _uid(path) != 0]
    if not others:
        return ok(_("everything belongs to {owner}").format(owner=_name(uid)))
    first = others[0]
    return fail(
        _("{path} belongs to {other}, the rest to {owner} ({n} files)").format(
            path=first, other=_name(_uid(first) or 0), owner=_name(uid), n=len(others)
        ),
        f"chown -R {_name(uid)} {folders[0]}",
    )


def rights(patient: Patient) -> Finding:
    """Nobody else may change the files, nor the folders they lie in."""
    for folder in _folders(patient):
        for path in (folder, *folder.resolve().parents):
            mode = path.stat().st_mode
            if mode & stat.S_IWOTH and (path == folder or not mode & stat.S_ISVTX):
                return fail(_("anybody may change {path}").format(path=path), f"chmod o-w {path}")
        for path in _below(folder):
            if _mode(path) & stat.S_IWOTH:
                return fail(_("anybody may change {path}").format(path=path), f"chmod -R o-w {folder}")
    if patient.place is not None and patient.place.config.is_dir():
        for path in (patient.place.config, *_below(patient.place.config)):
            if _mode(path) & stat.S_IWGRP:
                todo = f"chmod -R g-w {patient.place.config}"
                return warn(_("the group may change {path}").format(path=path), todo)
    return ok(_("only the owner may change anything"))


def people(patient: Patient) -> Finding:
    """Files with telephone numbers are for the owner and the group alone."""
    folder = patient.place.config / "people" if patient.place else None
    files = [path for path in _below(folder) if path.suffix == ".toml"] if folder and folder.is_dir() else []
    loose = [path for path in files if _mode(path) & 0o777 & ~_PEOPLE_MODE]
    if not loose:
        return ok(_("{n} files, none readable by everybody").format(n=len(files)))
    found = _("{path} is {mode:o}; it holds telephone numbers").format(
        path=loose[0], mode=_mode(loose[0]) & 0o777
    )
    return warn(found, f"chmod 0640 {folder}/*.toml")


def config(patient: Patient) -> Finding:
    """Whether the files are accepted, and how much they describe."""
    if patient.place is None or not patient.place.settings.exists():
        return ok(_("nothing to read yet"))
    try:
        inventory = patient.files.inventory(patient.place.config)
    except Invalid as problem:
        if not problem.lines:
            return of_problem(problem)
        found = _("mistakes: {n}; the first: {line}").format(
            n=len(problem.lines), line=safe_text(problem.lines[0], 200)
        )
        return fail(found, _("opsconsole config check lists them all."))
    return ok(
        _("{applications} applications, {probes} probes").format(
            applications=len(inventory.applications), probes=sum(1 for _probe in inventory.probes())
        )
    )


def store(patient: Patient) -> Finding:
    """Whether the store's folder can be written by this account, and how large the store is."""
    if patient.place is None or not patient.place.store.is_dir():
        return ok(_("not made yet"))
    folder, database = patient.place.store, patient.place.database
    size = database.stat().st_size / 1024**2 if database.exists() else 0.0
    found = _("{folder}, {size:.1f} MiB").format(folder=folder, size=size)
    if patient.why == "own" and not os.access(folder, os.W_OK | os.X_OK):
        return fail(_("{folder} can not be written").format(folder=folder), f"chmod u+rwx {folder}")
    return ok(found)


def disk(patient: Patient) -> Finding:
    """Room where the store lies: bytes and inodes."""
    if patient.place is None:
        return ok(_("no store yet"))
    folder = next(path for path in (patient.place.store, *patient.place.store.parents) if path.exists())
    usage, counts = shutil.disk_usage(folder), os.statvfs(folder)
    return disk_verdict(str(folder), usage.free, counts.f_favail if counts.f_files else None)


def disk_verdict(folder: str, free: int, inodes: int | None) -> Finding:
    """What so many free bytes and inodes mean; ``inodes`` None where the file system does not count them."""
    found = _("{free:.1f} GiB free at {folder}").format(free=free / 1024**3, folder=folder)
    todo = _("Make room there: without it looks go on and nothing is recorded.")
    if free < _TOO_LITTLE_BYTES or inodes == 0:
        return fail(found, todo)
    if inodes is not None and inodes < _LITTLE_INODES:
        return warn(_("{found}, only {n} more files").format(found=found, n=inodes), todo)
    return warn(found, todo) if free < _LITTLE_BYTES else ok(found)


def _folders(patient: Patient) -> list[Path]:
    place = patient.place
    if place is None:
        return []
    named = (place.config, place.store, place.run, place.log, place.exports)
    return list(dict.fromkeys(folder for folder in named if folder.is_dir()))


def _below(folder: Path) -> Iterator[Path]:
    """Files and folders below, as many as an office may have; links are not followed."""
    count = 0
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            count += 1
            if count > _MOST_FILES:
                return
            if not (path := Path(top) / name).is_symlink():
                yield path


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _uid(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


CHECKS = (
    Check("office", N_("office"), office),
    Check("owner", N_("owner"), owner),
    Check("rights", N_("rights"), rights),
    Check("people", N_("people's files"), people),
    Check("config", N_("configuration"), config),
    Check("store", N_("store"), store),
    Check("disk", N_("disk"), disk),
)
