"""The verbs that look back and around: ``history``, ``log``, ``inventory``, ``opd``."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.fields import FIELD_HELP
from opsconsole.cli.session import Session

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

_WINDOWS = ("1h", "24h", "7d")


def add_past(tree: "Tree") -> None:
    """These verbs with their arguments."""
    as_json = _("print JSON, for machines")
    parser = tree.verb(("history",), _("how an application was: states, availability, latency"), history)
    parser.add_argument("application", metavar="APPLICATION", help=translate(FIELD_HELP["application"]))
    parser.add_argument("--probe", metavar=_("NAME"), default="", help=translate(FIELD_HELP["probe"]))
    parser.add_argument("--window", choices=_WINDOWS, default="24h", help=_("24h when it is not given"))
    parser.add_argument(
        "--at", metavar=_("TIME"), default="",
        help=_("the window's end: 01:30, 2026-11-23 22:00, or how long ago: 2h"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=as_json)
    parser = tree.verb(("log",), _("what happened and what was done, the newest last"), log)
    parser.add_argument(
        "--since", metavar=_("TIME"), default="",
        help=_("from then on: 01:30, 2026-11-23 22:00, or how long ago: 2h; a day when it is not given"),
    )  # fmt: skip
    parser.add_argument(
        "--filter", metavar=_("WORDS"), default="",
        help=_("only entries that these words let through, as after /"),
    )  # fmt: skip
    parser.add_argument("-f", "--follow", action="store_true", help=_("go on with what is added"))
    parser.add_argument("--json", action="store_true", help=_("JSON, one object a line"))
    parser = tree.verb(
        ("inventory",), _("everything that is configured, and what is wrong with it"), inventory
    )
    parser.add_argument("--problems", action="store_true", help=_("only what is wrong"))
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    parser.add_argument("--json", action="store_true", help=as_json)
    parser = tree.verb(("opd",), _("one OPD: its applications, people, problems and log"), opd)
    parser.add_argument("code", metavar=_("CODE"), help=_("the code of its file, such as rsud"))
    parser.add_argument("--json", action="store_true", help=as_json)


def history(args: Namespace, session: Session) -> int:
    """How an application was."""
    from opsconsole.cli.history import run

    return run(args, session)


def log(args: Namespace, session: Session) -> int:
    """What happened."""
    from opsconsole.cli.log import run

    return run(args, session)


def inventory(args: Namespace, session: Session) -> int:
    """The register."""
    from opsconsole.cli.inventory import show_inventory

    return show_inventory(args, session)


def opd(args: Namespace, session: Session) -> int:
    """One agency."""
    from opsconsole.cli.inventory import show_opd

    return show_opd(args, session)
