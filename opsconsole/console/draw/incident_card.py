"""The card of an incident: what to paste into a chat, at most `MOST` characters whatever it holds."""

from collections.abc import Iterable
from typing import NamedTuple

from opsconsole.base.text import N_, _
from opsconsole.client.incident_pages import IncidentDetail
from opsconsole.client.incidents import Incident
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw.card import MOST
from opsconsole.console.draw.clocks import clock_texts, running
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.handover import about
from opsconsole.console.draw.lines import CUT, printable
from opsconsole.console.draw.view import View

_HOSTING = {
    "kominfo": N_("runs at Kominfo"),
    "opd": N_("runs at the OPD"),
    "national": N_("runs nationally"),
    "commercial": N_("runs at a commercial host"),
}


class _Part(NamedTuple):
    """A line of the card, the most characters it may take, and its place when there is not room for all.

    0 is always there: what those lines may take together is less than a card.
    """

    text: str
    most: int
    place: int = 0


def card(incident: Incident, detail: IncidentDetail | None, view: View) -> str:
    """An incident as plain text: severity, number, application, what, since when, who has it, contact."""
    parts = [
        _Part(printable(text), most, place) for text, most, place in _parts(incident, detail, view) if text
    ]
    end = f"opsconsole, {view.times.clock(view.now)}"
    room = MOST - len(end)
    kept = dict[int, str]()
    for number in sorted(range(len(parts)), key=lambda number: parts[number].place):
        text = _cut(parts[number].text, parts[number].most)
        if len(text) < room:
            kept[number] = text
            room -= len(text) + 1
    return "\n".join([*(kept[number] for number in sorted(kept)), end])


def _parts(one: Incident, detail: IncidentDetail | None, view: View) -> Iterable[_Part]:
    severity = _(words.WHOLE_SEVERITIES[one.severity]).upper()
    yield _Part(f"{severity} {one.code} {words.status_text(one, view.now)}", 60)
    yield _Part(about(one), 90)
    yield _Part(words.cause_text(one, view), 110)
    yield _Part(_since(one, view), 60)
    yield _Part(_who(one, view), 60)
    for place, text in enumerate(clock_texts(running(one), view)):
        yield _Part(text, 60, 0 if place == 0 else 4 + place)
    for name in one.asks:
        yield _Part(_("answer: {question}").format(question=_(words.QUESTIONS[name])), 60, 2)
    if detail is not None:
        yield _Part(_place(detail), 80, 3)
    if one.note:
        yield _Part(_("note: {text}").format(text=one.note), 120, 9)
    contacts = detail.contacts if detail is not None else ()
    for place, contact in enumerate(contacts[:2]):
        yield _Part(_("call {who}").format(who=contact_text(contact)), 90, 0 if place == 0 else 4)


def _since(one: Incident, view: View) -> str:
    zone = view.times.zone_word(view.now)
    return _("since {time} {zone}").format(time=view.at(one.happened_at), zone=zone)


def _who(one: Incident, view: View) -> str:
    owner = words.owner_text(one)
    return _("taken by {who}").format(who=_cut(owner, 40)) if owner else _("nobody has taken it")


def _place(detail: IncidentDetail) -> str:
    """Where it runs and who can touch it."""
    if not detail.hosting:
        return ""
    known = _HOSTING.get(detail.hosting)
    parts = [_(known) if known else detail.hosting, "" if detail.handed_over else _("not handed over")]
    return ", ".join(part for part in (*parts, detail.vendor) if part)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + CUT
