"""``export``: what a view lists, with the same columns and filter words, or a record, in any format."""

import signal
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, _, ngettext
from opsconsole.cli import exits
from opsconsole.cli.paper import PIPE_WIDTH, line_width
from opsconsole.cli.session import Session
from opsconsole.client.audit import AskAuditHead
from opsconsole.client.calls import Client
from opsconsole.client.importing import REGISTERS
from opsconsole.client.status import by_row
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.filter import parse
from opsconsole.console.tables import board
from opsconsole.console.tables.files import sheet_of, text_of
from opsconsole.console.tables.registry import spec_of
from opsconsole.console.tables.spec import TableRow, TableSpec
from opsconsole.console.tables.table import TableView
from opsconsole.exports import saving
from opsconsole.exports.formats import ENDINGS, HOLDS_ITS_HEAD, Format, write
from opsconsole.exports.records import RECORDS
from opsconsole.exports.sheet import Sheet

STDOUT = "-"
TEXT: Literal["text"] = "text"
Form = Format | Literal["text"]
# What a view without -o is written to standard output in; incidents are a record, and go to a file.
_STREAMED = ("csv", "json")
_KEPT = ("incidents", *RECORDS, *REGISTERS)
# Who people are and how they are reached: a file for one account, and never a stream.
_PERSONAL = "people"


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be written: a sheet, or the text of one as it is drawn. ``rows`` is how many it has.

    ``all`` is how many there are where not all could be read.
    """

    rows: int
    sheet: Sheet | None = None
    text: str = ""
    all: int | None = None


def run(args: Namespace, session: Session) -> int:
    """Write the rows of ``args.view``. Raises Invalid for words, columns or windows that mean nothing."""
    form: Form = "json" if args.json else args.format
    output = STDOUT if _streams(args, form) else args.output
    if output == STDOUT and args.view == _PERSONAL:
        raise Invalid(
            N_("People are personal data: they are written to a file for your account alone."),
            N_("Name a file with -o, or leave -o and --json away."),
        )
    if output == STDOUT and form == "xlsx" and sys.stdout.isatty():
        raise Invalid(N_("XLSX is nothing for a terminal."), N_("Name a file with -o, or leave -o away."))
    with session.client() as client:
        hello = session.greet(client)
        times = Times(hello.zone)
        view = View(
            line_width() if form == TEXT and output == STDOUT else PIPE_WIDTH,
            24,
            datetime.now(UTC),
            times,
            hello.caller.person,
        )
        made = (
            _record(args, form, client, view)
            if args.view in (*RECORDS, *REGISTERS)
            else _listed(args, form, client, view)
        )
        print(ngettext("{n} row", "{n} rows", made.rows).format(n=made.rows), file=sys.stderr)
        if made.all is not None:
            told = _("{n} of {all} were read; narrow the window for the rest.")
            print(told.format(n=made.rows, all=made.all), file=sys.stderr)
        if output == STDOUT:
            _stream(made, form)
        else:
            name = saving.file_name(
                args.view, "txt" if form == TEXT else ENDINGS[form], times.local(view.now)
            )
            with _taken_away():
                _save(made, form, session, output, name)
    return exits.OK


@contextmanager
def _taken_away() -> Iterator[None]:
    """Whoever ends the command meanwhile ends it as an interrupt does: what is half written goes with it."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _streams(args: Namespace, form: Form) -> bool:
    if args.output is not None:
        return bool(args.output == STDOUT)
    return bool(args.json) or form == TEXT or (form in _STREAMED and args.view not in _KEPT)


def _record(args: Namespace, form: Form, client: Client, view: View) -> Made:
    from opsconsole.cli.export_records import record
    from opsconsole.cli.export_registers import register_sheet

    if form == TEXT or args.sort or args.reverse:
        raise Invalid(
            N_("{view} is a record: it is not sorted, nor drawn as text."),
            N_("Name one of the other formats, such as --format md."),
            view=args.view,
        )
    if args.view in REGISTERS:
        return Made(*register_sheet(args, client, view))
    rows, sheet, every = record(args, client, view)
    return Made(rows, sheet, all=every)


