"""The commands that prove stages, look them over, and reorganise the register."""

from datetime import date
from typing import Literal

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.shapes import Difference, Role

ManualProof = Literal["owner_signed", "api_document", "agreement", "handover"]


class Prove(Args, frozen=True):
    """A document proves what no probe can; ``valid_to`` is its last day, empty for none."""

    application: str
    proof: ManualProof
    document: str
    valid_to: str = ""


class VoidProof(Args, frozen=True):
    """A proof of a document does not hold; it stays in the record, with the reason."""

    application: str
    proof: ManualProof
    reason: str


class Evaluate(Args, frozen=True):
    """Look all stages over now, which the engine does once a day."""


class Reorganise(Args, frozen=True):
    """Change the register on a day. ``plan`` is TOML, as docs/config.md describes it.

    Without ``apply`` nothing is changed, and the result says what would be. The result is a `Reorganised`.
    """

    plan: str
    apply: bool = False


class Reorganised(msgspec.Struct, frozen=True, kw_only=True):
    """What a reorganisation changes, or would.

    ``moved`` are applications with the codes they come from and go to; ``voided`` are (application, proof)
    that must be given again; ``lost`` (OPD, measure) that is counted no longer.
    """

    applied: bool
    date: date
    ended: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    people: tuple[tuple[str, str, str], ...] = ()
    voided: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    differences: tuple[Difference, ...] = ()


INTEGRATION_COMMANDS: tuple[CommandShape, ...] = (
    CommandShape(
        "prove", ("integration", "prove"), Prove, Role.OPERATOR, True,
        N_("a document proves a stage: ID PROOF DOCUMENT"), on="application", rest="document",
    ),
    CommandShape(
        "void", ("integration", "void"), VoidProof, Role.OPERATOR, True,
        N_("a document does not prove it after all: ID PROOF WHY"), on="application", rest="reason",
    ),
    CommandShape(
        "evaluate", ("integration", "evaluate"), Evaluate, Role.OPERATOR, True,
        N_("look all stages over now"),
    ),
    CommandShape(
        "reorganise", ("integration", "reorganise"), Reorganise, Role.ADMIN, True,
        N_("end, start and merge OPD on a day, as a file says"),
    ),
)  # fmt: skip
