"""An incident's page: what it is and whose, what runs out, whom to call; below it all that happened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from rich.cells import cell_len

from opsconsole.base.text import N_, _
from opsconsole.client.incident_pages import IncidentDetail, Past, TimelineEntry
from opsconsole.client.incidents import Clock, Incident, Member
from opsconsole.console.draw import incident_lines as lines
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.banners import age_text
from opsconsole.console.draw.clocks import clock_text, running
from opsconsole.console.draw.event_text import event_text
from opsconsole.console.draw.lines import Line, Span, fit, heading, justify, line, printable, wrap
from opsconsole.console.draw.plan import SMALL_WIDTH, is_small
from opsconsole.console.draw.reasons import reason_line
from opsconsole.console.draw.view import View

_LABEL, _LABEL_NARROW = 9, 6
_LABELS = {
    "cause": N_("CAUSE"),
    "owner": N_("OWNER"),
    "due": N_("DUE"),
    "asked": N_("ASKED"),
    "call": N_("CALL"),
    "runbook": N_("RUNBOOK"),
    "where": N_("WHERE"),
    "note": N_("NOTE"),
    "related": N_("RELATED"),
}
_CAUSES: Mapping[str, str] = {str(code): told for code, told in words.CAUSES.items()}
_MOST_HEAD = 12
_LEAST_BODY = 6


class Item(NamedTuple):
    """A line of the body; ``key`` says what enter opens: ``member:ID``, ``incident:NUMBER``, else nothing."""

    key: str
    line: Line


def head_lines(detail: IncidentDetail, view: View, room: int) -> list[Line]:
    """What has to be known first, in at most ``room`` lines: the least urgent is left out."""
    one = detail.incident
    wide = not is_small(view.width, view.height)
    asked = [lines.question_text(one.number, question) for question in one.asks]
    parts: list[tuple[int, list[Line]]] = [
        (0, [state_line(one, detail.name, view)]),
        (1, _labelled("cause", [cause_line(one, view)], view, 2, "strong")),
        (1, _labelled("owner", [lines.owner_line(one, view)], view, 2)),
        (3, _clock_lines(one, view)),
        (2, _labelled("asked", asked, view, 1, "warn")),
        (2, _labelled("call", _calls(detail, view), view, 1)),
        (4, _labelled("where", _where(detail), view, 1)),
        (4, _labelled("runbook", [printable(detail.runbook)] if detail.runbook else [], view, 1)),
        (5, _labelled("note", _noted(one, view), view, 2)),
    ]
    spare = min(room, _MOST_HEAD if wide else room)
    kept: dict[int, list[Line]] = {}
    for number, (_rank, found) in sorted(enumerate(parts), key=lambda part: part[1][0]):
        kept[number] = found[: max(spare, 0)]
        spare -= len(kept[number])
    return [one_line for number in range(len(parts)) for one_line in kept[number]]


def plan(view: View, taken: int, head: int) -> tuple[int, int]:
    """Lines of head and body, of what banners and menus leave."""
    room = max(view.height - (2 if is_small(view.width, view.height) else 3) - taken, 1)
    head = min(head, max(room - _LEAST_BODY, 1))
    return head, room - head


def state_line(one: Incident, name: str, view: View) -> Line:
    """``#412 critical OPEN since 02:02  Gerbang Satu, Kominfo   tier 1, INS-2026-000412``."""
    since = _("since {time}").format(time=view.at(one.happened_at))
    subject = printable(name) or words.subject_text(one)
    place = f"{subject}, {printable(one.opd_short)}" if one.opd_short else subject
    left = line(
        " ",
        Span(words.number_text(one), "strong"),
        " ",
        Span(_(words.WHOLE_SEVERITIES[one.severity]), words.SEVERITY_TONES[one.severity]),
        " ",
        Span(words.status_text(one, view.now), words.status_tone(one, view.now)),
        f" {since}  ",
        Span(place, "strong"),
    )
    tier = _("tier {n}").format(n=one.tier)
    return justify(left, line(Span(f"  {tier}, {one.code} ", "quiet")), view.width)


