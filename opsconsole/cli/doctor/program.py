"""Checks of the program itself: Python, packages, the SQLite library, zones, catalogues."""

import re
import sys
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from opsconsole import __version__
from opsconsole.base.sqlite import SOUND_SINCE, library
from opsconsole.base.text import LANGUAGES, LOCALE, N_, _
from opsconsole.cli.doctor.check import Check, Finding, Patient, fail, ok, warn

_LEAST_PYTHON = (3, 11)
_TRIED_PYTHON = (3, 13)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:==([0-9.]+))?")
_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def python(patient: Patient) -> Finding:
    """The interpreter's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    found = f"Python {version}, opsconsole {__version__}"
    if sys.version_info < _LEAST_PYTHON:
        return fail(found, _("Use Python 3.11 or newer."))
    if sys.version_info[:2] > _TRIED_PYTHON:
        return warn(found, _("Newer than what opsconsole was tried with; Python 3.11 to 3.13 are."))
    return ok(found)


def packages(patient: Patient) -> Finding:
    """Whether everything that opsconsole needs is there, and pinned packages as they were pinned."""
    try:
        wanted = metadata.requires("opsconsole") or []
    except metadata.PackageNotFoundError:
        return warn(_("opsconsole is not installed as a package"), _("Install it with pipx or pip."))
    wrong = [text for line in wanted if ";" not in line and (text := _unlike(line))]
    if wrong:
        return fail(", ".join(wrong), _("Install opsconsole again: pipx reinstall opsconsole."))
    return ok(_("{n} packages, textual {textual}").format(n=len(wanted), textual=metadata.version("textual")))


def _unlike(requirement: str) -> str:
    match = _REQUIREMENT.match(requirement)
    assert match is not None
    name, pinned = match[1], match[2]
    try:
        there = metadata.version(name)
    except metadata.PackageNotFoundError:
        return _("{name} is missing").format(name=name)
    return f"{name} {there} ≠ {pinned}" if pinned and there != pinned else ""


def sqlite(patient: Patient) -> Finding:
    """The version of the SQLite library, and whether it can damage a write-ahead log."""
    module = library()
    return sqlite_verdict(module.sqlite_version, module.__name__.partition(".")[0])


def sqlite_verdict(version: str, source: str) -> Finding:
    """What a version of the library means."""
    found = f"SQLite {version} ({source})"
    if tuple(map(int, version.split("."))) >= SOUND_SINCE:
        return ok(found)
    since = ".".join(map(str, SOUND_SINCE))
    return warn(
        _("{found}; before {since} two checkpoints at once can damage the store").format(
            found=found, since=since
        ),
        _("Install the package pysqlite3, which brings a newer one, and keep backups."),
    )


def zones(patient: Patient) -> Finding:
    """Time zones."""
    try:
        for name in _ZONES:
            ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return fail(
            _("no time zones are known"), _("Install tzdata: apt install tzdata, or pip install tzdata.")
        )
    return ok(_("WIB, WITA and WIT are known"))


def catalogue(patient: Patient) -> Finding:
    """The catalogues of our own sentences."""
    missing = [
        code
        for code in LANGUAGES
        if code != "en" and not (LOCALE / code / "LC_MESSAGES" / "opsconsole.mo").is_file()
    ]
    if missing:
        todo = _("Install opsconsole again; in a clone, `make test` compiles them.")
        return fail(_("not compiled: {languages}").format(languages=", ".join(missing)), todo)
    return ok(", ".join(LANGUAGES))


CHECKS = (
    Check("python", N_("Python"), python),
    Check("packages", N_("packages"), packages),
    Check("sqlite", N_("SQLite"), sqlite),
    Check("zones", N_("time zones"), zones),
    Check("catalogue", N_("languages"), catalogue),
)
