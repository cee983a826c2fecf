"""The verbs of incidents: the list, one of them, and an action for each command."""

import argparse
from typing import TYPE_CHECKING

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli.common_verbs import group, takes_json
from opsconsole.cli.fields import FIELD_HELP
from opsconsole.cli.incident_line import allowed, fields_of, needed
from opsconsole.cli.session import Session
from opsconsole.client.command import CommandShape
from opsconsole.client.incident_commands import INCIDENT_COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Parser, Tree

OWN_VERB = tuple(shape.name for shape in INCIDENT_COMMANDS)
_WINDOWS = ("open", "24h", "7d", "30d", "all")
# What a field means of an incident, where that is not what it means elsewhere.
_FIELD_HELP = {
    "until": N_("how long, such as 30m or 2h, or a time: 06:00; ack: the end of the shift when not given"),
    "person": N_("an account's name, or the id of a person of the office"),
    "into": N_("the incident that it is part of"),
    "members": N_("ids of its members, with commas between"),
    "severity": N_("how bad it is: critical, high, medium or low"),
    "attribution": N_("whether its cause lies within the city's control"),
    "question": N_("which question of triage"),
    "answer": N_("the answer; yes starts the clock of its law"),
    "clock": N_("the clock's id, as `incidents show` has it"),
    "cause": N_("what it was"),
    "false_alarm": N_("nothing had failed"),
    "even_so": N_("also while members are still down, or to correct a cause that was said before"),
    "application": N_("the application's id; none when it is about none"),
    "source": N_("how it came to be known; a call when it is not given"),
    "kind": N_("an outage when it is not given"),
    "category": N_("what kind of cyber incident"),
    "reporter": N_("who told it"),
    "at": N_("when it began: 01:30, 2026-11-23T22:00, or how long ago: 2h; now when it is not given"),
}


def add_incidents(tree: "Tree") -> None:
    """``incidents``, ``incidents list``, ``incidents show`` and the actions."""
    as_json = _("print JSON, for machines")
    tree.verb(("incidents",), _("outages: what is open, who has it, what was done"), group)
    parser = tree.verb(
        ("incidents", "list"), _("incidents, what is open first, the worst first"), listing, nagios=True
    )
    parser.add_argument("--window", choices=_WINDOWS, default="open", help=_("open when it is not given"))
    parser.add_argument("--app", metavar=_("ID"), default="", help=_("only those with this application"))
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    parser.add_argument(
        "--filter", metavar=_("WORDS"), default="",
        help=_("only rows that these words let through, as after /"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=as_json)
    parser = tree.verb(("incidents", "show"), _("one incident with its timeline"), show)
    parser.add_argument("number", metavar="N", help=_which())
    parser.add_argument("--json", action="store_true", help=as_json)
    for shape in INCIDENT_COMMANDS:
        _add_action(tree.verb(shape.verb, translate(shape.help), act), shape)


def _which() -> str:
    return _("the incident: 412, #412 or INS-2026-000412")


def _add_action(parser: "Parser", shape: CommandShape) -> None:
    """The arguments of one action: words by their place, and what may be left out by name."""
    parser.set_defaults(command=shape.name)
    parser.usage = f"%(prog)s {_line(shape)} …"
    parser.add_argument("words", nargs="+", metavar=_line(shape), help=_words_help(shape))
    parser.more = "words"
    if shape.rest:
        parser.add_argument("-m", "--message", metavar=shape.rest.upper(), help=_("the text, given apart"))
    for field in fields_of(shape):
        if not field.required and field.name != shape.rest:
            _add_option(parser, field)
    parser.add_argument(
        "--id", metavar="UUID", dest="command_id",
        help=_("the command's id: asked again with the same one, nothing is done twice"),
    )  # fmt: skip
    takes_json(parser)


def _add_option(parser: "Parser", field: msgspec.structs.FieldInfo) -> None:
    flag, text = f"--{field.name.replace('_', '-')}", _help_of(field.name)
    if field.type is bool:
        parser.add_argument(flag, dest=field.name, action="store_true", help=text)
    else:
        # argparse prints the choices in place of a metavar.
        values = allowed(field)
        metavar = None if values else field.name.upper()
        parser.add_argument(
            flag, dest=field.name, metavar=metavar, default=field.default, choices=values or None, help=text
        )


def _line(shape: CommandShape) -> str:
    """How the words of an action stand: ``N UNTIL REASON``."""
    parts = ["N"] if shape.on else []
    parts += [field.name.upper() for field in needed(shape)]
    if shape.rest:
        required = any(field.name == shape.rest and field.required for field in fields_of(shape))
        parts.append(f"{shape.rest.upper()}" if required else f"[{shape.rest.upper()}]")
    return " ".join(parts)


def _words_help(shape: CommandShape) -> str:
    parts = [_which() + "; " + _("several with commas: 412,413")] if shape.on else []
    for field in needed(shape):
        values = allowed(field)
        told = _help_of(field.name)
        if values and field.name != "severity":
            told = f"{told} ({', '.join(values)})"
        parts.append(f"{field.name.upper()}: {told}")
    if shape.rest:
        parts.append(f"{shape.rest.upper()}: " + _("the rest of the line, without quotes"))
    return ". ".join(parts).replace("%", "%%")


def _help_of(name: str) -> str:
    return translate(_FIELD_HELP.get(name) or FIELD_HELP[name])


def listing(args: argparse.Namespace, session: Session) -> int:
    """What is open."""
    from opsconsole.cli.incidents import run_list

    return run_list(args, session)


def show(args: argparse.Namespace, session: Session) -> int:
    """One of them."""
    from opsconsole.cli.incident_page import run_show

    return run_show(args, session)


def act(args: argparse.Namespace, session: Session) -> int:
    """An action on one or several."""
    from opsconsole.cli.incident_actions import run

    return run(args, session)
