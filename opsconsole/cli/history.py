"""``history``: what an application was like over a window, for people and for machines."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import _, reason_text
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, show
from opsconsole.cli.session import Session
from opsconsole.client.history import ENGINE_OFF, AskHistory, Held, History
from opsconsole.client.moments import parse_moment
from opsconsole.client.shapes import State
from opsconsole.console.draw.lines import plain
from opsconsole.console.draw.strip import cells_in, percent, strip_lines
from opsconsole.console.draw.times import Times, took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

_WIDTH = 80
# What people are shown of the stretches that were not up; JSON has all of them.
_MOST_STRETCHES = 20


def run(args: Namespace, session: Session) -> int:
    """Print the history. Raises Invalid for a time that is none or has not come yet."""
    with session.client() as client:
        hello = session.greet(client)
        view = View(_WIDTH, 24, datetime.now(UTC), Times(hello.zone))
        until = parse_moment(args.at, view.times.tzinfo, view.now) if args.at else None
        found = client.query(
            AskHistory(
                application=args.application, probe=args.probe, window=args.window, until=until,
                cells=cells_in(_WIDTH), stretches=True,
            )
        )  # fmt: skip
    if args.json:
        print(msgspec.json.encode(found).decode())
    else:
        _draw(found, view)
    return exits.OK


def _draw(found: History, view: View) -> None:
    console = paper()
    for text in (*_sums(found, view), *(plain(line).rstrip() for line in strip_lines(found, None, view))):
        console.print(text, soft_wrap=True)
    bad = [one for one in reversed(found.stretches) if one.state is not State.UP]
    if bad:
        console.print()
        titles = (_("FROM"), _("UNTIL"), _("STATE"), _("WHY"))
        show(console, columns(titles, [_row(one, view) for one in bad[:_MOST_STRETCHES]]))
    if len(bad) > _MOST_STRETCHES:
        console.print(_("and {n} more").format(n=len(bad) - _MOST_STRETCHES))


def _sums(found: History, view: View) -> Iterator[str]:
    subject = f"{found.application} {found.probe}".rstrip()
    yield f"{subject}  {view.times.clock(found.start)} - {view.times.clock(found.end)}"
    if found.low_pct is None or found.high_pct is None or found.coverage_pct is None:
        yield _("nothing counts")
    else:
        low, high = percent(found.low_pct), percent(found.high_pct)
        share = low if low == high else f"{low}-{high}"
        yield _("available {share} %, known {known} %").format(share=share, known=percent(found.coverage_pct))
    yield _("up {up}, down {down}, unknown {unknown}, does not count {excluded}").format(
        up=_span(found.up_s), down=_span(found.down_s), unknown=_span(found.unknown_s),
        excluded=_span(found.excluded_s),
    )  # fmt: skip
    yield _("looks {looks}, failed {failures}, p95 {p95}").format(
        looks=found.looks, failures=found.failures, p95=took(found.p95_ms)
    )


def _row(one: Held, view: View) -> tuple[str, ...]:
    state = f"{glyph(one.state)} {word(one.state)}"
    why = _("the engine was off") if one.reason == ENGINE_OFF else reason_text(one.reason, one.params)
    return view.at(one.start), view.at(one.end), state, why


def _span(seconds: float) -> str:
    """``22 h 48 min``, ``12 s``."""
    whole = round(seconds)
    if whole < 60:
        return _("{n} s").format(n=whole)
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [_("{n} h").format(n=hours)] if hours else []
    return " ".join([*parts, _("{n} min").format(n=minutes)] if minutes or not hours else parts)
