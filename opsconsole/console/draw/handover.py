"""The hand-over of a shift as lines, for a screen of 80 columns, a file or a chat alike."""

from collections.abc import Iterable, Iterator, Sequence

from opsconsole.base.text import _
from opsconsole.client.incident_pages import Handover, HandoverChange
from opsconsole.client.incidents import Incident
from opsconsole.client.instructions import Instruction
from opsconsole.client.readiness import RunningDrill
from opsconsole.console.draw import incident_events, incident_words
from opsconsole.console.draw.clocks import clock_texts, running, span_text
from opsconsole.console.draw.event_text import event_text
from opsconsole.console.draw.lines import Line, Span, cut, heading, line, plain, printable, wrap
from opsconsole.console.draw.view import View

# What pastes into a chat or a letter without being broken anew.
WIDTH = 80
_INDENT = 5
_MOST_LINES = 3


def handover_lines(handover: Handover, office: str, view: View) -> list[Line]:
    """Everything from top to bottom, in lines of the view's width."""
    times = view.times
    span = f"{times.clock(handover.start)} - {times.short_clock(handover.end)}"
    shift = _("SHIFT HAND-OVER: {shift}").format(shift=printable(handover.shift))
    lines = [
        cut(line(Span(shift, "strong")), view.width),
        cut(line(f"{span}, {printable(office)}"), view.width),
        cut(line(_("as of {time}").format(time=times.clock(handover.at))), view.width),
    ]
    lines += _section(_("STILL OPEN"), handover.open, (_open(one, view) for one in handover.open), view)
    lines += _section(_("ENDED"), handover.ended, (_ended(one, view) for one in handover.ended), view)
    if handover.drills:
        lines += _section(
            _("DRILLS"), handover.drills, ([_drill(one, view)] for one in handover.drills), view
        )
    if handover.instructions:
        told = ([_instruction(one, view)] for one in handover.instructions)
        lines += _section(_("INSTRUCTIONS"), handover.instructions, told, view)
    lines += _done(handover, view)
    return [*lines, (), *_anchor(handover, view)]


def handover_text(handover: Handover, office: str, view: View) -> str:
    """The same as plain text, at most `WIDTH` wide."""
    fits = view._replace(width=min(view.width, WIDTH))
    return "\n".join(plain(one).rstrip() for one in handover_lines(handover, office, fits)) + "\n"


def _section(title: str, listed: Sequence[object], parts: Iterable[list[Line]], view: View) -> Iterator[Line]:
    yield ()
    yield heading(line(Span(f"{title} {len(listed)}", "strong")), (), view.width)
    for part in parts:
        yield from part
    if not listed:
        yield line(" ", _("nothing"))


def _open(one: Incident, view: View) -> list[Line]:
    """An incident that goes on: what, since when, who has it, its clocks, what is asked, the last note."""
    texts = [f"{incident_words.cause_text(one, view)}, {_since(one, view)}", _who(one, view)]
    texts += clock_texts(running(one), view)
    texts += [_("answer: {question}").format(question=_(incident_words.QUESTIONS[name])) for name in one.asks]
    if one.note:
        texts.append(f"{one.note_by}: {one.note}" if one.note_by else one.note)
    return [_head(one, view), *_indented(texts, view)]


def _ended(one: Incident, view: View) -> list[Line]:
    """One that is over: how long it was, what it was, what was written last."""
    end = one.resolved_at or one.closed_at or one.changed_at
    lasted = f"{view.at(one.happened_at)} - {view.at(end)} ({span_text(end - one.happened_at)})"
    parts = [lasted, _(incident_words.CAUSES[one.cause]) if one.cause else _("cause not said yet")]
    if one.false_alarm:
        parts.append(_("false alarm"))
    texts = [", ".join(parts), *([one.note] if one.note else [])]
    law = clock_texts(running(one), view)
    return [_head(one, view), *_indented([*texts, *law], view)]


