"""One observation drawn: the verdict, its phases on one time axis, and the facts. Plain ASCII, 80 columns.

The axis is the console's own, so that both show the same look in the same way.
"""

from collections.abc import Iterator
from datetime import datetime

from opsconsole.base.text import _, ngettext, reason_text, remedy_text
from opsconsole.client.shapes import Look, Probe, State
from opsconsole.console.draw.lines import CUT, cut, plain
from opsconsole.console.draw.phases import phase_lines
from opsconsole.console.draw.reasons import shown_params
from opsconsole.console.draw.times import Times, took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word
from probes.observation import DnsFacts, HttpFacts, Observation, PingFacts, TlsFacts, Verdict

WIDTH = 80
_STATES = {
    Verdict.UP: State.UP,
    Verdict.DEGRADED: State.WARN,
    Verdict.DOWN: State.DOWN,
    Verdict.UNKNOWN: State.UNKNOWN,
}


def draw(seen: Observation) -> Iterator[str]:
    """The lines of one observation; facts that are longer than a line are not cut, so they can be copied."""
    state, view = _STATES[seen.verdict], View(WIDTH, 24, seen.started_at, Times("UTC"))
    yield f"{seen.target}  {took(seen.duration_ms)}"
    yield f"{glyph(state)} {word(state)}  {reason_text(seen.reason, shown_params(seen.params, view))}"
    if remedy := remedy_text(seen.params):
        yield "  " + remedy
    for spans in phase_lines(_look(seen), _probe(seen, state), view):
        # The console's ellipsis is one character that not every terminal has.
        yield plain(cut(spans, WIDTH - 2)).rstrip().replace(CUT, "...")
    for one in seen.expectations:
        template = _("{expr}: seen {seen}") if one.ok else _("{expr}: seen {seen}, NOT as wanted")
        yield "  " + template.format(expr=one.expr, seen=one.seen)
    if seen.http:
        yield from _http(seen.http)
    if seen.tls:
        yield from _tls(seen.tls)
    if seen.dns:
        yield from _dns(seen.dns)
    if seen.ping and seen.ping.received:
        yield "  " + _ping(seen.ping)
    for step in seen.steps:
        yield ""
        yield from draw(step)


def _http(facts: HttpFacts) -> Iterator[str]:
    for hop in facts.redirects:
        yield f"  {hop.status} {hop.url} -> {hop.location}  {took(hop.duration_ms)}"
    if facts.title:
        yield "  " + _("title: {title}").format(title=facts.title)
    elif facts.excerpt:
        yield "  " + _("begins: {excerpt}").format(excerpt=facts.excerpt)


def _dns(facts: DnsFacts) -> Iterator[str]:
    if facts.truncated:
        yield "  " + _("did not fit over UDP, asked again over TCP")
    if not facts.rcode:
        return
    yield "  " + (_("authoritative answer") if facts.authoritative else _("answer that is not authoritative"))
    for record in facts.answers:
        yield "  " + record
    if facts.records > len(facts.answers):
        more = facts.records - len(facts.answers)
        yield "  " + ngettext("and {n} more record", "and {n} more records", more).format(n=more)


def _ping(facts: PingFacts) -> str:
    trips = (facts.rtt_min_ms, facts.rtt_median_ms, facts.rtt_max_ms)
    shown = " / ".join(f"{trip:.2f}" for trip in trips)
    return _("round trip {trips} ms (least / median / most)").format(trips=shown)


def _tls(facts: TlsFacts) -> Iterator[str]:
    if facts.leaf_expires_at:
        template = (
            _("certificate until {day}") if facts.verified else _("certificate until {day}, not verified")
        )
        yield "  " + template.format(day=_day(facts.leaf_expires_at))
    if facts.chain_expires_at and facts.chain_expires_at != facts.leaf_expires_at:
        yield "  " + _("the chain above it until {day}").format(day=_day(facts.chain_expires_at))
    if facts.subject:
        yield "  " + _("for {subject}, by {issuer}").format(subject=facts.subject, issuer=facts.issuer)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _look(seen: Observation) -> Look:
    return Look(
        probe=seen.kind,
        at=seen.started_at,
        verdict=seen.verdict,
        reason=seen.reason,
        params=seen.params,
        duration_ms=seen.duration_ms,
        phases_ms=seen.phases_ms,
    )


def _probe(seen: Observation, state: State) -> Probe:
    return Probe(
        id=seen.kind,
        kind=seen.kind,
        target=seen.target,
        state=state,
        hard=True,
        since=seen.started_at,
        reason=seen.reason,
        last=seen,
    )
