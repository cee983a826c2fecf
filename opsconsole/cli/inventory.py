"""``inventory`` and ``opd``: the register with what is wrong with it, and one agency of it."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import _
from opsconsole.cli import exits
from opsconsole.cli.paper import paper_view
from opsconsole.cli.session import Session
from opsconsole.client.agency import AskOpd
from opsconsole.client.findings import AskInventory
from opsconsole.console.draw import agency
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables import inventory, opd, register
from opsconsole.console.tables.files import to_text
from opsconsole.console.tables.table import TableView


def show_inventory(args: Namespace, session: Session) -> int:
    """Print what is wrong, and with it every entry unless only problems are wanted."""
    with session.client() as client:
        view = _view(session.greet(client).zone)
        page = client.query(AskInventory(opd=args.opd))
    if args.json:
        shown = msgspec.structs.replace(page, entries=(), opds=()) if args.problems else page
        print(msgspec.json.encode(shown).decode())
        return exits.OK
    tables = [TableView(inventory.SPEC)] + [TableView(register.SPEC)] * (not args.problems)
    for number, table in enumerate(tables):
        table.load(table.spec.rows(page, view))
        title = _("PROBLEMS {n}") if number == 0 else _("REGISTER {n}")
        print(("\n" if number else "") + title.format(n=len(table.rows)))
        sys.stdout.write(to_text(table.columns(view.width), table.rows, view.width))
    return exits.OK


def show_opd(args: Namespace, session: Session) -> int:
    """Print an agency as its page shows it."""
    with session.client() as client:
        view = _view(session.greet(client).zone)
        page = client.query(AskOpd(code=args.code))
        if args.json:
            print(msgspec.json.encode(page).decode())
            return exits.OK
        board = client.board()
    rows = {row.id: row for row in board.applications}
    own = next((row for row in board.opds if row.code == page.opd.code), None)
    table = TableView(opd.SPEC)
    table.load(opd.SPEC.rows(opd.Shown(page, rows), view))
    lines = [plain(line).rstrip() for line in agency.fact_lines(page, own, view)]
    lines += ["", _("APPLICATIONS {n}").format(n=len(table.rows))]
    lines += to_text(table.columns(view.width), table.rows, view.width).splitlines()
    for number in range(len(agency.PANES)):
        lines += ["", agency.pane_title(number, page)]
        lines += [plain(line).rstrip() for line in agency.pane_lines(number, page, rows, view)]
    print("\n".join(lines))
    return exits.OK


def _view(zone: str) -> View:
    return paper_view(Times(zone), datetime.now(UTC))
