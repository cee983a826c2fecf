"""The verbs ``evidence list`` and ``evidence pack``."""

import argparse
from typing import TYPE_CHECKING

from opsconsole.base.text import _
from opsconsole.cli.common_verbs import group, takes_json
from opsconsole.cli.session import Session

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree


def add_evidence(tree: "Tree") -> None:
    """These verbs with their arguments."""
    from opsconsole.exports.formats import FORMATS

    tree.verb(("evidence",), _("what there is to show for the indicators of an index"), group)
    parser = tree.verb(
        ("evidence", "list"),
        _("what there is for each indicator in a year, and what is missing"),
        evidence_list,
    )
    _of_a_year(parser)
    takes_json(parser)
    parser = tree.verb(
        ("evidence", "pack"), _("write the evidence of one indicator: files, a list, hashes"), evidence_pack
    )
    parser.add_argument("indicator", metavar=_("INDICATOR"), help=_("its number, or its whole name"))
    _of_a_year(parser)
    parser.add_argument("--format", choices=FORMATS, default="xlsx", help=_("xlsx when it is not given"))
    parser.add_argument(
        "-o", "--output", metavar=_("DIR"), default=None,
        help=_("a new folder, or a new file that ends in .zip; without it a new folder among the exports"),
    )  # fmt: skip


def _of_a_year(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", metavar="ID", default="", help=_("which index, where there are several"))
    parser.add_argument(
        "--year", metavar=_("YEAR"), type=int, default=None, help=_("this year when not given")
    )


def evidence_list(args: argparse.Namespace, session: Session) -> int:
    """What there is."""
    from opsconsole.cli.evidence.run import run_list

    return run_list(args, session)


def evidence_pack(args: argparse.Namespace, session: Session) -> int:
    """The files of one indicator."""
    from opsconsole.cli.evidence.run import run_pack

    return run_pack(args, session)
