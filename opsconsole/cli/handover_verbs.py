"""The verbs of papers about incidents: the hand-over of a shift, the report that the law asks for."""

from argparse import Namespace
from typing import TYPE_CHECKING

from opsconsole.base.text import _
from opsconsole.cli.common_verbs import takes_json
from opsconsole.cli.session import Session

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

_LAWS = ("bssn", "pdp")


def add_handover(tree: "Tree") -> None:
    """``incidents handover`` and ``incidents report-form``."""
    text = _("what a shift leaves to the next: what is open, what ended, what people did")
    parser = tree.verb(("incidents", "handover"), text, handover)
    parser.add_argument(
        "--at", metavar=_("TIME"), default="",
        help=_("the shift of that time: 01:30, 2026-11-23 22:00, or 8h for so long ago; now when not given"),
    )  # fmt: skip
    takes_json(parser)
    text = _("one incident as the report that the law asks for, in Markdown, to be completed")
    parser = tree.verb(("incidents", "report-form"), text, report_form)
    parser.add_argument("number", metavar="N", help=_("the incident: 412, #412 or INS-2026-000412"))
    parser.add_argument(
        "--law", choices=_LAWS,
        help=_("only for the CSIRT, or only on personal data; what is asked of it when not given"),
    )  # fmt: skip


def handover(args: Namespace, session: Session) -> int:
    """What is left to the next shift."""
    from opsconsole.cli.handover import run_handover

    return run_handover(args, session)


def report_form(args: Namespace, session: Session) -> int:
    """The report of one incident."""
    from opsconsole.cli.handover import run_report

    return run_report(args, session)
