"""``briefing``, ``expiries`` and ``dimensions``: what the engine answers, printed."""

from argparse import Namespace
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, paper_view, show
from opsconsole.cli.session import Session
from opsconsole.client.briefing import AskBriefing
from opsconsole.client.dimensions import AskDimensions
from opsconsole.client.expiries import AskExpiries, Expiry
from opsconsole.console.draw import expiries as words
from opsconsole.console.draw.briefing import briefing_lines, briefing_markdown
from opsconsole.console.draw.dimensions import dimension_lines
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times

_TITLES = (N_("LAST DAY"), N_("LEFT"), N_("KIND"), N_("OPD"), N_("WHO MUST ACT"), N_("WHAT"))


def run_briefing(args: Namespace, session: Session) -> int:
    """Print the page as of a day."""
    with session.client() as client:
        hello = session.greet(client)
        page = client.query(AskBriefing(at=args.at))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    draw = briefing_markdown if args.format == "md" else briefing_lines
    for line in draw(page, view):
        print(line)
    return exits.OK


def run_expiries(args: Namespace, session: Session) -> int:
    """Print what ended and what will."""
    with session.client() as client:
        session.greet(client)
        page = client.query(AskExpiries(days=args.days, opd=args.opd))
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    if not page.expiries:
        told = ngettext("Nothing ends within {n} day.", "Nothing ends within {n} days.", page.days)
        print(told.format(n=page.days))
        return exits.OK
    show(paper(), columns([translate(title) for title in _TITLES], [_row(one) for one in page.expiries]))
    return exits.OK


def run_dimensions(args: Namespace, session: Session) -> int:
    """Print six rows and the gate."""
    with session.client() as client:
        session.greet(client)
        page = client.query(AskDimensions())
    if args.json:
        print(msgspec.json.encode(page).decode())
        return exits.OK
    for line in dimension_lines(page):
        print(line)
    told = _("integrated: stage T{stage}; ready: level {level}; definition {version}, register of {day}")
    print(told.format(stage=page.stage, level=page.level, version=page.definition, day=page.register_date))
    if page.untold:
        untold = ngettext(
            "{n} application has no dimension", "{n} applications have no dimension", page.untold
        )
        print(untold.format(n=page.untold))
    return exits.OK


def _row(one: Expiry) -> tuple[str, ...]:
    return (
        one.day.isoformat(),
        words.left_text(one.left),
        words.kind_text(one.kind),
        printable(one.opd_short) or "-",
        words.who_text(one),
        words.name_text(one),
    )
