"""``integration problems`` and ``instructions list``: what is to be solved, and what was told to be done."""

from argparse import Namespace
from datetime import UTC, date, datetime

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.instructions import AskInstructions, Instruction
from opsconsole.client.problem_register import AskProblems, RegisteredProblem
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.problem_page import due_text, problem_lines
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_PROBLEMS = (N_("NO"), N_("STATE"), N_("KIND"), N_("OPD"), N_("DUE"), N_("PROBLEM"))
_INSTRUCTIONS = (N_("NO"), N_("STATE"), N_("GOES TO"), N_("DUE"), N_("WHAT"))


def run_problems(args: Namespace, session: Session) -> int:
    """Print the register, or one problem with all that is known of it."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskProblems(number=args.problem, opd=args.opd, all=args.all))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    if not page.problems:
        print(_("No problem is open."))
        return exits.OK
    show(
        paper(),
        columns(
            [translate(one) for one in _PROBLEMS], [_problem(one, page.today, view) for one in page.problems]
        ),
    )
    if args.problem:
        print()
        for line in problem_lines(page.problems[0], view):
            print(line)
    return exits.OK


def run_instructions(args: Namespace, session: Session) -> int:
    """Print the instructions."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskInstructions(opd=args.opd, person=args.person, all=args.all))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    if not page.instructions:
        print(_("No instruction is open."))
        return exits.OK
    rows = [_instruction(one, page.today, view) for one in page.instructions]
    show(paper(), columns([translate(one) for one in _INSTRUCTIONS], rows))
    print(_("Open {open}, late {late}").format(open=page.open, late=page.late))
    return exits.OK


def _problem(one: RegisteredProblem, today: date, view: View) -> tuple[str, ...]:
    return (
        str(one.number),
        words.said(words.PROBLEM_STATUS, one.status),
        words.said(words.CATEGORIES, one.category),
        one.opd or "-",
        due_text(one.due, view, late=one.open and one.due is not None and one.due < today),
        printable(one.text),
    )


def _instruction(one: Instruction, today: date, view: View) -> tuple[str, ...]:
    to = printable(one.opd_short or one.opd)
    return (
        str(one.number),
        words.said(words.INSTRUCTION_STATUS, one.status),
        f"{to} {printable(one.person_name)}".strip(),
        due_text(one.due, view, late=one.late(today)),
        printable(one.text),
    )
