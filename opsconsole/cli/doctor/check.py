"""What a check is, what it finds, and what it may look at."""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place
from opsconsole.base.text import language, safe_text, translations

if TYPE_CHECKING:
    from opsconsole.inventory.office import Inventory

Level = Literal["ok", "warn", "fail"]
LEVELS: tuple[Level, ...] = ("ok", "warn", "fail")


class Finding(NamedTuple):
    """What a check found, and what to do about it; both sentences in the language in use."""

    level: Level
    found: str
    todo: str = ""


def ok(found: str) -> Finding:
    """All is well."""
    return Finding("ok", found)


def warn(found: str, todo: str = "") -> Finding:
    """It works, but not as well as it could."""
    return Finding("warn", found, todo)


def fail(found: str, todo: str) -> Finding:
    """Something does not work."""
    return Finding("fail", found, todo)


class Once:
    """The office's files, read once for all checks that want them; they run at the same time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._read: Inventory | Problem | None = None

    def inventory(self, folder: Path) -> "Inventory":
        """What the files describe. Raises Invalid, each time anew."""
        from opsconsole.inventory.load import load

        with self._guard:
            if self._read is None:
                try:
                    self._read = load(folder)
                except Problem as problem:
                    self._read = problem
        if isinstance(self._read, Problem):
            raise self._read
        return self._read


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: an office, this process's surroundings, and the machine below ``root``.

    ``place`` is None where no office could be settled on; ``problem`` says why. ``why`` is as in
    `opsconsole.client.locate.Found`.
    """

    place: Place | None
    why: str = "none"
    problem: Problem | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    root: Path = Path("/")
    files: Once = field(default_factory=Once)

    def text(self, path: str) -> str:
        """A small file of the machine; empty where it can not be read."""
        try:
            with (self.root / path).open("rb") as file:
                return file.read(64 * 1024).decode("utf-8", "replace")
        except OSError:
            return ""


class Check(NamedTuple):
    """A check: its ``id`` in JSON, its name as a template, and the function that makes it."""

    id: str
    name: str
    run: Callable[[Patient], Finding]


def of_problem(problem: Problem, level: Level = "fail") -> Finding:
    """A problem as a finding."""
    what, todo = problem.sentences(translations(language()))
    return Finding(level, safe_text(what, 300), safe_text(todo, 300))
