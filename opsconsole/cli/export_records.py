"""What ``export timelines`` and ``export audit`` write; of the chain one page at a time is held."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _, language
from opsconsole.cli.export import ask, check_keys, matching
from opsconsole.client.audit import AskAuditHead, AskAuditPage, AuditHead
from opsconsole.client.calls import Client
from opsconsole.client.incident_pages import AskIncident
from opsconsole.console.draw.incident import entry_text
from opsconsole.console.draw.view import View
from opsconsole.console.tables import incidents
from opsconsole.console.tables.table import TableView
from opsconsole.exports.records import (
    AUDIT,
    SCHEMAS,
    audit_columns,
    audit_row,
    narrowed,
    timeline_columns,
    timeline_row,
)
from opsconsole.exports.sheet import About, Column, Sheet, Value


def record(args: Namespace, client: Client, view: View) -> tuple[int, Sheet, int | None]:
    """How many rows there are, the sheet of the record ``args.view``, and how many there were to read.

    Raises Invalid for what the record does not know.
    """
    if args.view == AUDIT:
        return _audit(args, client, view)
    return _timelines(args, client, view)


def _audit(args: Namespace, client: Client, view: View) -> tuple[int, Sheet, int | None]:
    if args.filter or args.window:
        raise Invalid(
            N_("The audit chain is written whole: each event seals the one before it."),
            N_("Leave --filter and --window away."),
        )
    head = client.query(AskAuditHead())
    rows = _events(client, head.seq)
    return head.seq, _sheet(args, _("Audit chain"), audit_columns(), rows, view, head), None


def _events(client: Client, last: int) -> Iterator[list[Value]]:
    """The chain up to number ``last``; what is added meanwhile is not in it."""
    after, more = 0, True
    while more and after < last:
        page = client.query(AskAuditPage(after=after))
        for event in page.events:
            if event.seq <= last:
                yield audit_row(event)
            after = event.seq
        more = page.more


def _timelines(args: Namespace, client: Client, view: View) -> tuple[int, Sheet, int | None]:
    table = TableView(incidents.SPEC)
    answer = ask(table, client, args.window)
    listed = matching(table, answer, args.filter, view)
    # First, so that it seals all that is read.
    head = client.query(AskAuditHead())
    rows = [row for one in listed for row in _timeline(client, int(one.key), view)]
    args.window = table.window
    total = incidents.SPEC.total(answer)
    unread = max((total or 0) - len(table.rows), 0)
    sheet = _sheet(args, _("Timelines"), timeline_columns(), rows, view, head, unread)
    return len(rows), sheet, total if unread else None


def _timeline(client: Client, number: int, view: View) -> Iterator[list[Value]]:
    detail = client.query(AskIncident(number=number))
    for entry in detail.timeline:
        yield timeline_row(detail.incident, entry, entry_text(entry, view))


def _sheet(  # noqa: PLR0917 - what a sheet is made of
    args: Namespace,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    view: View,
    head: AuditHead,
    unread: int = 0,
) -> Sheet:
    if args.columns:
        keys = check_keys(args.view, args.columns.split(","), [column.key for column in columns])
        columns, rows = narrowed(columns, rows, keys)
    about = About(
        view=args.view, schema=SCHEMAS[args.view], zone=view.times.zone, language=language(),
        written_at=view.now, filter=args.filter, window=args.window, head=head,
        unread=unread,
    )  # fmt: skip
    return Sheet(title=title, columns=columns, rows=rows, zone=view.times.tzinfo, about=about)
