"""The verbs for whoever decides: ``briefing``, ``expiries``, ``dimensions`` and ``references``."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from opsconsole.base.text import N_, _, translate
from opsconsole.cli.common_verbs import takes_json
from opsconsole.cli.session import Session

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

_DIR = N_("the folder with settings.toml; this office's own when it is not given")


def add_outlook(tree: "Tree") -> None:
    """These verbs with their arguments."""
    parser = tree.verb(
        ("briefing",), _("one page for whoever decides: what is so, what needs a decision"), briefing
    )
    parser.add_argument("--format", choices=("text", "md"), default="text", help=_("text or Markdown"))
    parser.add_argument(
        "--at",
        metavar=_("DATE"),
        type=_day,
        default=None,
        help=_("the day, as 2026-11-20; today when not given"),
    )
    takes_json(parser)
    parser = tree.verb(("expiries",), _("everything that ends by itself, and who must act"), expiries)
    parser.add_argument("--days", metavar="N", type=int, default=90, help=_("within so many days; 90"))
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    takes_json(parser)
    parser = tree.verb(("dimensions",), _("the six dimensions of a smart city in counts"), dimensions)
    takes_json(parser)
    parser = tree.verb(("references",), _("laws, decrees and standards, and what goes by them"), references)
    parser.add_argument("id", nargs="?", metavar="ID", default="", help=_("only this one, with every place"))
    parser.add_argument("--dir", metavar=_("DIR"), default="", help=translate(_DIR))
    takes_json(parser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("want a day, as 2026-11-20")) from None


def briefing(args: argparse.Namespace, session: Session) -> int:
    """One page."""
    from opsconsole.cli.outlook import run_briefing

    return run_briefing(args, session)


def expiries(args: argparse.Namespace, session: Session) -> int:
    """What ends."""
    from opsconsole.cli.outlook import run_expiries

    return run_expiries(args, session)


def dimensions(args: argparse.Namespace, session: Session) -> int:
    """Six rows."""
    from opsconsole.cli.outlook import run_dimensions

    return run_dimensions(args, session)


def references(args: argparse.Namespace, session: Session) -> int:
    """What rules go by."""
    from opsconsole.cli.references import run_references

    return run_references(args, session)
