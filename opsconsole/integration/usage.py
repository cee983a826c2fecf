"""Figures of use: what the commands about them come to."""

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Invalid
from opsconsole.base.text import N_
from opsconsole.client.usage import (
    CheckUsage,
    ImportUsage,
    RecordUsage,
    Unclear,
    Usage,
    UsageReport,
    VoidUsage,
    quarter_of,
)
from opsconsole.integration import stored
from opsconsole.integration.commands import Author
from opsconsole.store.drafts import Decided, EventDraft

# No application of a city has more log-ins in a quarter than this.
MOST_COUNT = 10**10


def record(args: RecordUsage, today: date, author: Author) -> Decided:
    """One figure. Raises Invalid for a quarter that is none or not over, a figure that is none, no source."""
    source = _source(args.source)
    quarter = _over(args.quarter, today)
    if not 0 <= args.count <= MOST_COUNT:
        raise Invalid(N_("{count} is no number of log-ins."), count=args.count)
    return Decided((_event(author, args.application, Usage(quarter, args.count, source)),))


def void(conn: Connection, args: VoidUsage, today: date, author: Author) -> Decided:
    """A figure holds no longer. Raises Conflict where there is none."""
    quarter = _over(args.quarter, today)
    if not args.reason.strip():
        raise Invalid(N_("Voiding a figure needs a reason."))
    if (args.application, quarter) not in stored.usage(conn):
        raise Conflict(N_("There is no figure of {id} for {quarter}."), id=args.application, quarter=quarter)
    body = {"quarter": quarter, "reason": args.reason.strip()}
    return Decided((author("integration.usage_voided", args.application, body),))


def from_list(args: ImportUsage, applications: Collection[str], today: date, author: Author) -> Decided:
    """The figures of a list; the result is the report. Raises Conflict where none is understood."""
    source = _source(args.source)
    report = check(args, applications, today)
    if not report.recorded:
        raise Conflict(
            N_("Nothing of the list is recorded."), N_("`--dry-run` says what was not understood of it.")
        )
    events = tuple(
        _event(author, application, Usage(quarter, count, source, "imported"))
        for application, quarter, count in report.recorded
    )
    return Decided(events, report)


def check(args: ImportUsage | CheckUsage, applications: Collection[str], today: date) -> UsageReport:
    """What a list comes to."""
    recorded: dict[tuple[str, str], int] = {}
    unclear: list[Unclear] = []
    for line in args.lines:
        quarter = quarter_of(line.quarter)
        digits = line.count.replace(".", "").replace(" ", "")
        if line.application not in applications:
            unclear.append(Unclear(line.line, line.application, "application"))
        elif quarter is None or quarter[1] > today:
            unclear.append(Unclear(line.line, line.application, "quarter"))
        elif not (digits.isascii() and digits.isdecimal() and len(digits) < len(str(MOST_COUNT))):
            unclear.append(Unclear(line.line, line.application, "count"))
        elif (line.application, quarter[0]) in recorded:
            unclear.append(Unclear(line.line, line.application, "twice"))
        else:
            recorded[line.application, quarter[0]] = int(digits)
    return UsageReport(
        recorded=tuple((name, quarter, count) for (name, quarter), count in recorded.items()),
        not_understood=tuple(unclear),
    )


def _event(author: Author, application: str, figure: Usage) -> EventDraft:
    return author("integration.usage_recorded", application, msgspec.structs.asdict(figure))


def _source(text: str) -> str:
    if not text.strip():
        raise Invalid(N_("A figure needs a source."), N_("Say who counted it, and where it is kept."))
    return text.strip()


def _over(text: str, today: date) -> str:
    found = quarter_of(text)
    if found is None:
        raise Invalid(N_("{text} is no quarter."), N_("Write it as 2026-Q3."), text=text)
    quarter, after = found
    if after > today:
        raise Invalid(
            N_("{quarter} is not over yet."), N_("A figure is of a whole quarter."), quarter=quarter
        )
    return quarter
