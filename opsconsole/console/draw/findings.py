"""What is wrong with the register, in words, and one entry of it in a few lines."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from opsconsole.base.text import N_, _, translate
from opsconsole.client.findings import Finding, Fixer, Registered, RegisteredOpd, RegisteredProbe, Severity
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.lines import Line, Span, cut, fit, line, printable
from opsconsole.console.draw.times import every
from opsconsole.console.draw.view import View
from probes.observation import Param

FINDINGS: Mapping[str, str] = {
    "cert_expired": N_("cert expired {day}"),
    "cert_expiring": N_("cert ends {day} ({days} d)"),
    "cert_name": N_("cert is for {seen}"),
    "cert_untrusted": N_("cert not trusted"),
    "circle": N_("depends on itself: {circle}"),
    "dns": N_("host does not resolve"),
    "no_admin": N_("no admin is named"),
    "no_number": N_("no admin has a phone number"),
    "no_probe": N_("no probe is configured"),
    "no_runbook": N_("tier 1 without a runbook"),
    "opd_ended": N_("{opd} ended {day}, still looked at"),
    "parent_ended": N_("needs {other}; {opd} ended {day}"),
    "parent_off": N_("needs {other}, which is off"),
    "paused": N_("paused over 24 h by {by}"),
    "plain": N_("http without TLS, tier {tier}"),
    "plain_personal": N_("personal data without TLS"),
    "plain_secret": N_("a secret is sent without TLS"),
    "refused": N_("files refused: {text}"),
    "same_target": N_("same address as {other}"),
    "year_missing": N_("no day off of {year} is listed"),
    "ramadan_missing": N_("no Ramadan of {year} is listed"),
}
SEVERITIES: Mapping[Severity, str] = {"high": N_("high"), "med": N_("med"), "low": N_("low")}
FIXERS: Mapping[Fixer, str] = {"us": N_("us"), "opd": "OPD", "dns": "DNS", "owner": N_("owner")}
TONES: Mapping[Severity, str] = {"high": "down", "med": "warn", "low": ""}
_LABEL = 9


def finding_text(one: Finding, view: View) -> str:
    """What is wrong, as a short sentence; its code where this console does not know it."""
    if one.code not in FINDINGS:
        return one.code
    return translate(FINDINGS[one.code], {name: _day(value, view) for name, value in one.params.items()})


def fixer_text(fixer: Fixer) -> str:
    """Who can mend it."""
    return _(FIXERS[fixer])


def place_text(file: str, line_number: int) -> str:
    """``opd/rsud.toml:12``."""
    return f"{file}:{line_number}" if line_number else file


def day_text(day: date, view: View) -> str:
    """``30 Nov``, with its year where it is not this one."""
    return view.times.calendar_day(day, view.now)


def _probe_text(probe: RegisteredProbe, view: View) -> str:
    rhythm = _("every {time}").format(time=every(probe.every_s))
    good = _("last good {time}").format(time=view.at(probe.last_good_at)) if probe.last_good_at else ""
    return ", ".join(part for part in (f"{probe.id} {rhythm}", good) if part)


def entry_lines(entry: Registered, view: View) -> list[Line]:
    """An application or service: where it answers, whose it is, whom to call, what it is to the city."""
    probes = [_probe_text(probe, view) for probe in entry.probes]
    urls = list(dict.fromkeys(probe.target for probe in entry.probes))
    owner = f"{entry.name}; {entry.opd_short or entry.owner}; {place_text(entry.file, entry.line)}"
    needs = [" | ".join(group) for group in entry.depends_on]
    return [
        _labelled(_("url"), "  ".join(urls) or _("no probe is configured"), view),
        _labelled(_("owner"), owner, view),
        _labelled(_("call"), "; ".join(map(contact_text, entry.contacts)) or _("nobody is named"), view),
        _labelled(_("probe"), "; ".join(probes) or "-", view),
        _labelled(_("is"), ", ".join(_facts(entry)), view),
        _labelled(_("needs"), ", ".join(needs) or _("nothing else"), view),
    ]


def opd_lines(opd: RegisteredOpd, view: View) -> list[Line]:
    """An agency where a finding is about all of it."""
    since = _("since {time}").format(time=day_text(opd.valid_from, view) if opd.valid_from else "-")
    return [
        _labelled(_("name"), opd.name, view),
        _labelled(_("kind"), f"{opd.kind}; {since}", view),
        _labelled(_("file"), opd.file, view),
    ]


def _facts(entry: Registered) -> Iterable[str]:
    if entry.kind == "service":
        yield _("service outside the city")
        return
    yield _("tier {n}").format(n=entry.tier)
    yield from (one for one in (entry.audience, entry.dimension, entry.hosting) if one)
    yield _("handed over") if entry.handed_over else _("not handed over")
    if entry.personal_data:
        yield _("personal data")
    if entry.iiv:
        yield _("vital (IIV)")
    if entry.service_hours != "always":
        yield _("service hours: {name}").format(name=entry.service_hours)
    if not entry.active:
        yield _("switched off")


def _labelled(label: str, text: str, view: View) -> Line:
    return cut(line(Span(" " + fit(label, _LABEL - 1), "quiet"), Span(printable(text))), view.width)


def _day(value: Param, view: View) -> Param:
    try:
        return day_text(date.fromisoformat(value), view) if isinstance(value, str) else value
    except ValueError:
        return value


def yes(value: bool) -> str:
    """``yes``, or nothing to be read."""
    return _("yes") if value else "-"


def codes_of(opds: Sequence[RegisteredOpd]) -> str:
    """Short names in a row."""
    return ", ".join(one.short for one in opds)
