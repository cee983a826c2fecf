"""One look drawn as phases on one time axis, so that the eye finds the slow or the failed one."""

from collections.abc import Iterable

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.shapes import Look, Probe
from opsconsole.console.draw.lines import Line, Span, fit, line
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from probes.reasons import BY_CODE

PHASES: dict[str, str] = {
    "resolve": N_("resolve"),
    "connect": N_("connect"),
    "tls": N_("tls"),
    "send": N_("send"),
    "wait": N_("wait"),
    "receive": N_("receive"),
}
_ORDER = {name: number for number, name in enumerate(PHASES)}
# What every look that came further went through; resolving an address and TLS are not.
_ALWAYS = ("connect", "send")
# A datagram is sent without connecting; echoes are counted from their sending.
_ALWAYS_OF = {"ping": (), "dns": ("send",)}
# A connection that fails in one of these hears nothing more.
_WAY_THERE = ("resolve", "connect", "tls")
_NAME_WIDTH, _TOOK_WIDTH = 9, 6
# What stands beside the bars: name, time and verdict.
_BESIDE = 52
_WIDE = 100


def phase_lines(look: Look, probe: Probe | None, view: View) -> list[Line]:
    """A line for each phase that was reached or failed."""
    spent, failed = _reached(look, probe), failed_phase(look)
    facts = _facts(look, probe)
    bar = max(10, min(view.width - _BESIDE, 100))
    total = max(sum(spent.values()), 0.001)
    lines: list[Line] = []
    gone = 0.0
    for name, milliseconds in spent.items():
        is_failed = name == failed
        start = min(int(gone / total * bar), bar - 1)
        end = max(start + 1, min(round((gone + milliseconds) / total * bar), bar))
        gone += milliseconds
        drawn = " " * start + "#" * (end - start) + " " * (bar - end)
        tone = "down" if is_failed else ""
        verdict = _verdict(look, view) if is_failed else Span(_("ok"), "quiet")
        lines.append(
            line(
                Span(" " + fit(_(PHASES[name]), _NAME_WIDTH), tone),
                fit(took(milliseconds), _TOOK_WIDTH, ">"),
                Span(" |", "rule"),
                Span(drawn, tone or ("warn" if look.verdict == "degraded" and name == "wait" else "")),
                "  ",
                verdict,
                Span(f"  {facts[name]}" if facts.get(name) and not is_failed else "", "quiet"),
            )
        )
    return lines


def failed_phase(look: Look) -> str:
    """The phase that a failed look ended in; empty for a good one."""
    if look.verdict in ("up", "degraded"):
        return ""
    reason = BY_CODE.get(look.reason)
    return reason.phase if reason else ""


def phase_count(looks: Iterable[Look], probe: Probe | None) -> int:
    """How many lines the look with the most phases takes, at least one; ``probe`` is whose they are."""
    return max((len(_reached(look, probe)) for look in looks), default=1) or 1


def _reached(look: Look, probe: Probe | None) -> dict[str, float]:
    """The milliseconds of each phase that was reached, and of the one that failed.

    On a near network connecting and sending round to nothing; they were gone through all the same. Where
    the way there failed in the middle, after a redirect or at STARTTLS, that came after all the others.
    """
    spent = {name: float(getattr(look.phases_ms, name)) for name in PHASES}
    failed = failed_phase(look)
    seen = [name for name, value in spent.items() if value > 0 or name == failed]
    always = _ALWAYS_OF.get(probe.kind, _ALWAYS) if probe is not None else _ALWAYS
    passed = [name for name in PHASES if seen and name in always and _ORDER[name] < _ORDER[seen[-1]]]
    reached = [name for name in PHASES if name in seen or name in passed]
    return {name: spent[name] for name in sorted(reached, key=lambda name: name == failed in _WAY_THERE)}


def _verdict(look: Look, view: View) -> Span:
    why = reason_line(look.reason, look.params, view, short=view.width < _WIDE)
    return Span(_("FAIL {why}").format(why=why), "down")


def _facts(look: Look, probe: Probe | None) -> dict[str, str]:
    """What the last observation adds beside each phase; nothing when this is another look."""
    seen = probe.last if probe is not None else None
    if seen is None or abs((seen.started_at - look.at).total_seconds()) >= 1:
        return {}
    facts: dict[str, str] = {}
    if seen.address:
        facts["resolve"] = seen.address
    if seen.port:
        facts["connect"] = f":{seen.port}"
    if seen.tls is not None and seen.tls.version:
        facts["tls"] = seen.tls.version
        if seen.tls.chain_expires_at is not None:
            days = (seen.tls.chain_expires_at - look.at).days
            facts["tls"] += ", " + _("cert {n} d left").format(n=days)
    if seen.ping is not None:
        facts["wait"] = _("{received} of {sent} came back").format(
            received=seen.ping.received, sent=seen.ping.sent
        )
    if seen.dns is not None and seen.dns.rcode:
        records = ngettext("{n} record", "{n} records", seen.dns.records).format(n=seen.dns.records)
        facts["wait"] = f"{seen.dns.rcode}, {records}"
    if seen.http is not None:
        facts["wait"] = str(seen.http.status or "")
        if seen.http.redirects:
            facts["wait"] += ", " + _("{n} redirects").format(n=len(seen.http.redirects))
        if seen.http.wire_bytes:
            facts["receive"] = _("{n} bytes").format(n=seen.http.wire_bytes)
    return facts
