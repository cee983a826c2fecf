"""The verbs about files that need no engine: check, schema, init."""

import json
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from opsconsole.base.text import _, ngettext, safe_text
from opsconsole.cli import exits
from opsconsole.cli.session import Session
from opsconsole.inventory.load import load
from opsconsole.inventory.office import Inventory


def check(args: Namespace, session: Session) -> int:
    """Print what the files hold. Raises Invalid with every mistake."""
    from opsconsole.inventory.journal import cut_short
    from opsconsole.inventory.warnings import warnings

    folder = _folder(args, session)
    inventory = load(folder)
    if change := cut_short(folder):
        said = _("A change is under way or was cut short: {files}. An engine that starts ends or undoes it.")
        print(safe_text(said.format(files=", ".join(sorted(change.after))), 1000))
    today = datetime.now(ZoneInfo(inventory.settings.office.zone)).date()
    for line in warnings(inventory, today):
        print(safe_text(line, 1000))
    print(_("{folder}: no mistake.").format(folder=safe_text(str(folder))))
    print(", ".join(_counts(inventory, today)) + ".")
    return exits.OK


def schema() -> int:
    """Print the JSON Schema of every file."""
    from opsconsole.inventory.schema import schema as make_schema

    print(json.dumps(make_schema(), indent=2, ensure_ascii=False))
    return exits.OK


def init(args: Namespace, session: Session) -> int:
    """Write a new office. Raises Conflict where one is."""
    from opsconsole.inventory.init import init as write_office

    folder = _folder(args, session)
    write_office(folder, args.example)
    print(_("An office was written to {folder}.").format(folder=safe_text(str(folder))))
    check_it, add = (
        session.words("config", "check", *([args.dir] if args.dir else [])),
        session.words("add", "URL"),
    )
    print(
        _("Edit its files, then: `{check}`; or begin with an address: `{add}`.").format(
            check=check_it, add=add
        )
    )
    return exits.OK


def _folder(args: Namespace, session: Session) -> Path:
    return Path(args.dir) if args.dir else session.found().place.config


def _counts(inventory: Inventory, today: date) -> tuple[str, ...]:
    probes = sum(1 for _probe in inventory.probes())
    opds, rows, services = len(inventory.opds), len(inventory.applications), len(inventory.services)
    active = sum(entry.active_on(today) for entry in inventory.opds.values())
    agencies = f"{opds} {inventory.settings.office.opd_term}"
    if active != opds:
        agencies = _("{agencies} ({n} of them active today)").format(agencies=agencies, n=active)
    return (
        agencies,
        ngettext("{n} application", "{n} applications", rows).format(n=rows),
        ngettext("{n} service", "{n} services", services).format(n=services),
        ngettext("{n} probe", "{n} probes", probes).format(n=probes),
    )
