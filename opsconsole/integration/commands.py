"""What the commands of this room come to: each reads what is stored and decides on events, or refuses."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client import instructions as told
from opsconsole.client import problem_register as problems
from opsconsole.client.integration_commands import Prove, VoidProof
from opsconsole.integration import stored
from opsconsole.integration.problem_rules import check_move
from opsconsole.integration.projection import INSTRUCTION, PROBLEM
from opsconsole.inventory.road_model import KnownProblem
from opsconsole.store.drafts import Decided, EventDraft

Author = Callable[[str, str, Mapping[str, object]], EventDraft]
"""Makes an event of kind, subject and body in the name of whoever asked."""


def prove(args: Prove, day: date, until: date | None, author: Author) -> Decided:
    """A document was given. Raises Invalid for one that is over already."""
    if not args.document.strip():
        raise Invalid(N_("A proof needs a document."), N_("Say its number, or where it is kept."))
    if until is not None and until < day:
        raise Invalid(N_("That document is over since {day}."), day=until.isoformat())
    body = {
        "proof": args.proof,
        "document": args.document.strip(),
        "day": day.isoformat(),
        "until": until.isoformat() if until else "",
    }
    return Decided((author("integration.proved", args.application, body),))


def void(args: VoidProof, day: date, author: Author) -> Decided:
    """A document holds no longer. Raises Invalid without a reason."""
    reason = _said(args.reason, N_("Voiding a proof needs a reason."))
    body = {"proof": args.proof, "reason": reason, "day": day.isoformat()}
    return Decided((author("integration.voided", args.application, body),))


def add_problem(conn: Connection, args: problems.AddProblem, day: date, author: Author) -> Decided:
    """A new problem; its number is the result."""
    text = _said(args.text, N_("A problem needs a description."))
    body = {
        "category": args.category,
        "text": text,
        "day": day.isoformat(),
        "opd": args.opd,
        "application": args.application,
        "source": args.source.strip(),
    }
    return _record(conn, body, author)


def known_problems(conn: Connection, known: Iterable[KnownProblem], author: Author) -> Decided:
    """Those of the files that the register does not have yet; the result is how many."""
    have = {one.key for one in stored.problems(conn)}
    number = stored.next_number(conn, "problem")
    events: list[EventDraft] = []
    for one in known:
        if one.id not in have:
            body = {
                "number": number + len(events),
                "key": one.id,
                "day": one.date.isoformat(),
                "due": one.due.isoformat() if one.due else "",
                **one.model_dump(exclude={"id", "date", "due"}),
            }
            events.append(author("problem.recorded", f"{PROBLEM}{body['number']}", body))
    return Decided(tuple(events), len(events))


def move_problem(conn: Connection, args: problems.MoveProblem, author: Author) -> Decided:
    """It stands elsewhere. Raises what `check_move` raises."""
    before = _problem(conn, args.problem)
    check_move(before, args.status, args.reason.strip())
    body = {"status": args.status, "was": before.status, "reason": args.reason.strip()}
    return _about(PROBLEM, args.problem, "problem.moved", body, author)


def note_problem(conn: Connection, args: problems.NoteProblem, author: Author) -> Decided:
    """A line about it."""
    _problem(conn, args.problem)
    text = _said(args.text, N_("A note needs words."))
    return _about(PROBLEM, args.problem, "problem.noted", {"text": text}, author)


def describe_problem(conn: Connection, args: problems.DescribeProblem, author: Author) -> Decided:
    """One part of it. Raises Conflict where it says that already, Invalid for a due date that is none."""
    before, text = _problem(conn, args.problem), args.text.strip()
    if args.part == "due" and text:
        text = written_day(text).isoformat()
    known = getattr(before, args.part)
    if text == (known.isoformat() if isinstance(known, date) else known or ""):
        raise Conflict(N_("Problem {number} says that already."), number=args.problem)
    body = {"part": args.part, "text": text}
    return _about(PROBLEM, args.problem, "problem.described", body, author)


def link_problem(
    conn: Connection, args: problems.LinkProblem, author: Author, *, exists: Callable[[str, str], bool]
) -> Decided:
    """What it is tied to. ``exists(kind, target)`` says whether there is such a thing."""
    before = _problem(conn, args.problem)
    if not exists(args.kind, args.target):
        raise NotFound(N_("There is no {kind} {target}."), kind=args.kind, target=args.target)
    if (args.kind, args.target) in before.links:
        raise Conflict(N_("Problem {number} is tied to it already."), number=args.problem)
    body = {"kind": args.kind, "target": args.target}
    return _about(PROBLEM, args.problem, "problem.linked", body, author)


class To(NamedTuple):
    """Whom an instruction goes to: an OPD as a whole, or a person of it."""

    opd: str
    person: str = ""


def issue(conn: Connection, args: told.IssueInstruction, to: To, due: date, author: Author) -> Decided:
    """A new instruction; its number is the result."""
    number = stored.next_number(conn, "instruction")
    body = {
        "number": number,
        "opd": to.opd,
        "person": to.person,
        "text": _said(args.text, N_("An instruction needs words.")),
        "due": due.isoformat(),
        "source": args.source.strip(),
    }
    return Decided((author("instruction.issued", f"{INSTRUCTION}{number}", body),), number)


def acknowledge(conn: Connection, args: told.AcknowledgeInstruction, by: str, author: Author) -> Decided:
    """It was understood."""
    if _open(conn, args.instruction).status == "acknowledged":
        raise Conflict(N_("Instruction {number} is acknowledged already."), number=args.instruction)
    return _about(INSTRUCTION, args.instruction, "instruction.acknowledged", {"by": by}, author)


def answer(conn: Connection, args: told.AnswerInstruction, by: str, today: date, author: Author) -> Decided:
    """It was done, and here is the proof."""
    before = _open(conn, args.instruction)
    body = {
        "by": by,
        "document": _said(args.document, N_("An answer needs a proof.")),
        "answer": _said(args.answer, N_("An answer needs words.")),
        "late": today > before.due,
    }
    return _about(INSTRUCTION, args.instruction, "instruction.answered", body, author)


def withdraw(conn: Connection, args: told.WithdrawInstruction, author: Author) -> Decided:
    """It need not be done."""
    _open(conn, args.instruction)
    reason = _said(args.reason, N_("Withdrawing needs a reason."))
    return _about(INSTRUCTION, args.instruction, "instruction.withdrawn", {"reason": reason}, author)


def due_events(conn: Connection, today: date, soon_days: int, author: Author) -> tuple[EventDraft, ...]:
    """The reminders that are due, each once: some days before, and when an instruction has become late."""
    events = []
    for one in stored.instructions(conn):
        days = (one.due - today).days
        if not one.open:
            continue
        body = {"opd": one.opd, "person": one.person, "due": one.due.isoformat()}
        if days < 0 and one.late_at is None:
            events.append(author("instruction.late", f"{INSTRUCTION}{one.number}", body))
        elif 0 <= days <= soon_days and one.reminded_at is None:
            events.append(author("instruction.due_soon", f"{INSTRUCTION}{one.number}", body))
    return tuple(events)


def _record(conn: Connection, body: dict[str, Any], author: Author) -> Decided:
    number = stored.next_number(conn, "problem")
    event = author("problem.recorded", f"{PROBLEM}{number}", {"number": number, **body})
    return Decided((event,), number)


def _about(prefix: str, number: int, kind: str, body: Mapping[str, object], author: Author) -> Decided:
    return Decided((author(kind, f"{prefix}{number}", body),), number)


def _problem(conn: Connection, number: int) -> problems.RegisteredProblem:
    found = stored.problem(conn, number)
    if found is None:
        raise NotFound(
            N_("There is no problem {number}."),
            N_("`opsconsole integration problems` lists them."),
            number=number,
        )
    return found


def _open(conn: Connection, number: int) -> told.Instruction:
    found = stored.instruction(conn, number)
    if found is None:
        raise NotFound(
            N_("There is no instruction {number}."),
            N_("`opsconsole instructions list` lists them."),
            number=number,
        )
    if not found.open:
        raise Conflict(
            N_("Instruction {number} is over: it was answered or withdrawn."),
            N_("Issue another one if something is left to do."),
            number=number,
        )
    return found


def _said(text: str, otherwise: str) -> str:
    if not text.strip():
        raise Invalid(otherwise)
    return text.strip()


def written_day(text: str) -> date:
    """The day of ``2026-12-31``. Raises `Invalid`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(N_("{text} is no day."), N_("Write it as 2026-12-31."), text=text) from None
