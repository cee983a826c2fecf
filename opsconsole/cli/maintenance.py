"""``maintenance list``: what runs, and what is to come."""

from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.maintenance import AskMaintenance, Maintenance
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.maintenance import how_text
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_TITLES = (N_("NO"), N_("STATE"), N_("FROM"), N_("UNTIL"), N_("OF"), N_("BY"), N_("WHY"))


def run(args: Namespace, session: Session) -> int:
    """Print the windows, those that run first."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskMaintenance(application=args.application))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    if not page.windows:
        print(_("No maintenance runs or is planned."))
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    show(paper(), columns([translate(one) for one in _TITLES], [_row(one, view) for one in page.windows]))
    return exits.OK


def _row(one: Maintenance, view: View) -> tuple[str, ...]:
    runs = one.until is not None
    how = how_text(one)
    why = f"{one.why} ({how})" if how else one.why
    return (
        str(one.number or "-"),
        _("runs") if runs else _("to come"),
        view.at(one.began or one.start),
        view.at(one.until or one.end),
        printable(" ".join(one.subjects)),
        printable(one.by),
        printable(why),
    )
