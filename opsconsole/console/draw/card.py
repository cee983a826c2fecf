"""The card: what to paste into a chat, readable without this program and short enough to be read."""

from collections.abc import Sequence

from opsconsole.base.text import _
from opsconsole.client.shapes import Application, ApplicationDetail, Contact, Look, Opd
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.phases import PHASES
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import Times, took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

MOST = 700
_MOST_LISTED = 12


def application_card(row: Application, detail: ApplicationDetail | None, office: str, view: View) -> str:
    """One application: state, since when, why, where, the last look, whom to call."""
    head = f"[{word(row.state)}] {row.name} ({row.id})"
    lines = [f"{head} - {row.opd_short}" if row.opd_short else head]
    lines.append(
        _("since {time} {zone}").format(time=view.at(row.since), zone=view.times.zone_word(view.now))
    )
    if row.reason != "ok":
        lines.append(why_text(row, view))
    if detail is not None:
        lines += [probe.target for probe in detail.probes[:2]]
        if detail.looks:
            lines.append(_look(detail.looks[0], view.times))
        lines += [
            _("needs {name}: {state}").format(name=parent.name, state=word(parent.state))
            for parent in detail.parents
            if parent.state.is_problem
        ]
        lines += _calls(detail.contacts)
    return _card(lines, office, view)


def opd_card(opd: Opd, own: Sequence[Application], office: str, view: View) -> str:
    """One OPD: how many are up, and each one that is not."""
    lines = [_("{name}: {up} of {all} up").format(name=opd.name, up=opd.up, all=opd.total)]
    bad = [row for row in own if row.state.is_problem]
    for row in sorted(bad, key=lambda row: row.state.severity)[:_MOST_LISTED]:
        since = _("since {time}").format(time=view.at(row.since))
        why = why_text(row, view)
        lines.append(f"{glyph(row.state)} {row.id} {word(row.state)} {since}: {why}")
    if not bad:
        lines.append(_("no problems"))
    return _card(lines, office, view)


def _look(look: Look, times: Times) -> str:
    spent = [
        f"{_(label)} {took(value)}"
        for name, label in PHASES.items()
        if (value := getattr(look.phases_ms, name)) > 0
    ]
    return _("last look {time}: {phases}").format(time=times.exact(look.at), phases=", ".join(spent) or "-")


def _calls(contacts: Sequence[Contact]) -> list[str]:
    return [_("call {who}").format(who=contact_text(contact)) for contact in contacts[:3]]


def _card(lines: Sequence[str], office: str, view: View) -> str:
    """The lines with where they come from, at most `MOST` characters: the middle gives way."""
    end = f"{printable(office)}, opsconsole, {view.times.clock(view.now)}"
    kept: list[str] = []
    room = MOST - len(end)
    for text in map(printable, lines):
        if len(text) + 1 > room:
            if room > 20:
                kept.append(text[: room - 2] + "…")
            break
        kept.append(text)
        room -= len(text) + 1
    return "\n".join([*kept, end])