def _listed(args: Namespace, form: Form, client: Client, view: View) -> Made:
    table = TableView(spec_of(args.view))
    answer = ask(table, client, args.window)
    rows = matching(table, answer, args.filter, view)
    if args.columns:
        table.choose(known(table.spec, args.columns.split(",")))
    if args.sort:
        table.sort_by(*known(table.spec, [args.sort]))
    table.backwards = args.reverse
    rows = table.ordered(rows)
    total = table.spec.total(answer)
    unread = max((total or 0) - len(table.rows), 0)
    every = total if unread else None
    if form == TEXT:
        return Made(len(rows), text=text_of(table, rows, view, everything=False), all=every)
    head = client.query(AskAuditHead())
    sheet = sheet_of(
        table, rows, view, words=args.filter, everything=not args.columns, head=head, unread=unread
    )
    return Made(len(rows), sheet, all=every)


def ask(table: TableView, client: Client, window: str) -> Any:
    """The answer that the table's rows are made of, all of it where the engine gives that much."""
    if window and window not in table.spec.windows:
        raise Invalid(
            N_("{view} has no window {window}."), N_("It has: {allowed}."), view=table.spec.name,
            window=window, allowed=", ".join(table.spec.windows) or "-",
        )  # fmt: skip
    table.window = window or table.window
    if table.spec.query is None:
        return client.board()
    query = table.spec.query(table.window)
    answer = client.query(query)
    total, limit = table.spec.total(answer), getattr(query, "limit", None)
    if total is not None and limit is not None and total > limit:
        answer = client.query(msgspec.structs.replace(query, limit=total))
    return answer


def matching(table: TableView, answer: Any, words: str, view: View) -> Sequence[TableRow]:
    """The rows that the words let through; the board has words of its own."""
    if table.spec is board.SPEC:
        wanted = parse(words)
        incidents = by_row(answer.incidents)
        table.load(
            board.row_of(row, view, incidents.get(row.id)) for row in board.matching(answer, wanted, view.now)
        )
        faults = wanted.faults
    else:
        table.load(table.spec.rows(answer, view))
        table.set_filter(words)
        faults = table.filter.faults
    if faults:
        raise Invalid(N_("The filter is not understood."), N_("`?` in the console lists its words."), faults)
    return table.listed(view.now)


def known(spec: TableSpec[Any], keys: Sequence[str]) -> list[str]:
    """The keys, where all of them are columns of the view. Raises Invalid."""
    return check_keys(spec.name, keys, [column.key for column in spec.columns() if column.title])


def check_keys(view: str, keys: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """The keys, where all of them are allowed. Raises Invalid."""
    if unknown := [key for key in keys if key not in allowed]:
        raise Invalid(
            N_("{view} has no column {column}."), N_("It has: {allowed}."), view=view, column=unknown[0],
            allowed=", ".join(allowed),
        )  # fmt: skip
    return list(keys)


def _stream(made: Made, form: Form) -> None:
    """The rows and nothing else on standard output; the audit head, if it is not in them, on the other."""
    sys.stdout.flush()
    sink = sys.stdout.buffer
    if form == TEXT:
        sink.write(made.text.encode())
        return
    assert made.sheet is not None
    done = write(form, made.sheet, sink)
    sink.flush()
    if form not in HOLDS_ITS_HEAD:
        note = saving.side_note(made.sheet, form, done, "")
        print(msgspec.json.encode(note).decode(), file=sys.stderr)


def _save(made: Made, form: Form, session: Session, output: str | None, name: str) -> None:
    """A new file; its path, that of the audit head beside it, and what fetches it."""
    path = _put(made, form, session, output, name)
    print(path)
    if (beside := saving.beside(path)).exists():
        print(beside)
    print(saving.fetch_line(path.absolute(), Path.home()))


def _put(made: Made, form: Form, session: Session, output: str | None, name: str) -> Path:
    """Write it under the name that was given, else under ``name`` in the exports folder."""
    if output is not None:
        path = Path(output)
        if form == TEXT:
            saving.save_text_as(path, made.text.encode())
        else:
            assert made.sheet is not None
            saving.save_as(path, form, made.sheet)
        return path
    folder = saving.exports_folder(session.found())
    if form == TEXT:
        return saving.save_text(folder, name, made.text.encode())
    assert made.sheet is not None
    return saving.save(folder, name, form, made.sheet)
