"""The verbs of the schedule: what is planned, and what is paused."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.common_verbs import send, takes_json
from opsconsole.cli.fields import FIELD_HELP, add_fields
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

OWN_VERB = ("pause", "resume")


def add_schedule(tree: "Tree") -> None:
    """``schedule``, ``pause`` and ``resume``, which the help lists side by side."""
    text = _("print the schedule once: what runs, is due, paused, missed")
    parser = tree.verb(("schedule",), text, schedule)
    takes_json(parser)
    shape = COMMANDS["pause"]
    parser = tree.verb(shape.verb, _("make no looks at an application until a time"), send)
    parser.set_defaults(command=shape.name)
    add_fields(parser, shape, skip=("reason",))
    # Not by its place: a sentence without quotes would be taken apart.
    parser.add_argument("--reason", metavar="REASON", required=True, help=translate(FIELD_HELP["reason"]))
    takes_json(parser)
    shape = COMMANDS["resume"]
    parser = tree.verb(shape.verb, translate(shape.help), send)
    parser.set_defaults(command=shape.name)
    add_fields(parser, shape)
    takes_json(parser)


def schedule(args: Namespace, session: Session) -> int:
    """The schedule once."""
    from opsconsole.cli.schedule import run

    return run(session, as_json=args.json)
