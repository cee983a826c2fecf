"""The verb ``export`` with its arguments."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _
from opsconsole.cli.session import Session
from opsconsole.client.importing import REGISTERS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree


def add_export(tree: "Tree") -> None:
    """This verb with its arguments."""
    from opsconsole.console.tables.registry import TABLES
    from opsconsole.exports.formats import FORMATS

    text = _("write a view, a register, the timelines or the audit chain as a file")
    parser = tree.verb(("export",), text, export)
    parser.add_argument("view", choices=(*TABLES, "timelines", "audit", *REGISTERS))
    parser.add_argument(
        "--format", choices=(*FORMATS, "text"), default="csv", help=_("csv when it is not given")
    )
    parser.add_argument("--json", action="store_true", help=_("JSON to standard output"))
    parser.add_argument(
        "--filter",
        metavar=_("WORDS"),
        default="",
        help=_("only rows that these words let through, as after /"),
    )
    parser.add_argument(
        "--window", metavar=_("TIME"), default="", help=_("how far back, for views that look back")
    )
    parser.add_argument(
        "--columns", metavar=_("KEYS"), default="", help=_("these columns, with commas between")
    )
    parser.add_argument("--sort", metavar=_("KEY"), default="", help=_("sort by this column"))
    parser.add_argument("--reverse", action="store_true", help=_("turn the order round"))
    parser.add_argument(
        "-o", "--output", metavar=_("FILE"), default=None,
        help=_(
            "a new file, for your account alone; - is standard output. Without it: text, and csv and json of "
            "what is not a record, to standard output, all else to a new file in the exports folder"
        ),
    )  # fmt: skip


def export(args: Namespace, session: Session) -> int:
    """What a view lists, or a record."""
    from opsconsole.cli.export import run

    return run(args, session)