def _drill(one: RunningDrill, view: View) -> Line:
    text = _("{who} is to answer by {time}").format(who=one.name, time=view.at(one.due_at))
    what = " ".join(part for part in (one.opd, one.application) if part)
    return cut(line(f" {text}  {printable(what)}"), view.width)


def _instruction(one: Instruction, view: View) -> Line:
    late = one.late(view.times.local(view.now).date())
    due = view.times.calendar_day(one.due, view.now)
    who = f"{one.opd_short or one.opd} {one.person_name}".strip()
    text = _("{who}: late since {day}") if late else _("{who}: due {day}")
    head = Span(f" {text.format(who=printable(who), day=due)}", "down" if late else "")
    return cut(line(head, f"  {printable(one.text)}"), view.width)


def _head(one: Incident, view: View) -> Line:
    severity = _(incident_words.WHOLE_SEVERITIES[one.severity]).upper()
    tone = incident_words.SEVERITY_TONES[one.severity] if one.status.is_open else ""
    status = incident_words.status_text(one, view.now)
    return cut(line(Span(severity, tone), f" {one.code} {status}  ", Span(about(one), "strong")), view.width)


def about(one: Incident) -> str:
    """What it is about, by name and id, how many fell with it, and whose that is."""
    named = next((member for member in one.members if member.id == one.subject), None)
    named = named or (one.members[0] if one.members else None)
    if named is None:
        return one.opd_short
    more = len(one.members) - 1
    text = f"{named.name} ({named.id})" + (f" +{more}" if more > 0 else "")
    opd = one.opd_short or named.opd_short
    return printable(f"{text} - {opd}" if opd else text)


def _since(one: Incident, view: View) -> str:
    return _("since {time}").format(time=view.at(one.happened_at))


def _who(one: Incident, view: View) -> str:
    owner = incident_words.owner_text(one)
    if not owner:
        return _("nobody has taken it")
    if one.ack_until is not None:
        return _("{who} has it until {time}").format(who=owner, time=view.at(one.ack_until))
    return _("{who} has it").format(who=owner)


def _done(handover: Handover, view: View) -> Iterator[Line]:
    """What people did, each on a line of its own."""
    yield ()
    done = _("WHAT PEOPLE DID")
    title = f"{done} {handover.changes_total}"
    yield heading(line(Span(title, "strong")), (), view.width)
    if not handover.changes:
        yield line(" ", _("nothing"))
    left = handover.changes_total - len(handover.changes)
    if left > 0:
        yield line(" " + _("the first {n} are in the log").format(n=left))
    for change in handover.changes:
        yield from _change(change, view)


def _change(change: HandoverChange, view: View) -> Iterator[Line]:
    text = _told(change, view)
    if change.text and printable(change.text) not in text:
        text = f"{text}: {change.text}" if text else change.text
    about_what = change.subject.replace("incident:", "#", 1)
    head = f" {view.times.local(change.at):%H:%M}  "
    first, *rest = wrap(f"{change.person}  {about_what}  {text}", view.width - len(head), _MOST_LINES)
    yield line(Span(head, "quiet"), first)
    for more in rest:
        yield line(" " * len(head), more)


def _told(change: HandoverChange, view: View) -> str:
    if change.kind.startswith(incident_events.PREFIX):
        return incident_events.incident_event_text(change.kind, change.params, view)
    return event_text(change.kind, change.params, view)


def _anchor(handover: Handover, view: View) -> Iterator[Line]:
    """Where the chain of events ended: with this in the next shift's hands, nobody can write it anew."""
    text = _("The log ends with event {seq}, sealed:").format(seq=handover.head_seq)
    yield cut(line(Span(text, "quiet")), view.width)
    yield line(Span(handover.head_hash, "quiet"))


def _indented(texts: Iterable[str], view: View) -> Iterator[Line]:
    for text in texts:
        for part in wrap(text, view.width - _INDENT, _MOST_LINES):
            yield line(" " * _INDENT + part)
