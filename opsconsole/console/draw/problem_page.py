"""A problem of the register, and an instruction, with all that is known of them."""

from collections.abc import Iterable
from datetime import date

from opsconsole.base.text import _
from opsconsole.client.instructions import Instruction
from opsconsole.client.problem_register import RegisteredProblem
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.road_events import PARTS
from opsconsole.console.draw.view import View

_SHOWN = ("opd", "application", "impact", "root", "solution", "pic", "bimtek", "before", "after")


def problem_lines(one: RegisteredProblem, view: View) -> Iterable[str]:
    """Everything that a problem says of itself, a line each."""
    for name in _SHOWN:
        if value := getattr(one, name):
            yield f"{_(PARTS[name])}: {printable(value)}"
    if one.reason:
        yield _("why: {reason}").format(reason=printable(one.reason))
    for kind, target in one.links:
        yield _("tied to {kind} {target}").format(
            kind=words.said(words.LINKS, kind), target=printable(target)
        )
    for note in one.notes:
        yield f"{view.at(note.at)} {printable(note.by)}: {printable(note.text)}"


def instruction_lines(one: Instruction, today: date, view: View) -> Iterable[str]:
    """Everything that an instruction says of itself, a line each."""
    issued = _("issued {time} by {who}").format(time=view.at(one.issued_at), who=printable(one.issued_by))
    due = due_text(one.due, view, late=one.late(today))
    yield f"{issued}; {_('due date')}: {due}"
    if one.source:
        yield _("source: {source}").format(source=printable(one.source))
    if one.acknowledged_at is not None:
        told = _("understood {time}, said {who}")
        yield told.format(time=view.at(one.acknowledged_at), who=printable(one.acknowledged_by))
    if one.answered_at is not None:
        told = _("answered {time}, said {who}: {answer}")
        who, answer = printable(one.answered_by), printable(one.answer)
        yield told.format(time=view.at(one.answered_at), who=who, answer=answer)
        yield _("proof: {document}").format(document=printable(one.document))
    if one.withdrawn_at is not None:
        told = _("withdrawn {time}: {reason}")
        yield told.format(time=view.at(one.withdrawn_at), reason=printable(one.withdrawn_why))


def due_text(day: date | None, view: View, *, late: bool) -> str:
    """By when; that it is late."""
    if day is None:
        return "-"
    text = view.times.calendar_day(day, view.now)
    return _("{day} LATE").format(day=text) if late else text
