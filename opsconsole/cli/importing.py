"""``import``: a list, or another monitor's configuration, shown as differences or put in."""

from argparse import Namespace
from pathlib import Path

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_, safe_text
from opsconsole.cli import exits
from opsconsole.cli.import_files import SHEETS, Read, read_files, read_monitors, source_of
from opsconsole.cli.import_report import difference_lines, report_lines, secret_references
from opsconsole.cli.session import Session
from opsconsole.client.calls import Client
from opsconsole.client.importing import (
    AskSheet,
    CheckImport,
    EditApplication,
    ImportEntries,
    ImportReport,
    Removable,
)
from opsconsole.client.shapes import Difference


def run_import(args: Namespace, session: Session) -> int:
    """Show what the files change, and what of them was not understood; with ``--apply`` change it."""
    path = Path(args.file)
    with session.client() as client:
        # First, for the language of all that is told.
        session.greet(client)
        read = _read(args, path, client, session)
        remove = _removed(args, read)
        checked = client.command(CheckImport(tuple(read.entries), remove, args.opd))
        report = msgspec.json.decode(checked.result, type=ImportReport)
        if args.apply and report.differences:
            source = f"{read.source} {safe_text(path.name, 80)}"
            done = client.command(ImportEntries(tuple(read.entries), remove, args.opd, source))
            report = msgspec.json.decode(done.result, type=ImportReport)
    if args.json:
        print(msgspec.json.encode(_as_json(read, report)).decode())
    else:
        print("\n".join(report_lines(read, report, session)))
    return exits.OK


def run_edit(args: Namespace, session: Session) -> int:
    """Write a key of an application."""
    command = EditApplication(args.application, args.key, " ".join(args.value))
    with session.client() as client:
        session.greet(client)
        result = client.command(command)
    if args.json:
        print(msgspec.json.encode(result).decode())
    else:
        print("\n".join(difference_lines(msgspec.json.decode(result.result, type=list[Difference]))))
    return exits.OK


def _read(args: Namespace, path: Path, client: Client, session: Session) -> Read:
    source = args.source or source_of(path)
    if source in SHEETS:
        return read_files(path, source, args.what, _columns(args.columns))
    if args.what or args.columns:
        raise Invalid(
            N_("{source} has no columns: its monitors are applications."),
            N_("Leave --what and --columns away."),
            source=source,
        )
    sheet = client.query(AskSheet("applications"))
    taken = [row[sheet.keys.index("id")] for row in sheet.rows]
    targets = Path(args.targets) if args.targets else None
    folder = session.found().place.config / "opd"
    return read_monitors(path, source, taken, targets, folder)


def _columns(text: str) -> dict[str, str]:
    """``name=TITLE,note=-`` as a mapping. Raises Invalid."""
    found = {}
    for part in filter(None, text.split(",")):
        key, equals, title = part.partition("=")
        if not equals:
            raise Invalid(
                N_("--columns wants KEY=TITLE, with commas between; not {text}."),
                N_("Such as --columns name=Nama,phone=4,note=-"),
                text=part,
            )
        found[key.strip()] = title.strip()
    return found


def _removed(args: Namespace, read: Read) -> tuple[Removable, ...]:
    """The registers of which what is not listed is taken out. Raises Invalid where that is not sure."""
    if not args.remove:
        return ()
    # A row that is not known may be any that seems to be missing.
    whole = [one for one in read.not_taken if not one.column]
    if whole or read.source not in SHEETS:
        raise Invalid(
            N_("Nothing can be removed: the list is not whole, or not all of it is understood."),
            N_("Leave --remove away to see which rows are not."),
        )
    listed = {columns.what for columns in read.columns.values()}
    found: list[Removable] = []
    if "applications" in listed:
        found.append("applications")
    if "people" in listed:
        found.append("people")
    return tuple(found)


def _as_json(read: Read, report: ImportReport) -> dict[str, object]:
    return {
        "from": read.source,
        "columns": [
            {
                "file": name,
                "what": columns.what,
                "found": [one._asdict() for one in columns.found],
                "unused": columns.unused,
            }
            for name, columns in read.columns.items()
        ],
        "losses": [loss._asdict() for loss in read.losses],
        "secrets": secret_references(read.losses),
        "report": msgspec.structs.replace(report, not_taken=(*read.not_taken, *report.not_taken)),
    }