def cause_line(one: Incident, view: View) -> str:
    """What it is; once it is over, what it was found to be, and whether it was one."""
    parts = [words.cause_text(one, view)]
    if one.title and one.reason:
        parts.append(reason_line(one.reason, one.params, view))
    parts += [_(words.CAUSES[one.cause])] if one.cause else []
    parts += [_(words.ATTRIBUTIONS[one.attribution])] if one.attribution else []
    parts += [_("false alarm")] if one.false_alarm else []
    if one.source != "probe":
        told = _("known by {source}").format(source=_(words.SOURCES[one.source]))
        parts.append(f"{told} {printable(one.reporter)}".rstrip())
    if one.merged_into:
        parts.append(_("merged into #{number}").format(number=one.merged_into))
    return "; ".join(parts)


def items(detail: IncidentDetail, view: View) -> list[Item]:
    """The body, in sections: members, timeline, what may belong to it, what was before."""
    one = detail.incident
    found: list[Item] = []
    found += _section(_("TIMELINE"), [Item("", _entry_line(entry, view)) for entry in _newest(detail)], view)
    found += _section(lines.members_text(one).upper(), [*_member_items(one.members, view)], view)
    found += _section(_("CLOCKS"), [Item("", _clock_line(clock, view)) for clock in one.clocks], view)
    found += _section(_("QUESTIONS"), [Item("", part) for part in _question_lines(one, view)], view)
    related = [
        Item(f"incident:{other.number}", line(f"  {lines.related_text(other, view)}",
             Span(f"  :merge {other.number} {one.number}", "quiet") if other.open else ""))
        for other in detail.related
    ]  # fmt: skip
    found += _section(_("MAY BELONG TO IT"), related, view)
    merged = [Item(f"incident:{number}", line(f"  #{number}")) for number in detail.merged]
    found += _section(_("MERGED INTO IT"), merged, view)
    past = [Item(f"incident:{before.number}", _past_line(before, view)) for before in detail.past]
    found += _section(_("EARLIER ONES OF IT"), past, view)
    if one.severity_why:
        why = line(f"  {_(words.WHOLE_SEVERITIES[one.severity])}: {printable(one.severity_why)}")
        found += _section(_("SEVERITY"), [Item("", why)], view)
    return found


def entry_text(entry: TimelineEntry, view: View) -> str:
    """What a line of the timeline tells, with what a person wrote."""
    told = event_text(entry.kind, entry.params, view)
    text = printable(entry.text)
    return f"{told}: {text}" if text and text not in told else told


def entry_when(entry: TimelineEntry, view: View) -> str:
    """When, in twelve cells: with the day where it is not this one's."""
    local = view.times.local(entry.at)
    if local.date() == view.times.local(view.now).date():
        return f"{view.times.exact(entry.at):<12}"
    return f"{view.times.day(entry.at)} {local:%H:%M}".ljust(12)


def _newest(detail: IncidentDetail) -> list[TimelineEntry]:
    return sorted(detail.timeline, key=lambda entry: (entry.at, entry.seq), reverse=True)


def _entry_line(entry: TimelineEntry, view: View) -> Line:
    who = printable(entry.person) or (entry.via if entry.via not in ("", "engine") else "")
    about = entry.subject.removeprefix("service:")
    about = "" if about.startswith("incident:") else f"{printable(about)} "
    happened = ""
    if entry.happened_at is not None and (entry.at - entry.happened_at).total_seconds() >= 60:
        happened = " " + _("since {time}").format(time=view.at(entry.happened_at))
    return line(
        "  ", Span(entry_when(entry, view), "quiet"),
        Span(f"{who:<8.8} ", "strong" if entry.person else "quiet"),
        f"{about}{entry_text(entry, view)}{happened}",
    )  # fmt: skip


