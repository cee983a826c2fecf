"""Lists put into the office by command, single keys edited, and registers told as sheets."""

import asyncio
from collections.abc import Mapping
from functools import partial

from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_, safe_text
from opsconsole.client.importing import (
    MOST_ENTRIES,
    AskKeys,
    AskSheet,
    CheckImport,
    EditableKey,
    EditApplication,
    ImportEntries,
    ImportReport,
    SheetRows,
)
from opsconsole.client.shapes import Difference
from opsconsole.engine.accept import Acceptance, Author
from opsconsole.engine.asked import Answerer, Asked
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.inventory.edit_key import editable, edited
from opsconsole.inventory.merge import Merged, merge
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.sheets.rows import sheet_of

_LONGEST_SOURCE = 120


def importing(acceptance: Acceptance) -> Mapping[str, Handler]:
    """The handlers of `client.importing.IMPORT_COMMANDS` by name."""
    return {
        "import": partial(_import, acceptance),
        "import-check": partial(_check, acceptance),
        "edit": partial(_edit, acceptance),
    }


def sheet_questions() -> Mapping[str, Answerer]:
    """What answers the queries about registers as sheets."""
    return {"sheet": answer_sheet, "keys": answer_keys}


async def answer_sheet(asked: Asked) -> SheetRows:
    """A register as cells."""
    args: AskSheet = asked.args
    return await asyncio.to_thread(sheet_of, asked.office.inventory, args.what)


async def answer_keys(asked: Asked) -> tuple[EditableKey, ...]:
    """What can be edited of an application. Raises NotFound."""
    args: AskKeys = asked.args
    inventory = asked.office.inventory
    entry = inventory.applications.get(args.application)
    if entry is None:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    return tuple(EditableKey(key, value) for key, value in editable(inventory, entry))


async def _check(acceptance: Acceptance, request: Request) -> Outcome:
    """What would change."""
    args: CheckImport = request.args
    merged, differences = await acceptance.tried(partial(_merged, args))
    return Outcome(result=_report(merged, differences, applied=False))


async def _import(acceptance: Acceptance, request: Request) -> Outcome:
    """Put the list in. Raises Conflict where that changes nothing."""
    args: ImportEntries = request.args
    author = _noted(
        request, {"source": safe_text(args.source, _LONGEST_SOURCE), "entries": len(args.entries)}
    )
    seq, merged, differences = await acceptance.change(partial(_merged, args), author, request.command_id)
    return Outcome(result=_report(merged, differences, applied=True), seq=seq)


async def _edit(acceptance: Acceptance, request: Request) -> Outcome:
    """Write one key. The result is how the files differ."""
    args: EditApplication = request.args

    def make(inventory: Inventory) -> tuple[Mapping[str, bytes], None]:
        return edited(inventory, args.application, args.key, args.value), None

    author = _noted(request, {"application": args.application, "key": args.key})
    seq, _none, differences = await acceptance.change(make, author, request.command_id)
    return Outcome(result=tuple(differences), seq=seq)


def _merged(args: CheckImport | ImportEntries, inventory: Inventory) -> tuple[Mapping[str, bytes], Merged]:
    if len(args.entries) > MOST_ENTRIES:
        raise Invalid(
            N_("The list has {count} entries; at most {most} are taken at once."),
            N_("Split the file."),
            count=len(args.entries),
            most=MOST_ENTRIES,
        )
    done = merge(inventory, args.entries, args.remove, args.opd)
    return done.files, done


def _report(merged: Merged, differences: list[Difference], *, applied: bool) -> ImportReport:
    return ImportReport(
        applied=applied,
        added=tuple(merged.added),
        changed=tuple(merged.changed),
        removed=tuple(merged.removed),
        left=merged.left,
        differences=tuple(differences),
        not_taken=tuple(merged.not_taken),
    )


def _noted(request: Request, more: Mapping[str, object]) -> Author:
    """Events of this request that also say what made them."""
    return lambda kind, subject, body: request.event(kind, subject, {**body, **more})
