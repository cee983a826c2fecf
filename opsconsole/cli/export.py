"""``export``: what a view lists, with the same columns and filter words, as CSV, text or JSON."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _
from opsconsole.cli import exits
from opsconsole.cli.paper import PIPE_WIDTH, line_width
from opsconsole.cli.session import Session
from opsconsole.client.calls import Client
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.filter import parse
from opsconsole.console.saving import save_as
from opsconsole.console.tables import board
from opsconsole.console.tables.files import Format, render
from opsconsole.console.tables.registry import spec_of
from opsconsole.console.tables.spec import TableRow, TableSpec
from opsconsole.console.tables.table import TableView

STDOUT = "-"


def run(args: Namespace, session: Session) -> int:
    """Write the rows of ``args.view``. Raises Invalid for words, columns or windows that mean nothing."""
    table = TableView(spec_of(args.view))
    with session.client() as client:
        hello = session.greet(client)
        view = View(_width(args.output), 24, datetime.now(UTC), Times(hello.zone))
        answer = _answer(table, client, args.window)
    rows = _rows(table, answer, args.filter, view)
    if args.columns:
        table.choose(_known(table.spec, args.columns.split(",")))
    if args.sort:
        table.sort_by(*_known(table.spec, [args.sort]))
    table.backwards = args.reverse
    form: Format = "json" if args.json else args.format
    content = render(form, table, table.ordered(rows), view, everything=form != "text" and not args.columns)
    _write(args.output, content)
    total = table.spec.total(answer)
    if total is not None and total > len(table.rows):
        told = _("{n} of {all} were read; narrow the window for the rest.")
        print(told.format(n=len(table.rows), all=total), file=sys.stderr)
    return exits.OK


def _answer(table: TableView, client: Client, window: str) -> Any:
    if window and window not in table.spec.windows:
        raise Invalid(
            N_("{view} has no window {window}."), N_("It has: {allowed}."), view=table.spec.name,
            window=window, allowed=", ".join(table.spec.windows) or "-",
        )  # fmt: skip
    table.window = window or table.window
    return client.board() if table.spec.query is None else client.query(table.spec.query(table.window))


def _rows(table: TableView, answer: Any, words: str, view: View) -> Sequence[TableRow]:
    """The rows that the words let through; the board has words of its own."""
    if table.spec is board.SPEC:
        wanted = parse(words)
        table.load(board.row_of(row, view) for row in board.matching(answer, wanted, view.now))
        faults = wanted.faults
    else:
        table.load(table.spec.rows(answer, view))
        table.set_filter(words)
        faults = table.filter.faults
    if faults:
        raise Invalid(N_("The filter is not understood."), N_("`?` in the console lists its words."), faults)
    return table.listed(view.now)


def _known(spec: TableSpec[Any], keys: Sequence[str]) -> list[str]:
    known = [column.key for column in spec.columns() if column.title]
    if unknown := [key for key in keys if key not in known]:
        raise Invalid(
            N_("{view} has no column {column}."), N_("It has: {allowed}."), view=spec.name,
            column=unknown[0], allowed=", ".join(known),
        )  # fmt: skip
    return list(keys)


def _width(output: str) -> int:
    """A terminal's own width; files and pipes take lines of any length."""
    return line_width() if output == STDOUT else PIPE_WIDTH


def _write(output: str, content: str) -> None:
    if output == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode())
    else:
        save_as(Path(output), content.encode())
