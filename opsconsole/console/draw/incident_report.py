"""The report of an incident in the form that the law asks for, as Markdown to be completed and sent.

The headings are those of BSSN 1/2024 art. 15: reporter contact, description, chronology, impact; the block
on personal data is that of UU 27/2022 art. 46. What the console does not know is left to be filled in, and
nothing is made up in its place.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from opsconsole.base.text import _
from opsconsole.client.incident_pages import IncidentDetail, TimelineEntry
from opsconsole.client.incidents import Clock, Incident
from opsconsole.console.draw import incident_events
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.clocks import span_text
from opsconsole.console.draw.event_text import event_text
from opsconsole.console.draw.handover import about
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.view import View

Law = Literal["bssn", "pdp"]
# What Markdown or HTML would act on.
_MARKS = re.compile(r"([\\`*_\[\]|~#<>&])")
_BLANK = "________"


def report(detail: IncidentDetail, office: str, reporter: str, view: View, law: Law | None = None) -> str:
    """The whole report; ``law`` leaves one of its parts out: ``bssn`` the block on personal data, ``pdp``
    the one for the CSIRT. ``reporter`` is who draws it up.
    """
    one = detail.incident
    lines = ["# " + _("Incident report") + f" {one.code}", "", *_head(detail, office, view)]
    if law != "pdp":
        lines += _bssn(detail, reporter, view)
    if law == "pdp" or (law is None and _concerns(one)):
        lines += _pdp(detail, view)
    return "\n".join(lines).rstrip("\n") + "\n"


def _concerns(one: Incident) -> bool:
    """Whether it may concern personal data: unless that was asked and denied, it does."""
    return any(asked.id == "personal_data" and asked.answer != "no" for asked in one.questions)


def _head(detail: IncidentDetail, office: str, view: View) -> Iterator[str]:
    one = detail.incident
    yield _item(_("office"), office)
    yield _item(_("drawn up"), _time(view.now, view))
    yield _item(_("severity"), _(words.WHOLE_SEVERITIES[one.severity]))
    yield _item(_("kind"), ", ".join(part for part in (_(words.KINDS[one.kind]), _category(one)) if part))
    for asked in one.questions:
        answer = _(words.ANSWERS[asked.answer]) if asked.answer else _("not answered yet")
        yield _item(_(words.QUESTIONS[asked.id]), answer)
    for clock in one.clocks:
        if clock.source:
            yield _item(words.clock_word(clock.id), f"{_due(clock, view)} ({clock.source})")
    yield ""


def _bssn(detail: IncidentDetail, reporter: str, view: View) -> Iterator[str]:
    one = detail.incident
    yield "## " + _("Reporter contact")
    yield ""
    yield _item(_("name"), reporter)
    for title in (_("position"), _("telephone"), _("e-mail")):
        yield _item(title, _BLANK)
    if one.reporter:
        yield _item(_("told to us by"), f"{one.reporter} ({_(words.SOURCES[one.source])})")
    yield ""
    yield "## " + _("Description")
    yield ""
    yield from _description(detail, view)
    yield ""
    yield "## " + _("Chronology")
    yield ""
    yield from _chronology(detail, view)
    yield ""
    yield "## " + _("Impact")
    yield ""
    yield from _impact(detail, view)
    yield ""


def _description(detail: IncidentDetail, view: View) -> Iterator[str]:
    one = detail.incident
    yield _item(_("system"), detail.name or about(one))
    yield _item(_("OPD"), detail.opd_name or one.opd_short or _BLANK)
    yield _item(_("what was seen"), words.cause_text(one, view))
    yield _item(_("known by"), _(words.SOURCES[one.source]))
    yield _item(_("hosting"), ", ".join(part for part in (detail.hosting, detail.vendor) if part) or _BLANK)
    yield _item(_("cause"), _(words.CAUSES[one.cause]) if one.cause else _BLANK)
    yield _item(_("what was done"), one.note or _BLANK)


def _chronology(detail: IncidentDetail, view: View) -> Iterator[str]:
    one = detail.incident
    yield _item(_time(one.happened_at, view), _("the trouble began"))
    for entry in sorted(detail.timeline, key=lambda entry: (entry.at, entry.seq)):
        yield _item(_time(entry.at, view), _entry(entry, view))


def _impact(detail: IncidentDetail, view: View) -> Iterator[str]:
    one = detail.incident
    end = one.recovered_at or one.resolved_at
    if end is None:
        lasted = _("{time} so far, not over").format(time=span_text(view.now - one.happened_at))
    else:
        lasted = f"{span_text(end - one.happened_at)}, {_time(one.happened_at, view)} - {_time(end, view)}"
    yield _item(_("duration"), lasted)
    yield _item(_("services affected"), "; ".join(f"{one.name} ({one.id})" for one in one.members) or _BLANK)
    yield _item(_("users affected"), _BLANK)
    yield _item(_("data affected"), _BLANK)


def _pdp(detail: IncidentDetail, view: View) -> Iterator[str]:
    """What a notice to the data subjects and the authority has to hold."""
    one = detail.incident
    yield "## " + _("Personal data")
    yield ""
    yield _item(_("data exposed"), _BLANK)
    yield _item(_("when"), _time(one.happened_at, view))
    yield _item(_("known since"), _time(one.opened_at, view))
    yield _item(_("how"), words.cause_text(one, view))
    yield _item(_("handling and recovery"), one.note or _BLANK)
    recovered = _time(one.recovered_at, view) if one.recovered_at else _("not yet")
    yield _item(_("recovered"), recovered)
    yield _item(_("contact for those concerned"), _BLANK)
    yield ""


def _entry(entry: TimelineEntry, view: View) -> str:
    body = {**entry.params, "text": entry.text}
    if entry.kind.startswith(incident_events.PREFIX):
        text = incident_events.incident_event_text(entry.kind, body, view)
    else:
        text = event_text(entry.kind, body, view)
    if entry.text and entry.text not in text:
        text = f"{text}: {entry.text}" if text else entry.text
    return f"{entry.person}: {text}" if entry.person else text


def _category(one: Incident) -> str:
    return _(words.CATEGORIES[one.category]) if one.category else ""


def _due(clock: Clock, view: View) -> str:
    if clock.met_at is not None:
        return _("done {time}").format(time=_time(clock.met_at, view))
    if clock.due_at is None:
        return _("at once")
    return _("by {time}").format(time=_time(clock.due_at, view))


def _time(moment: datetime, view: View) -> str:
    """``2026-11-24 02:02 WIB``: with the whole date, for a paper that is read much later."""
    return f"{view.times.local(moment):%Y-%m-%d %H:%M} {view.times.zone_word(moment)}"


def _item(title: str, text: str) -> str:
    return f"- {title}: {text if text == _BLANK else _escaped(text)}"


def _escaped(text: str) -> str:
    """Text from outside on one line, shown as it is."""
    return _MARKS.sub(r"\\\1", printable(" ".join(text.split())))
