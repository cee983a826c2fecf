"""Instructions from Kominfo to an OPD or a person: their shapes, the query and the commands."""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.query import Query
from opsconsole.client.shapes import Role

Standing = Literal["issued", "acknowledged", "answered", "withdrawn"]


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction, to ``opd`` as a whole, or to ``person`` of it.

    ``due`` is the last day on which it is in time. ``document`` is where the proof of the answer is.
    ``version`` grows with each change.
    """

    number: int
    opd: str
    opd_short: str = ""
    person: str = ""
    person_name: str = ""
    text: str
    due: date
    source: str = ""
    status: Standing = "issued"
    issued_at: datetime
    issued_by: str
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    answer: str = ""
    document: str = ""
    answered_late: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""
    reminded_at: datetime | None = None
    late_at: datetime | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether it still has to be answered."""
        return self.status in ("issued", "acknowledged")

    def late(self, today: date) -> bool:
        """Whether its due date has passed without an answer."""
        return self.open and today > self.due


class InstructionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Instructions: late ones first, then open ones by due date, then answered ones, the newest first."""

    at: datetime
    today: date
    instructions: tuple[Instruction, ...] = ()
    open: int = 0
    late: int = 0


class AskInstructions(Query[InstructionsPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The instructions of the office; ``opd`` or ``person`` narrow it. ``all``: also what is over."""

    opd: str = ""
    person: str = ""
    all: bool = False


class IssueInstruction(Args, frozen=True):
    """Give an OPD (by its code) or a person (by their id) something to do. The result is its number.

    ``due`` is a day (``2026-12-01``) or in how many days (``14d``).
    """

    to: str
    due: str
    text: str
    source: str = ""


class AcknowledgeInstruction(Args, frozen=True):
    """It was understood. ``by`` is who said so, where that is not the caller."""

    instruction: int
    by: str = ""


class AnswerInstruction(Args, frozen=True):
    """It was done: ``document`` is where the proof is, ``answer`` what was done. ``by`` as above."""

    instruction: int
    document: str
    answer: str
    by: str = ""


class WithdrawInstruction(Args, frozen=True):
    """It need not be done; it stays in the record, with the reason."""

    instruction: int
    reason: str


INSTRUCTION_COMMANDS: tuple[CommandShape, ...] = (
    CommandShape(
        "instruct", ("instructions", "issue"), IssueInstruction, Role.OPERATOR, True,
        N_("give an OPD or a person something to do: TO DUE WHAT"), rest="text",
    ),
    CommandShape(
        "instruction-ack", ("instructions", "ack"), AcknowledgeInstruction, Role.OPERATOR, True,
        N_("an instruction was understood"),
    ),
    CommandShape(
        "instruction-answer", ("instructions", "answer"), AnswerInstruction, Role.OPERATOR, True,
        N_("an instruction was done: N PROOF WHAT WAS DONE"), rest="answer",
    ),
    CommandShape(
        "instruction-withdraw", ("instructions", "withdraw"), WithdrawInstruction, Role.OPERATOR, True,
        N_("an instruction need not be done: N WHY"), rest="reason",
    ),
)  # fmt: skip
