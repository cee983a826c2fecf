"""``explain``: the rules behind what an application shows, and the looks that led to it."""

import shutil
import sys
from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.cli import exits
from opsconsole.cli.paper import PIPE_WIDTH, paper
from opsconsole.cli.session import Session
from opsconsole.client.explained import AskExplain
from opsconsole.console.draw.explained import explained_lines
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View


def run(args: Namespace, session: Session) -> int:
    """Print it; 0 whatever the state is. Raises NotFound."""
    with session.client() as client:
        hello = session.greet(client)
        told = client.query(AskExplain(application=args.application))
    if args.json:
        print(msgspec.json.encode(told).decode())
        return exits.OK
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    view = View(width, 24, datetime.now(UTC), Times(hello.zone))
    console = paper()
    for line in explained_lines(told, view):
        console.print(plain(line).rstrip(), soft_wrap=True)
    return exits.OK
