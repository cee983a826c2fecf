"""Making all checks at once within a few seconds, and printing what they found."""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.text import Text

from opsconsole import __version__
from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, _, ngettext, safe_text
from opsconsole.cli.doctor import engine, machine, office, program, terminal
from opsconsole.cli.doctor.check import LEVELS, Check, Finding, Level, Patient, of_problem, warn
from opsconsole.cli.paper import columns, paper, show

CHECKS: tuple[Check, ...] = (
    *program.CHECKS, *office.CHECKS, *engine.CHECKS, *terminal.CHECKS, *machine.CHECKS,
)  # fmt: skip
# All of it, for people who wait: a disk or a keyring that hangs is told as such.
SECONDS = 2.5
_WORDS: dict[Level, str] = {"ok": N_("+ OK"), "warn": N_("~ WARN"), "fail": N_("! FAIL")}
_STYLES: dict[Level, str] = {"ok": "", "warn": "yellow", "fail": "bold red"}


class Found(msgspec.Struct, frozen=True):
    """A check's finding as JSON has it; both texts in the language in use."""

    id: str
    level: Level
    found: str
    todo: str


class Report(msgspec.Struct, frozen=True):
    """What `doctor --json` prints; ``worst`` is the worst level."""

    version: str
    worst: Level
    checks: tuple[Found, ...]


def run(home: Path | None, *, as_json: bool) -> int:
    """Examine everything and print it; 1: something could be better, 2: something does not work."""
    findings = examine(CHECKS, patient_of(home), SECONDS)
    worst = max(findings.values(), key=lambda one: LEVELS.index(one.level)).level
    if as_json:
        rows = tuple(Found(check_id, *finding) for check_id, finding in findings.items())
        print(msgspec.json.encode(Report(__version__, worst, rows)).decode())
    else:
        _print(findings)
    return LEVELS.index(worst)


def patient_of(home: Path | None) -> Patient:
    """The office that is meant, or why none can be settled on, in this process's surroundings."""
    from opsconsole.client.locate import locate

    try:
        found = locate(home, os.environ)
    except Problem as problem:
        return Patient(None, problem=problem)
    return Patient(found.place, found.why)


def examine(checks: Sequence[Check], patient: Patient, seconds: float) -> dict[str, Finding]:
    """Every check's finding by its id, in order; what is not there after ``seconds`` is left behind."""
    results: dict[str, Finding] = {}

    def make(check: Check) -> None:
        results[check.id] = _made(check, patient)

    threads = [threading.Thread(target=make, args=(check,), daemon=True) for check in checks]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0.0))
    late = warn(
        _("no answer within {n} s").format(n=seconds), _("Look at what it depends on: disk, D-Bus, load.")
    )
    return {check.id: results.get(check.id, late) for check in checks}


def _made(check: Check, patient: Patient) -> Finding:
    try:
        return check.run(patient)
    except Problem as problem:
        return of_problem(problem)
    except Exception as error:  # a check that can not be made is a finding, and the others go on
        return warn(
            _("could not be checked: {error}").format(
                error=safe_text(f"{type(error).__name__}: {error}", 200)
            )
        )


def _print(findings: dict[str, Finding]) -> None:
    names = {check.id: check.name for check in CHECKS}
    rows: list[tuple[Text | str, ...]] = []
    for check_id, finding in findings.items():
        rows.append(
            (Text(_(_WORDS[finding.level]), _STYLES[finding.level]), _(names[check_id]), finding.found)
        )
        if finding.todo:
            rows.append(("", "", f"-> {finding.todo}"))
    console = paper()
    show(console, columns((_("CHECK"), "", _("FOUND, and what to do")), rows))
    counts = {level: sum(one.level == level for one in findings.values()) for level in LEVELS}
    total = ngettext("{n} check: ", "{n} checks: ", len(findings)).format(n=len(findings))
    told = _("{ok} well, {warn} could be better, {fail} failed").format(**counts)
    console.print(Text(f"\n{total}{told}"))
