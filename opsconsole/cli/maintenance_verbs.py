"""The verbs of maintenance: list, plan, end."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.common_verbs import group, send
from opsconsole.cli.fields import FIELD_HELP, add_fields
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

OWN_VERB = ("maintenance", "maintenance-end")


def add_maintenance(tree: "Tree") -> None:
    """``maintenance list``, ``add`` and ``end``."""
    as_json = _("print JSON, for machines")
    tree.verb(("maintenance",), _("planned work: looks go on, nobody is alarmed"), group)
    parser = tree.verb(("maintenance", "list"), _("what runs, and what is to come"), listing)
    parser.add_argument(
        "application", nargs="?", metavar="APPLICATION", default="", help=_("only what covers this one")
    )
    parser.add_argument("--json", action="store_true", help=as_json)
    shape = COMMANDS["maintenance"]
    parser = tree.verb(shape.verb, _("plan maintenance until a time"), send)
    parser.set_defaults(command=shape.name)
    subject = _("an application or service by its id, opd:CODE, or * for everything")
    parser.add_argument("application", metavar="SUBJECT", help=subject)
    add_fields(parser, shape, skip=("application", "reason"))
    # Not by its place: a sentence without quotes would be taken apart.
    parser.add_argument("--reason", metavar="REASON", required=True, help=translate(FIELD_HELP["reason"]))
    parser.add_argument("--json", action="store_true", help=as_json)
    shape = COMMANDS["maintenance-end"]
    parser = tree.verb(shape.verb, translate(shape.help), send)
    parser.set_defaults(command=shape.name)
    parser.add_argument("application", nargs="?", metavar="SUBJECT", default="", help=subject)
    add_fields(parser, shape, skip=("application",))
    parser.add_argument("--json", action="store_true", help=as_json)


def listing(args: Namespace, session: Session) -> int:
    """What runs, and what is to come."""
    from opsconsole.cli.maintenance import run

    return run(args, session)
