"""The verbs that prove the log and keep the store: ``audit`` and ``store``."""

import argparse
from typing import TYPE_CHECKING

from opsconsole.base.text import _, translate
from opsconsole.cli.common_verbs import group
from opsconsole.cli.session import Session
from opsconsole.client.commands import COMMANDS

if TYPE_CHECKING:
    from opsconsole.cli.parser import Tree

OWN_VERB = ("backup",)


def add_store(tree: "Tree") -> None:
    """``audit verify``; ``store backup``, ``check``, ``verify`` and ``restore``."""
    as_json = _("print JSON, for machines")
    anchor = _(
        "a head that was kept elsewhere: a file with its number and hash, or SEQ:HASH; may be repeated"
    )
    tree.verb(("audit",), _("the log as evidence: every event seals the one before it"), group)
    text = _("hold every event against its seal, and the log against heads that were kept elsewhere")
    parser = tree.verb(("audit", "verify"), text, verify, nagios=True)
    parser.add_argument(
        "--anchor", dest="anchors", metavar=_("FILE"), action="append", default=[], help=anchor
    )
    parser.add_argument("--json", action="store_true", help=as_json)
    tree.verb(("store",), _("the store: backups, and whether it is whole"), group)
    shape = COMMANDS["backup"]
    parser = tree.verb(shape.verb, translate(shape.help), backup)
    parser.add_argument(
        "file", nargs="?", metavar=_("FILE"), default="",
        help=_("a new file, which the engine's account may write; one of its own folder when not given"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=as_json)
    parser = tree.verb(
        ("store", "check"), _("whether the store in use is whole: pages, tables, chain"), check, nagios=True
    )
    parser.add_argument("--json", action="store_true", help=as_json)
    parser = tree.verb(("store", "verify"), _("whether a backup is whole"), verify_file, nagios=True)
    parser.add_argument("file", metavar=_("FILE"), help=_("a backup"))
    parser.add_argument(
        "--anchor", dest="anchors", metavar=_("FILE"), action="append", default=[], help=anchor
    )
    parser.add_argument("--json", action="store_true", help=as_json)
    text = _("put a backup in the place of the store, which is set aside; only while no engine runs")
    parser = tree.verb(("store", "restore"), text, restore)
    parser.add_argument("file", metavar=_("FILE"), help=_("a backup"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=as_json)


def verify(args: argparse.Namespace, session: Session) -> int:
    """The chain."""
    from opsconsole.cli.audit import run

    return run(args, session)


def backup(args: argparse.Namespace, session: Session) -> int:
    """A copy."""
    from opsconsole.cli.store import run_backup

    return run_backup(args, session)


def check(args: argparse.Namespace, session: Session) -> int:
    """The store in use."""
    from opsconsole.cli.store import run_check

    return run_check(args, session)


def verify_file(args: argparse.Namespace, session: Session) -> int:
    """A copy, looked over."""
    from opsconsole.cli.store import run_verify

    return run_verify(args, session)


def restore(args: argparse.Namespace, session: Session) -> int:
    """A copy, put back."""
    from opsconsole.cli.restore import run

    return run(args, session)
