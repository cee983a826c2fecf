"""What ``export opd``, ``applications`` and ``people`` write: a register as `opsconsole import` reads it."""

from argparse import Namespace

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _, language, translate
from opsconsole.cli.export import check_keys
from opsconsole.client.audit import AskAuditHead
from opsconsole.client.calls import Client
from opsconsole.client.importing import AskSheet
from opsconsole.console.draw.view import View
from opsconsole.exports.records import narrowed
from opsconsole.exports.sheet import About, Column, Sheet, Value
from opsconsole.inventory.sheets.fields import FIELDS

# Grows when a column is renamed, moved or taken away.
SCHEMA = 1


def register_sheet(args: Namespace, client: Client, view: View) -> tuple[int, Sheet]:
    """How many rows there are, and the sheet. Raises Invalid for what a register does not know."""
    if args.filter or args.window or args.sort or args.reverse:
        raise Invalid(
            N_("{view} is a register: it is written whole, in the order of the files."),
            N_("Leave --filter, --window and --sort away."),
            view=args.view,
        )
    head = client.query(AskAuditHead())
    answer = client.query(AskSheet(args.view))
    titles = {field.key: field for field in FIELDS[answer.what]}
    columns = [Column(key, translate(titles[key].title)) for key in answer.keys]
    truths = {place for place, key in enumerate(answer.keys) if titles[key].kind == "truth"}
    said = {"yes": _("yes"), "no": _("no")}
    rows: list[list[Value]] = [
        [said.get(cell, cell) if place in truths else cell or None for place, cell in enumerate(row)]
        for row in answer.rows
    ]
    sheet_rows, sheet_columns = iter(rows), columns
    if args.columns:
        keys = check_keys(args.view, args.columns.split(","), list(answer.keys))
        sheet_columns, sheet_rows = narrowed(columns, rows, keys)
    about = About(
        view=args.view, schema=SCHEMA, zone=view.times.zone, language=language(),
        written_at=view.now, head=head,
    )  # fmt: skip
    sheet = Sheet(
        title=args.view, columns=sheet_columns, rows=sheet_rows, zone=view.times.tzinfo, about=about
    )
    return len(rows), sheet
