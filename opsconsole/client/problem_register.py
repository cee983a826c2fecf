"""The problem register: persoalan, solusi, Bimtek, and whether anything changed."""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.query import Query
from opsconsole.client.shapes import Role

Category = Literal["policy", "people", "application", "data", "infrastructure", "budget", "coordination"]
"""kebijakan, SDM, aplikasi, data, infrastruktur, anggaran, koordinasi."""
Standing = Literal[
    "recorded", "analysed", "agreed", "bimtek_planned", "bimtek_done", "shown", "closed", "cancelled"
]  # fmt: skip
"""In the order of work; ``shown`` is that the change was shown. ``cancelled`` stands beside."""
LinkKind = Literal["incident", "bimtek", "stage", "instruction"]
"""A stage is written ``APPLICATION:T5``, the rest by number or code."""
Part = Literal["impact", "root", "solution", "pic", "due", "bimtek", "before", "after", "opd", "application"]


class ProblemNote(msgspec.Struct, frozen=True, kw_only=True):
    """A line somebody wrote about it."""

    at: datetime
    by: str
    text: str


class RegisteredProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. ``before`` and ``after`` are what was measured, in the words of whoever did.

    ``key`` is its id in road.toml, ``reason`` why it was cancelled or went back. ``version`` grows with each
    change.
    """

    number: int
    text: str
    category: Category
    day: date
    status: Standing = "recorded"
    opd: str = ""
    application: str = ""
    impact: str = ""
    root: str = ""
    solution: str = ""
    pic: str = ""
    due: date | None = None
    bimtek: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    source: str = ""
    key: str = ""
    links: tuple[tuple[LinkKind, str], ...] = ()
    notes: tuple[ProblemNote, ...] = ()
    by: str = ""
    recorded_at: datetime
    changed_at: datetime
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether something is left to do."""
        return self.status not in ("closed", "cancelled")


class ProblemsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Problems: those that are late first, then open ones by number, then the rest."""

    at: datetime
    today: date
    problems: tuple[RegisteredProblem, ...] = ()


class AskProblems(Query[ProblemsPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The register; ``number``, ``opd`` or ``application`` narrow it. ``all``: also what is over."""

    number: int = 0
    opd: str = ""
    application: str = ""
    all: bool = False


class AddProblem(Args, frozen=True):
    """Write a problem down. The result is its number."""

    category: Category
    text: str
    opd: str = ""
    application: str = ""
    source: str = ""


class MoveProblem(Args, frozen=True):
    """It stands elsewhere now; back, and cancelled, need a reason."""

    problem: int
    status: Standing
    reason: str = ""


class NoteProblem(Args, frozen=True):
    """Add a line about it."""

    problem: int
    text: str


class DescribeProblem(Args, frozen=True):
    """Say what one part of it is; a due date as ``2026-12-31``."""

    problem: int
    part: Part
    text: str


class LinkProblem(Args, frozen=True):
    """Tie it to an incident, a Bimtek, an application's stage or an instruction."""

    problem: int
    kind: LinkKind
    target: str


PROBLEM_COMMANDS: tuple[CommandShape, ...] = (
    CommandShape(
        "problem-add", ("problem", "add"), AddProblem, Role.OPERATOR, True,
        N_("write a problem down: CATEGORY WHAT"), rest="text",
    ),
    CommandShape(
        "problem-status", ("problem", "status"), MoveProblem, Role.OPERATOR, True,
        N_("where a problem stands: N STATUS WHY"), on="problem", versioned=True, rest="reason",
    ),
    CommandShape(
        "problem-note", ("problem", "note"), NoteProblem, Role.OPERATOR, True,
        N_("add a line about a problem"), on="problem", rest="text",
    ),
    CommandShape(
        "problem-set", ("problem", "set"), DescribeProblem, Role.OPERATOR, True,
        N_("say what one part of a problem is: N PART WHAT"), on="problem", versioned=True, rest="text",
    ),
    CommandShape(
        "problem-link", ("problem", "link"), LinkProblem, Role.OPERATOR, True,
        N_("tie a problem to what it is about: N KIND WHICH"), on="problem",
    ),
)  # fmt: skip
