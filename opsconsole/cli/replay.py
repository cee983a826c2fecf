"""``replay``: recorded looks judged again, and what alarms other thresholds would have brought."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.cli import exits
from opsconsole.cli.paper import columns, paper, show
from opsconsole.cli.session import Session
from opsconsole.client.moments import parse_moment
from opsconsole.client.replayed import AskReplay, Counted, Replay
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_NOTES = {
    "config_changed": N_(
        "{count} of the looks were made under another configuration: they are judged by the present one."
    ),
    "clock_back": N_("The clock was set back {count} times: looks of that time lie closer than they were."),
    "assumed_checks": N_(
        "{count} confirmations would have waited for a self-check that is not recorded: taken as a second."
    ),
    "differs": N_("{recorded} alarms were announced then, the replay finds {alarms} as configured now."),
}


def run(args: Namespace, session: Session) -> int:
    """Print what it comes to. Raises Invalid for times or settings that mean nothing, NotFound."""
    with session.client() as client:
        hello = session.greet(client)
        view = View(80, 24, datetime.now(UTC), Times(hello.zone))
        zone = view.times.tzinfo
        asked = AskReplay(
            since=parse_moment(args.since, zone, view.now),
            until=parse_moment(args.until, zone, view.now) if args.until else None,
            applications=tuple(args.applications),
            opd=args.opd,
            sets=dict(args.sets),
        )
        console = paper()
        waiting = (
            console.status(_("judging the recorded looks again …")) if sys.stdout.isatty() else nullcontext()
        )
        with waiting:
            found = client.query(asked)
    if args.json:
        print(msgspec.json.encode(found).decode())
        return exits.OK
    for text in _sums(found, view):
        console.print(text, soft_wrap=True)
    if found.applications:
        console.print()
        show(console, columns(_titles(found), list(_rows(found))))
    for note in found.notes:
        console.print(translate(_NOTES.get(note.code, note.code), note.params), soft_wrap=True)
    return exits.OK


def _sums(found: Replay, view: View) -> Iterator[str]:
    total = found.total
    yield _("{since} to {until}: {looks} looks of {asked} applications, judged again in {seconds} s").format(
        since=view.at(found.since), until=view.at(found.until), looks=found.looks, asked=found.asked,
        seconds=f"{found.seconds:.1f}",
    )  # fmt: skip
    yield ngettext("as configured: {n} alarm", "as configured: {n} alarms", total.alarms).format(
        n=total.alarms
    )
    if not found.sets:
        return
    changed = ", ".join(f"{name}={value}" for name, value in found.sets.items())
    told = ngettext("with {sets}: {n} alarm", "with {sets}: {n} alarms", total.would)
    yield told.format(sets=changed, n=total.would)
    yield _("avoided {avoided}, of which {recovered} recovered by themselves; new {added}").format(
        avoided=total.avoided, recovered=total.recovered, added=total.added
    )
    if total.delay_median_s is not None and total.delay_most_s is not None:
        yield _("the others later by {median} (median), at most {most}").format(
            median=_span(total.delay_median_s), most=_span(total.delay_most_s)
        )
    yield _("DOWN that nobody would have known of: {span}").format(span=_span(total.untold_s))


def _titles(found: Replay) -> tuple[str, ...]:
    if not found.sets:
        return _("ALARMS"), _("APPLICATION")
    return _("ALARMS"), _("WOULD"), _("AVOIDED"), _("LATER BY"), _("AT MOST"), _("UNTOLD"), _("APPLICATION")


def _rows(found: Replay) -> Iterator[tuple[str, ...]]:
    for one in found.applications:
        counted = one.counted
        if not found.sets:
            yield str(counted.alarms), one.application
            continue
        yield (
            str(counted.alarms), str(counted.would), str(counted.avoided), *_delays(counted),
            _span(counted.untold_s), one.application,
        )  # fmt: skip


def _delays(counted: Counted) -> tuple[str, str]:
    if counted.delay_median_s is None or counted.delay_most_s is None:
        return "-", "-"
    return _span(counted.delay_median_s), _span(counted.delay_most_s)


def _span(seconds: float) -> str:
    """``45s``, ``3m 20s``, ``2h 05m``; a minus for earlier."""
    sign, whole = ("-" if seconds < -0.5 else ""), abs(round(seconds))
    if whole < 60:
        return f"{sign}{whole}s"
    if whole < 3600:
        return f"{sign}{whole // 60}m {whole % 60:02}s"
    return f"{sign}{whole // 3600}h {whole % 3600 // 60:02}m"
