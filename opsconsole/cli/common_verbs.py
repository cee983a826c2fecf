"""What verbs of every capability have in common: their group, ``--json``, a plain command."""

import argparse

from opsconsole.base.text import _
from opsconsole.cli.session import Session


def takes_json(parser: argparse.ArgumentParser) -> None:
    """Let the verb print JSON instead."""
    parser.add_argument("--json", action="store_true", help=_("print JSON, for machines"))


def group(args: argparse.Namespace, session: Session) -> int:
    """The first word of several verbs, alone: it says what there is. Exit code 0."""
    args.parser.print_help()
    return 0


def send(args: argparse.Namespace, session: Session) -> int:
    """Any command of the engine that needs nothing but its fields; the exit code."""
    from opsconsole.cli.send import run

    return run(args, session)
