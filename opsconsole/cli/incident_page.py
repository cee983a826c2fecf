"""``incidents show``: one incident with its clocks, members, timeline, and whom to call."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from opsconsole.base.text import N_, _, ngettext, translate
from opsconsole.cli import exits
from opsconsole.cli.incident_line import known_number
from opsconsole.cli.paper import paper, paper_view
from opsconsole.cli.session import Session
from opsconsole.client.incident_pages import AskIncident, IncidentDetail, TimelineEntry
from opsconsole.client.incidents import Incident, Member
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.clocks import clock_texts
from opsconsole.console.draw.event_text import event_text
from opsconsole.console.draw.incident_lines import call_texts
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

_SHARES = {
    "time": N_("at the same time"),
    "address": N_("same address"),
    "certificate": N_("same certificate"),
    "vendor": N_("same vendor"),
    "dependency": N_("one depends on the other"),
}


def run_show(args: Namespace, session: Session) -> int:
    """Print one incident. Raises `NotFound`, and `Invalid` for what is no number."""
    number = known_number(args.number)
    with session.client() as client:
        hello = session.greet(client)
        detail = client.query(AskIncident(number=number))
    if args.json:
        print(msgspec.json.encode(detail).decode())
        return exits.OK
    view = paper_view(Times(hello.zone), datetime.now(UTC))
    console = paper()
    for line in page_lines(detail, view):
        console.print(line, soft_wrap=True)
    return exits.OK


def page_lines(detail: IncidentDetail, view: View) -> Iterator[str]:
    """All about one incident, as lines for paper."""
    one = detail.incident
    yield f"{one.code}  {_(words.WHOLE_SEVERITIES[one.severity])}  {words.status_text(one, view.now)}"
    name = printable(detail.name or one.subject)
    yield "  ".join(part for part in (name, printable(detail.opd_name), words.cause_text(one, view)) if part)
    for title, text in _facts(one, view):
        yield f"  {title}: {text}"
    sections = (
        (_("clocks"), clock_texts(one.clocks, view)),
        (_("questions of triage"), list(_questions(one))),
        (_("members"), [_member(member, view) for member in one.members]),
        (_("timeline"), [_entry(entry, view) for entry in detail.timeline]),
        (_("related"), list(_related(detail))),
        (_("before"), list(_past(detail, view))),
        (_("whom to call"), call_texts(detail, view)),
        (_("where it runs"), list(_place(detail))),
    )
    for title, found in sections:
        if found:
            yield ""
            yield title
            yield from (f"  {line}" for line in found)


def _facts(one: Incident, view: View) -> Iterator[tuple[str, str]]:
    yield _("kind"), _(words.KINDS[one.kind])
    if one.category:
        yield _("category"), _(words.CATEGORIES[one.category])
    yield (
        _("known by"),
        " ".join(filter(None, (translate(words.SOURCES[one.source]), printable(one.reporter)))),
    )
    moments = (
        (_("began"), one.happened_at, ""),
        (_("opened"), one.opened_at, ""),
        (_("acknowledged"), one.acknowledged_at, one.acknowledged_by),
        (_("mitigated"), one.mitigated_at, ""),
        (_("recovered"), one.recovered_at, ""),
        (_("resolved"), one.resolved_at, ""),
        (_("closed"), one.closed_at, ""),
        (_("snoozed until"), one.snoozed_until, one.snooze_reason),
    )
    for title, moment, text in moments:
        if moment is not None:
            yield title, f"{view.at(moment)} {printable(text)}".rstrip()
    if one.owner:
        yield _("owner"), printable(one.owner)
    if one.severity_why:
        yield _("severity because"), printable(one.severity_why)
    if one.cause:
        yield _("cause"), translate(words.CAUSES[one.cause])
    if one.attribution:
        yield _("attribution"), _(words.ATTRIBUTIONS[one.attribution])
    if one.false_alarm:
        yield _("false alarm"), _("yes")
    if one.merged_into:
        yield _("merged into"), words.number_text(one.merged_into)
    if one.note:
        yield _("last note"), printable(f"{one.note} ({one.note_by})" if one.note_by else one.note)


def _questions(one: Incident) -> Iterator[str]:
    for question in one.questions:
        answer = translate(words.ANSWERS[question.answer]) if question.answer else _("NOT ANSWERED")
        by = f" ({printable(question.by)})" if question.by else ""
        yield f"{translate(words.QUESTIONS.get(question.id, question.id))} {answer}{by}"


def _member(member: Member, view: View) -> str:
    state = (
        _("up since {time}").format(time=view.at(member.recovered_at))
        if member.recovered_at is not None
        else _("down since {time}").format(time=view.at(member.since))
    )
    because = translate(words.BECAUSE[member.because], {"via": member.via})
    return printable(f"{member.id}  {member.opd_short or member.opd}  {state}  {because}")


def _entry(entry: TimelineEntry, view: View) -> str:
    text = event_text(entry.kind, {**entry.params, "text": entry.text}, view)
    if entry.text and entry.text not in text:
        text = f"{text}: {entry.text}"
    who = f"{entry.person or entry.via}: " if entry.person or entry.via else ""
    return printable(f"{view.times.at(entry.at, view.now)}  {who}{text}")


def _related(detail: IncidentDetail) -> Iterator[str]:
    for one in detail.related:
        shares = ", ".join(_(_SHARES[share]) for share in one.shares)
        yield printable(f"{words.number_text(one.number)}  {one.subject or one.title}  {shares}")
    for number in detail.merged:
        yield _("{number} was merged into it").format(number=words.number_text(number))


def _past(detail: IncidentDetail, view: View) -> Iterator[str]:
    for one in detail.past:
        minutes = round(one.lasted_s / 60)
        lasted = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
        cause = translate(words.CAUSES[one.cause]) if one.cause in words.CAUSES else one.cause  # type: ignore[index]
        yield printable(
            "  ".join((words.number_text(one.number), view.at(one.opened_at), lasted, cause, one.note))
        ).rstrip()


def _place(detail: IncidentDetail) -> Iterator[str]:
    for title, text in (
        (_("hosting"), detail.hosting),
        (_("vendor"), detail.vendor),
        (_("runbook"), detail.runbook),
    ):
        if text:
            yield f"{title}: {printable(text)}"
