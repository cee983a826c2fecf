"""The verbs ``import`` and ``edit`` with their arguments."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.common_verbs import takes_json
from opsconsole.cli.fields import FIELD_HELP
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS
from opsconsole.client.importing import REGISTERS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

OWN_VERB = ("import", "import-check", "edit")
SOURCES = ("csv", "xlsx", "uptime-kuma", "gatus", "blackbox")


def add_import(tree: "Tree") -> None:
    """Both verbs with their arguments."""
    shape = COMMANDS["import"]
    parser = tree.verb(shape.verb, translate(shape.help), run_import)
    parser.add_argument("file", metavar=_("FILE"), help=_("a file, or a folder with CSV and XLSX files"))
    parser.add_argument(
        "--from", dest="source", choices=SOURCES, default=None,
        help=_("what it is; known from its content when it is not given"),
    )  # fmt: skip
    parser.add_argument(
        "--what", choices=REGISTERS, default=None,
        help=_("what a sheet is a list of; known from its titles when it is not given"),
    )  # fmt: skip
    parser.add_argument(
        "--columns", metavar="KEY=TITLE,…", default="",
        help=_("correct what columns were taken for: a title, a number from 1, or - for none"),
    )  # fmt: skip
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("where rows go that name no OPD"))
    parser.add_argument(
        "--targets", metavar=_("FILE"), default="",
        help=_("a prometheus.yml with the targets of blackbox modules"),
    )  # fmt: skip
    parser.add_argument(
        "--remove", action="store_true", help=_("take out applications or people that the list does not name")
    )
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--dry-run", action="store_true", help=_("only show it, which is the default"))
    doing.add_argument("--apply", action="store_true", help=_("carry it out"))
    takes_json(parser)
    shape = COMMANDS["edit"]
    parser = tree.verb(shape.verb, translate(shape.help), run_edit)
    parser.add_argument("application", metavar="APPLICATION", help=translate(FIELD_HELP["application"]))
    parser.add_argument("key", metavar="KEY", help=_("its key in the file, or PROBE.KEY of a probe"))
    parser.add_argument(
        "value", metavar="VALUE", nargs="+", help=_("what it is to be; - takes the key out of the file")
    )
    takes_json(parser)


def run_import(args: Namespace, session: Session) -> int:
    """Show or carry out an import."""
    from opsconsole.cli.importing import run_import as run

    return run(args, session)


def run_edit(args: Namespace, session: Session) -> int:
    """Write a key of an application."""
    from opsconsole.cli.importing import run_edit as run

    return run(args, session)
