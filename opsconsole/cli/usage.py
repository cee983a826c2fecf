"""``integration import-usage``: figures of use from a spreadsheet."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

import msgspec

from opsconsole.base.sheets import read_sheet
from opsconsole.base.text import N_, _, ngettext
from opsconsole.cli import exits
from opsconsole.cli.session import Session
from opsconsole.client.usage import CheckUsage, ImportUsage, UsageReport, lines_of
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import printable

_UNCLEAR = {
    "application": N_("no application of the office"),
    "quarter": N_("no quarter that is over"),
    "count": N_("no number of log-ins"),
    "twice": N_("twice in the list"),
}


def run_import(args: Namespace, session: Session) -> int:
    """Read a list and record what is understood of it, unless it is a dry run."""
    lines = lines_of(read_sheet(Path(args.file)), args.quarter)
    source = " ".join(args.source)
    asked = CheckUsage(lines, source) if args.dry_run else ImportUsage(lines, source)
    with session.client() as client:
        session.greet(client)
        result = client.command(asked)
    if args.json:
        print(msgspec.json.encode(result).decode())
        return exits.OK
    for line in _told(msgspec.json.decode(result.result, type=UsageReport), recorded=not args.dry_run):
        print(line)
    return exits.OK


def _told(report: UsageReport, *, recorded: bool) -> Iterable[str]:
    count = len(report.recorded)
    if recorded:
        yield ngettext("{n} figure recorded.", "{n} figures recorded.", count).format(n=count)
    else:
        yield ngettext("{n} figure would be recorded.", "{n} figures would be recorded.", count).format(
            n=count
        )
    for one in report.not_understood:
        yield _("line {line}: {name}: {why}").format(
            line=one.line, name=printable(one.application) or "-", why=words.said(_UNCLEAR, one.why)
        )
