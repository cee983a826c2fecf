"""``schedule``: what runs, is due, is paused, was missed, once; the same table as the console's."""

import sys

import msgspec

from opsconsole.base.text import _
from opsconsole.cli import exits
from opsconsole.cli.paper import paper_view
from opsconsole.cli.session import Session
from opsconsole.client.planned import AskSchedule, Schedule
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.planned import as_of, total_lines
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables import missed, schedule
from opsconsole.console.tables.files import to_text
from opsconsole.console.tables.table import TableView


def run(session: Session, *, as_json: bool) -> int:
    """Print the schedule as it is now."""
    with session.client() as client:
        hello = session.greet(client)
        plan = client.query(AskSchedule())
    if as_json:
        print(msgspec.json.encode(plan).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), plan.at)
    print(f"{hello.office}  {as_of(plan, view)}")
    for line in total_lines(plan, view)[:2]:
        print(plain(line).rstrip())
    print()
    sys.stdout.write(_table(TableView(schedule.SPEC), plan, view))
    if plan.periods:
        print("\n" + _("MISSED TODAY"))
        sys.stdout.write(_table(TableView(missed.SPEC), plan, view))
    return exits.OK


def _table(table: TableView, plan: Schedule, view: View) -> str:
    table.load(table.spec.rows(plan, view))
    return to_text(table.columns(view.width), table.listed(view.now), view.width)
