"""``readiness reminders``, ``sessions``, ``import-attendance``, and the recordings."""

from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import read_sheet
from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.cli import exits
from opsconsole.cli.fields import to_struct
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.attendance import AttendanceReport, Columns, guess, lines_of
from opsconsole.client.commands import COMMANDS
from opsconsole.client.readiness import AskBimtek, AskReminders, Behaviour, Figure
from opsconsole.client.readiness import Session as Bimtek
from opsconsole.client.readiness_commands import CheckAttendance, ImportAttendance
from opsconsole.client.shapes import CommandResult
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.bimtek import figure_text
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_REMINDERS = (N_("OPD"), N_("SINCE"), N_("DAYS"), N_("DUE"), N_("SENT"), N_("GOES TO"), N_("WHY"))
_SESSIONS = (N_("CODE"), N_("WHEN"), N_("PEOPLE"), N_("OPD"), N_("TITLE"))
_FIGURES = (N_("OPD"), N_("WHAT"), N_("BEFORE"), N_("AFTER"))
_UNCLEAR = {
    "unknown": N_("nobody of the office"),
    "ambiguous": N_("several have this name"),
    "twice": N_("twice in the list"),
    "already": N_("recorded already"),
}


def run_reminders(args: Namespace, session: Session) -> int:
    """Who is to be told, or the words to tell them with."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskReminders(opd=args.opd, due=args.due))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    if args.text:
        print("\n\n".join(words.reminder_text(one, page.office, view) for one in page.reminders) or "-")
        return exits.OK
    rows = [
        (
            printable(one.short),
            words.day(one.since, view),
            str(one.days),
            words.of(words.STEPS, one.due) if one.due else "-",
            words.of(words.STEPS, one.sent) if one.sent else "-",
            printable(", ".join(one.to) or "-"),
            ", ".join(map(words.reason_text, one.reasons)),
        )
        for one in page.reminders
    ]
    show(paper(), columns([translate(one) for one in _REMINDERS], rows))
    return exits.OK


def run_sessions(args: Namespace, session: Session) -> int:
    """Bimtek; one with who was there, and figures before and after."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskBimtek(code=args.code))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    rows = [_session_row(one, view) for one in page.sessions]
    show(paper(), columns([translate(one) for one in _SESSIONS], rows))
    for one in page.sessions if args.code else ():
        print(", ".join(map(printable, one.attended)) or "-")
        for line in _figure_rows(one.behaviour):
            print(line)
    return exits.OK


def _session_row(one: Bimtek, view: View) -> tuple[str, ...]:
    return (
        printable(one.code),
        words.day(one.at, view),
        str(len(one.attended)),
        printable(", ".join(one.opds) or "-"),
        printable(one.title),
    )


def _figure_rows(behaviour: Iterable[Behaviour]) -> Iterable[str]:
    rows = [
        (printable(one.opd), words.of(words.FIGURES, figure.what), *_sides(figure))
        for one in behaviour
        for figure in one.figures
    ]
    if rows:
        console = paper()
        with console.capture() as caught:
            show(console, columns([translate(one) for one in _FIGURES], rows))
        yield from caught.get().splitlines()


def _sides(one: Figure) -> tuple[str, str]:
    return figure_text(one.what, one.before, one.before_n), figure_text(one.what, one.after, one.after_n)


def run_attendance(args: Namespace, session: Session) -> int:
    """Read a list, show which column holds what, and record who can be known unless it is a dry run."""
    given = dict(_corrected(one) for one in args.column)
    rows = read_sheet(Path(args.file))
    found = guess(rows, given)
    lines = tuple(lines_of(rows, found))
    asked = CheckAttendance(args.session, lines) if args.dry_run else ImportAttendance(args.session, lines)
    with session.client() as client:
        session.greet(client)
        result = client.command(asked)
    if args.json:
        print(msgspec.json.encode({"columns": found, "report": result.result}).decode())
        return exits.OK
    for line in _attendance_lines(found, result, recorded=not args.dry_run):
        print(line)
    return exits.OK


def _corrected(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals:
        raise Invalid(N_("{text} is no column."), N_("Write name=TITLE, or name=2."), text=text)
    return field.strip(), column.strip()


def _attendance_lines(found: Columns, result: CommandResult, *, recorded: bool) -> Iterable[str]:
    held = ", ".join(
        f"{field} = {printable(found.titles[at]) or at + 1}" for field, at in found.fields.items()
    )
    yield _("Columns: {columns}.").format(columns=held)
    if found.unused:
        yield _("Not used: {columns}.").format(columns=", ".join(map(printable, found.unused)))
    report = msgspec.json.decode(result.result, type=AttendanceReport)
    count = len(report.attended)
    if recorded:
        yield ngettext("{n} person recorded.", "{n} people recorded.", count).format(n=count)
    else:
        yield ngettext("{n} person would be recorded.", "{n} people would be recorded.", count).format(
            n=count
        )
    for one in report.not_understood:
        near = ", ".join(map(printable, one.near))
        yield _("line {line}: {name}: {why}").format(
            line=one.line, name=printable(one.name), why=words.of(_UNCLEAR, one.why)
        ) + (f" ({near})" if near else "")


def run_record(args: Namespace, session: Session) -> int:
    """Post one recording."""
    shape = COMMANDS[args.command]
    if shape.rest and isinstance(getattr(args, shape.rest), list):
        setattr(args, shape.rest, " ".join(getattr(args, shape.rest)))
    with session.client() as client:
        session.greet(client)
        result = client.command(to_struct(shape, args))
    print(msgspec.json.encode(result).decode() if args.json else _("Recorded."))
    return exits.OK
