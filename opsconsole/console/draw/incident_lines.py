"""An incident in a line or a few: what its clocks say, what the law asks, whose it is, what just happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.incident_pages import IncidentDetail, Related
from opsconsole.client.incidents import Clock, Incident, Status
from opsconsole.client.readiness import ContactReadiness
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.lines import Line, Span, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import Turn
from opsconsole.console.incident_rules import law_clocks

_MOST_LAW_LINES = 2
SHARES = {
    "time": N_("same time"),
    "address": N_("same address"),
    "certificate": N_("same certificate"),
    "vendor": N_("same vendor"),
    "dependency": N_("one needs the other"),
}


def due_text(clock: Clock, view: View) -> str:
    """``respond by 02:17``; when it was done, that it is late, or that it is to be done at once.

    It says no time that is left, so that nothing of it ticks.
    """
    name = words.clock_word(clock.id)
    if clock.met_at is not None:
        late = clock.due_at is not None and clock.met_at > clock.due_at
        told = _("{clock} done {time}, late") if late else _("{clock} done {time}")
        return told.format(clock=name, time=view.at(clock.met_at))
    if clock.due_at is None:
        return _("{clock} at once").format(clock=name)
    told = _("{clock} OVERDUE since {time}") if clock.due_at < view.now else _("{clock} by {time}")
    text = told.format(clock=name, time=view.at(clock.due_at))
    working = _("working time")
    return f"{text} ({working})" if clock.counts == "working" else text


def call_texts(detail: IncidentDetail, view: View) -> list[str]:
    """Whom to call, in order, each with how ready they are proven to be.

    ``Rina S. (admin) 0812-0000-1234  level 3, answered 12 d ago``. For console users alone: how ready a
    person is belongs on no card that is sent on.
    """
    known = (*detail.readiness, *[None] * len(detail.contacts))
    return [
        contact_text(contact) + (f"  {_readiness_text(found, view)}" if found is not None else "")
        for contact, found in zip(detail.contacts, known, strict=False)
    ]


def _readiness_text(found: ContactReadiness, view: View) -> str:
    if found.answered_at is None:
        return _("level {level}, never answered").format(level=found.level)
    days = (view.times.local(view.now).date() - view.times.local(found.answered_at).date()).days
    if days < 1:
        return _("level {level}, answered today").format(level=found.level)
    return _("level {level}, answered {n} d ago").format(level=found.level, n=days)


def due_tone(clock: Clock, view: View) -> str:
    """How loud a clock is."""
    if clock.met_at is not None:
        return "quiet"
    return "down" if clock.due_at is not None and clock.due_at < view.now else ""


def owner_line(one: Incident, view: View) -> str:
    """Who took it, who has seen it, until when; or that nobody has."""
    if not one.owner and not one.acknowledged_by:
        told = _("nobody has taken it") if one.status.is_open else "-"
    else:
        told = printable(one.owner) if one.owner else _("nobody has taken it")
    if one.acknowledged_by and one.acknowledged_at is not None:
        seen = _("acknowledged {time} by {person}")
        told += "; " + seen.format(time=view.at(one.acknowledged_at), person=printable(one.acknowledged_by))
        if one.ack_until is not None and one.status.is_open:
            told += " " + _("until {time}").format(time=view.at(one.ack_until))
    if words.is_snoozed(one, view.now) and one.snoozed_until is not None:
        quiet = _("kept quiet until {time}: {why}")
        told += "; " + quiet.format(time=view.at(one.snoozed_until), why=printable(one.snooze_reason))
    return told


def question_text(number: int, question: str) -> str:
    """A question of triage, with the line that answers it."""
    asked = _(words.QUESTIONS.get(question, question))
    return f"{asked}  :triage {number} {question} yes|no"


def law_lines(incidents: Iterable[Incident], view: View) -> list[str]:
    """What stands on the board until it is answered or done: questions of triage and clocks of the law."""
    told: list[tuple[bool, datetime, str]] = []
    for one in incidents:
        if one.status is Status.MERGED:
            continue
        name = f"{words.number_text(one)} {words.subject_text(one)}"
        if one.status is not Status.CLOSED:
            told += [
                (False, one.opened_at, f"{name}: {question_text(one.number, question)}")
                for question in one.asks
            ]
        for clock in law_clocks(one):
            told.append(
                (True, clock.due_at or clock.started_at, f"{name}: {due_text(clock, view)}"
                 f"  :reported {one.number} {clock.id} HOW")
            )  # fmt: skip
    told.sort()
    lines = [text for _is_clock, _at, text in told]
    if len(lines) <= _MOST_LAW_LINES:
        return lines
    *shown, last = lines[:_MOST_LAW_LINES]
    return [*shown, f"{last}  +{len(lines) - _MOST_LAW_LINES}"]


def related_text(one: Related, view: View) -> str:
    """``#413 simrs, same address, 58 s apart``."""
    name = one.subject.removeprefix("service:") or one.title
    shares = ", ".join(_(SHARES[share]) for share in one.shares)
    apart = _("{n} s apart").format(n=round(one.apart_s)) if round(one.apart_s) else ""
    return printable(", ".join(filter(None, [f"#{one.number} {name}", shares, apart])))


def members_text(one: Incident) -> str:
    """``7 members, 3 down``."""
    count = len(one.members)
    told = ngettext("{n} member", "{n} members", count).format(n=count)
    return told + ", " + _("{n} down").format(n=one.down)


def turn_line(turns: Sequence[Turn], at: datetime, view: View) -> Line:
    """What became of incidents, on the event line: the most urgent, and how many more there are."""
    told = [(turn, text) for turn in turns if (text := _turn_text(turn, view))]
    if not told:
        return ()
    turn, text = min(told, key=lambda one: (not one[0].opens, one[0].after.severity.rank))
    more = len(told) - 1
    rest = "  " + ngettext("and {n} more", "and {n} more", more).format(n=more) if more else ""
    name = f"{words.number_text(turn.after)} {words.subject_text(turn.after)} "
    return line(
        Span(f"{view.times.exact(at)} ", "quiet"), Span(name, "strong"),
        Span(text, "down" if turn.opens else ""), rest,
    )  # fmt: skip


def _turn_text(turn: Turn, view: View) -> str:
    """What is different now; empty where it is nothing that has to be said."""
    before, after = turn.before, turn.after
    if turn.opens:
        cause = words.cause_text(after, view, short=True)
        return (_("reopened: {what}") if after.reopened else _("opened: {what}")).format(what=cause)
    if before is None:
        return ""
    if after.status is not before.status and not after.status.is_open:
        return _(words.STATUSES[after.status])
    if after.owner and after.owner != before.owner:
        return _("taken by {person}").format(person=printable(after.owner))
    if after.acknowledged_by and after.acknowledged_by != before.acknowledged_by:
        return _("acknowledged by {person}").format(person=printable(after.acknowledged_by))
    if before.acknowledged_by and not after.acknowledged_by and after.status.is_open:
        return _("nobody's again")
    if after.down < before.down:
        return members_text(after)
    return ""
