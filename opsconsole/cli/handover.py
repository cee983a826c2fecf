"""``incidents handover`` and ``incidents report-form``: papers that leave the screen."""

from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.cli import exits
from opsconsole.cli.incident_line import known_number
from opsconsole.cli.paper import paper_view
from opsconsole.cli.session import Session
from opsconsole.client.incident_pages import AskHandover, AskIncident
from opsconsole.client.moments import parse_moment
from opsconsole.console.draw.handover import handover_text
from opsconsole.console.draw.incident_report import report
from opsconsole.console.draw.times import Times


def run_handover(args: Namespace, session: Session) -> int:
    """Print what a shift leaves to the next. Raises Invalid for a time that means nothing."""
    now = datetime.now(UTC)
    with session.client() as client:
        hello = session.greet(client)
        times = Times(hello.zone)
        at = parse_moment(args.at, times.tzinfo, now) if args.at else None
        handover = client.query(AskHandover(at=at))
    if args.json:
        print(msgspec.json.encode(handover).decode())
        return exits.OK
    print(handover_text(handover, hello.office, paper_view(times, now)), end="")
    return exits.OK


def run_report(args: Namespace, session: Session) -> int:
    """Print the report of an incident. Raises `NotFound`, and `Invalid` for what is no number."""
    number = known_number(args.number)
    with session.client() as client:
        hello = session.greet(client)
        detail = client.query(AskIncident(number=number))
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    print(report(detail, hello.office, hello.caller.person, view, args.law), end="")
    return exits.OK