def _member_items(members: Sequence[Member], view: View) -> Iterator[Item]:
    """Those that are down first, the cause before what it took with it."""

    def place(one: Member) -> tuple[bool, bool, str]:
        return one.recovered_at is not None, one.because != "self", one.id

    for member in sorted(members, key=place):
        up = member.recovered_at is not None
        state = Span("+" if up else "!", "" if up else "down")
        told = _(words.BECAUSE[member.because]).format(via=printable(member.via.removeprefix("service:")))
        since = _("up {time}").format(time=view.at(member.recovered_at)) if member.recovered_at else ""
        since = since or _("since {time}").format(time=view.at(member.since))
        name = printable(f"{member.id.removeprefix('service:'):<14} {member.name}")
        opd = f", {printable(member.opd_short)}" if member.opd_short else ""
        text = line("  ", state, f" {name}{opd}", Span(f"  {told}, {since}", "quiet"))
        yield Item(f"member:{member.id}", text)


def _question_lines(one: Incident, view: View) -> Iterator[Line]:
    for question in one.questions:
        if not question.answer:
            yield line("  ", Span(lines.question_text(one.number, question.id), "warn"))
            continue
        asked = _(words.QUESTIONS.get(question.id, question.id))
        said = f"{asked} {_(words.ANSWERS[question.answer])}"
        at = view.at(question.at) if question.at else "-"
        yield line(f"  {said}", Span(f"  {printable(question.by)} {at}", "quiet"))


def _clock_line(clock: Clock, view: View) -> Line:
    source = f"  {printable(clock.source)}" if clock.source else ""
    return line("  ", Span(clock_text(clock, view), lines.due_tone(clock, view)), Span(source, "quiet"))


def _clock_lines(one: Incident, view: View) -> list[Line]:
    clocks = running(one)
    late = any(lines.due_tone(clock, view) == "down" for clock in clocks)
    told = ["  ".join(clock_text(clock, view) for clock in clocks)] if clocks else []
    return _labelled("due", told, view, 2, "down" if late else "")


def _past_line(before: Past, view: View) -> Line:
    took = age_text(view.now, view.now - timedelta(seconds=before.lasted_s))
    cause = _(_CAUSES.get(before.cause, before.cause)) if before.cause else "-"
    opened = view.at(before.opened_at)
    return line(f"  #{before.number} {opened}", Span(f"  {took}  {cause}  {printable(before.note)}", "quiet"))


def _section(title: str, found: Sequence[Item], view: View) -> list[Item]:
    if not found:
        return []
    return [Item("", heading(line(Span(title, "strong")), (), view.width - 1)), *found]


def _calls(detail: IncidentDetail, view: View) -> list[str]:
    told = lines.call_texts(detail, view)[:3]
    return told or [_("nobody is named in the configuration")]


def _where(detail: IncidentDetail) -> list[str]:
    facts = [printable(detail.opd_name), printable(detail.hosting)]
    facts += [] if detail.handed_over or not detail.incident.opd else [_("not handed over")]
    facts += [_("vendor {name}").format(name=printable(detail.vendor))] if detail.vendor else []
    facts += [detail.incident.address] if detail.incident.address else []
    told = ", ".join(filter(None, facts))
    return [told] if told else []


def _noted(one: Incident, view: View) -> list[str]:
    if not one.note:
        return []
    at = view.at(one.note_at) if one.note_at else "-"
    return [f"{printable(one.note)}  ({printable(one.note_by)} {at})"]


def _labelled(label: str, texts: Iterable[str], view: View, most: int, tone: str = "") -> list[Line]:
    """Texts beside their label, each in at most ``most`` lines."""
    found: list[Line] = []
    width = _LABEL if view.width >= SMALL_WIDTH else _LABEL_NARROW
    first = fit(_(_LABELS[label]), width - 1) + " "
    for text in texts:
        for part in wrap(text, view.width - cell_len(first) - 2, most):
            lead = first if not found else " " * cell_len(first)
            found.append(line(" ", Span(lead, "quiet"), Span(part, tone)))
    return found
