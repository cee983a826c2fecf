"""The verbs that say why: ``explain``, and ``replay`` for what other thresholds would have done."""

from argparse import ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.fields import FIELD_HELP
from opsconsole.cli.session import Session

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree


def add_why(tree: "Tree") -> None:
    """These verbs with their arguments."""
    as_json = _("print JSON, for machines")
    parser = tree.verb(("explain",), _("why an application shows what it shows, rule by rule"), explain)
    parser.add_argument("application", metavar="APPLICATION", help=translate(FIELD_HELP["application"]))
    parser.add_argument("--json", action="store_true", help=as_json)
    text = _("judge recorded looks again: how many alarms, and with other thresholds")
    parser = tree.verb(("replay",), text, replay)
    moment = _("01:30, 2026-11-23 22:00, or how long ago: 2h")
    parser.add_argument("--since", metavar=_("TIME"), required=True, help=moment)
    parser.add_argument("--until", metavar=_("TIME"), default="", help=_("now when it is not given"))
    parser.add_argument(
        "--app", dest="applications", metavar="APPLICATION", action="append", default=[],
        help=_("only this one; may be given again"),
    )  # fmt: skip
    parser.add_argument("--opd", metavar=_("CODE"), default="", help=_("of this OPD alone"))
    parser.add_argument(
        "--set", dest="sets", metavar=_("NAME=VALUE"), action="append", default=[], type=_setting,
        help=_("attempts=5, recoveries=3 or slow_over=2s; may be given again"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=as_json)


def explain(args: Namespace, session: Session) -> int:
    """Why it is so."""
    from opsconsole.cli.explain import run

    return run(args, session)


def replay(args: Namespace, session: Session) -> int:
    """What alarms there would have been."""
    from opsconsole.cli.replay import run

    return run(args, session)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ArgumentTypeError(_("want NAME=VALUE, such as attempts=5"))
    return name.strip(), value.strip()
