"""``incidents list``: what is open, and what was."""

from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace
from rich.text import Text

from opsconsole.base.text import N_, _, translate
from opsconsole.cli import exits
from opsconsole.cli.export import matching
from opsconsole.cli.paper import Cell, columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.calls import Client
from opsconsole.client.incident_pages import AskIncidents, IncidentsPage
from opsconsole.client.incidents import Clock, Incident, Status
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.clocks import clock_text
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.tables.incidents import SPEC
from opsconsole.console.tables.table import TableView

_TITLES = (
    N_("NO"), N_("SEV"), N_("STATE"), N_("SINCE"), N_("SUBJECT"), N_("OPD"), N_("DOWN"), N_("OWNER"),
    N_("DUE"), N_("WHAT"),
)  # fmt: skip
_STYLES = {"down": "bold red", "warn": "yellow", "quiet": "dim"}


def run_list(args: Namespace, session: Session) -> int:
    """Print the incidents of a window; the exit code of those that are open, as `verdict` has it."""
    with session.client() as client:
        hello = session.greet(client)
        view = paper_view(Times(hello.zone), datetime.now(UTC), hello.caller.person)
        page = _page(args, client, view)
    if args.json:
        print(msgspec.json.encode(page).decode())
        return verdict(page.incidents, page.at)
    if not page.incidents:
        print(_nothing(args))
        return exits.OK
    titles = [translate(one) for one in _TITLES]
    show(paper(), columns(titles, [_row(one, view) for one in page.incidents]))
    if page.total > len(page.incidents):
        told = _("{n} of {all} were read; narrow the window for the rest.")
        print(told.format(n=len(page.incidents), all=page.total))
    return verdict(page.incidents, page.at)


def _page(args: Namespace, client: Client, view: View) -> IncidentsPage:
    """What is asked for; with a filter all of it is read, and what the words let through is left.

    The figures are over the whole window then too. Raises `Invalid` for words that mean nothing.
    """
    query = AskIncidents(window=args.window, application=args.app, opd=args.opd)
    page = client.query(query)
    if not args.filter:
        return page
    if page.total > query.limit:
        page = client.query(replace(query, limit=page.total))
    found = {row.key for row in matching(TableView(SPEC), page, args.filter, view)}
    kept = tuple(one for one in page.incidents if str(one.number) in found)
    # What was not read is still told of: the words might have found it there.
    return replace(page, incidents=kept, total=len(kept) + max(page.total - len(page.incidents), 0))


def _nothing(args: Namespace) -> str:
    if args.filter:
        return _("No incident matches these words.")
    return _("No incident is open.") if args.window == "open" else _("There was no incident.")


def verdict(incidents: Iterable[Incident], now: datetime) -> int:
    """0: none is open. 1: each that is open was seen by somebody, or is snoozed. 2: one was not."""
    open_ones = [one for one in incidents if one.status.is_open]
    if any(one.status is Status.OPEN and not words.is_snoozed(one, now) for one in open_ones):
        return exits.CRITICAL
    return exits.WARNING if open_ones else exits.OK


def _row(one: Incident, view: View) -> tuple[Cell, ...]:
    clock = _next_clock(one)
    return (
        words.number_text(one),
        Text(_(words.SEVERITIES[one.severity]), _STYLES.get(words.SEVERITY_TONES[one.severity], "")),
        Text(words.status_text(one, view.now), _STYLES.get(words.status_tone(one, view.now), "")),
        view.at(one.happened_at),
        printable(words.subject_text(one)),
        printable(one.opd_short or one.opd or "-"),
        f"{one.down}/{len(one.members)}",
        printable(words.owner_text(one) or "-"),
        clock_text(clock, view) if clock else "-",
        _what(one, view),
    )


def _what(one: Incident, view: View) -> str:
    asked = "".join(f" [{translate(words.QUESTIONS.get(name, name))}]" for name in one.asks)
    found = [_("false alarm")] if one.false_alarm else []
    found += [_(words.ATTRIBUTIONS[one.attribution])] if one.attribution else []
    told = f"{words.cause_text(one, view)}{asked if one.status.is_open else ''}"
    return f"{told} ({', '.join(found)})" if found else told


def _next_clock(one: Incident) -> Clock | None:
    """The clock that runs out first, of those that run."""
    running = [clock for clock in one.clocks if clock.met_at is None and clock.due_at is not None]
    return min(running, key=lambda clock: clock.due_at or clock.started_at, default=None)
