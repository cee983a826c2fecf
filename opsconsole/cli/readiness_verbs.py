"""The verbs of readiness: levels, one OPD, one person, reminders, and a verb for each recording."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli.common_verbs import group, takes_json
from opsconsole.cli.session import Session
from opsconsole.client.command import CommandShape
from opsconsole.client.readiness_commands import READINESS_COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Parser, Tree

OWN_VERB = tuple(shape.name for shape in READINESS_COMMANDS)
# The list of names is read from a file, and checked by the same verb.
_FROM_FILE = ("attendance", "attendance-check")
_FIELD_HELP: Mapping[str, str] = {
    "person": N_("the person's id, as `readiness show` has it"),
    "people": N_("the ids of people, with commas between"),
    "opd": N_("the code of the OPD"),
    "application": N_("only for this application"),
    "channel": N_("how they answered: wa, phone, telegram; none: they did not"),
    "at": N_("when it was so: 09:30, 2026-11-20, or how long ago: 2d; now when it is not given"),
    "note": N_("what else there is to say"),
    "meant": N_("also at a time when nobody is drilled"),
    "code": N_("a code for it, such as BT-2026-03"),
    "title": N_("what it is about"),
    "applications": N_("ids of the applications that it is about, with commas between"),
    "session": N_("the code of the Bimtek"),
    "certificate": N_("the number of their certificate"),
    "number": N_("its number"),
    "day": N_("its date, as 2026-11-20"),
    "signer": N_("who signed it"),
    "valid_until": N_("its last day, as 2027-06-30"),
    "scan": N_("where a copy is kept; without one it is not attached yet"),
    "sha256": N_("the SHA-256 of the copy"),
    "version": N_("which version"),
    "source": N_("how it is known: seen, stated by the OPD, or imported"),
    "start": N_("the first day, as 2026-12-01"),
    "end": N_("the last day, as 2026-12-31"),
    "leaving": N_("who left; everybody who did when it is not given"),
    "to": N_("who took over"),
    "what": N_("what changed"),
    "means": N_("its id in the OPD's file"),
    "step": N_("which step of the chain"),
    "reason": N_("why, in a few words"),
}


def add_readiness(tree: "Tree") -> None:
    """``readiness …``."""
    tree.verb(("readiness",), _("the people: what they can, what proves it, when it ends"), group)
    parser = tree.verb(("readiness", "list"), _("every OPD: claimed, proven, when it falls, why"), listing)
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    takes_json(parser)
    parser = tree.verb(("readiness", "show"), _("one OPD with everybody who answers for it"), show)
    parser.add_argument("opd", metavar="OPD", help=translate(_FIELD_HELP["opd"]))
    takes_json(parser)
    parser = tree.verb(("readiness", "person"), _("one person with all that was recorded"), person)
    parser.add_argument("person", metavar="ID", help=translate(_FIELD_HELP["person"]))
    takes_json(parser)
    parser = tree.verb(
        ("readiness", "reminders"), _("who is to be told that something is missing"), reminders
    )
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    parser.add_argument("--due", action="store_true", help=_("only where a step is due"))
    parser.add_argument("--text", action="store_true", help=_("the words to send, up to a letter"))
    takes_json(parser)
    parser = tree.verb(("readiness", "sessions"), _("Bimtek: who was there, and what became of it"), sessions)
    parser.add_argument("code", nargs="?", default="", metavar="CODE", help=_("one, with its figures"))
    takes_json(parser)
    _add_import(tree)
    for shape in READINESS_COMMANDS:
        if shape.name not in _FROM_FILE:
            _add_recording(tree.verb(shape.verb, translate(shape.help), record), shape)


def _add_import(tree: "Tree") -> None:
    text = _("record who attended, from a spreadsheet")
    parser = tree.verb(("readiness", "import-attendance"), text, attendance)
    parser.add_argument("session", metavar="CODE", help=translate(_FIELD_HELP["session"]))
    parser.add_argument("file", metavar=_("FILE"), help=_("CSV or XLSX, with titles above its columns"))
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=TITLE",
        help=_("which column holds what, where it is guessed wrongly: name=Peserta, or its number: opd=3"),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what it comes to, record nothing"))
    takes_json(parser)


def _add_recording(parser: "Parser", shape: CommandShape) -> None:
    parser.set_defaults(command=shape.name)
    for field in msgspec.structs.fields(shape.args):
        text = translate(_FIELD_HELP[field.name])
        flag = f"--{field.name.replace('_', '-')}"
        choices = get_args(field.type) or None
        if field.type is bool:
            parser.add_argument(flag, dest=field.name, action="store_true", help=text)
        elif field.name == shape.rest and field.required:
            parser.add_argument(field.name, nargs="+", metavar=field.name.upper(), help=text)
        elif field.required or (shape.name == "undo" and field.name == "number"):
            parser.add_argument(
                field.name,
                nargs=None if field.required else "?",
                type=int if field.type is int else str,
                default=None if field.required else field.default,
                choices=choices,
                metavar=None if choices else field.name.upper(),
                help=text,
            )
        else:
            parser.add_argument(
                flag,
                dest=field.name,
                default=field.default,
                choices=choices,
                metavar=None if choices else field.name.upper(),
                help=text,
            )
    takes_json(parser)


def listing(args: argparse.Namespace, session: Session) -> int:
    """Every OPD."""
    from opsconsole.cli.readiness import run_list

    return run_list(args, session)


def show(args: argparse.Namespace, session: Session) -> int:
    """One OPD."""
    from opsconsole.cli.readiness import run_show

    return run_show(args, session)


def person(args: argparse.Namespace, session: Session) -> int:
    """One person."""
    from opsconsole.cli.readiness import run_person

    return run_person(args, session)


def reminders(args: argparse.Namespace, session: Session) -> int:
    """Who is to be told."""
    from opsconsole.cli.readiness_more import run_reminders

    return run_reminders(args, session)


def sessions(args: argparse.Namespace, session: Session) -> int:
    """Bimtek."""
    from opsconsole.cli.readiness_more import run_sessions

    return run_sessions(args, session)


def attendance(args: argparse.Namespace, session: Session) -> int:
    """Who attended, from a file."""
    from opsconsole.cli.readiness_more import run_attendance

    return run_attendance(args, session)


def record(args: argparse.Namespace, session: Session) -> int:
    """Any recording."""
    from opsconsole.cli.readiness_more import run_record

    return run_record(args, session)
