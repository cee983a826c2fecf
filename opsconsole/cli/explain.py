"""``explain``: the rules behind what an application shows, and the looks that led to it."""

from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.cli import exits
from opsconsole.cli.paper import paper, paper_view
from opsconsole.cli.session import Session
from opsconsole.client.explained import AskExplain
from opsconsole.console.draw.explained import explained_lines
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.times import Times


def run(args: Namespace, session: Session) -> int:
    """Print it; 0 whatever the state is. Raises NotFound."""
    with session.client() as client:
        hello = session.greet(client)
        told = client.query(AskExplain(application=args.application))
    if args.json:
        print(msgspec.json.encode(told).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    console = paper()
    for line in explained_lines(told, view):
        console.print(plain(line).rstrip(), soft_wrap=True)
    return exits.OK
