"""The application's page: what it is, why it is so, whom to call, what it needs."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from opsconsole.base.text import N_, _, ngettext, remedy_text
from opsconsole.base.text import why_text as rule_text
from opsconsole.client.shapes import ApplicationDetail, Contact, Link, Probe, State, Why
from opsconsole.console.draw import problems
from opsconsole.console.draw.lines import Line, Span, cut, justify, line, printable, width_of, wrap
from opsconsole.console.draw.maintenance import beside_shown, window_text
from opsconsole.console.draw.plan import SMALL_WIDTH, is_small
from opsconsole.console.draw.reasons import shown_params, why_text
from opsconsole.console.draw.strip import STRIP_LINES
from opsconsole.console.draw.times import every
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

_LABEL, _LABEL_NARROW = 8, 6
_LABELS = {
    "why": N_("WHY"),
    "url": N_("URL"),
    "call": N_("CALL"),
    "needs": N_("NEEDS"),
    "used": N_("USED BY"),
    "planned": N_("PLANNED"),
    "note": N_("NOTE"),
}
_TITLE_EVENT_HINT, _TITLE_HINT = 3, 2
_LEAST_LOOKS, _LEAST_HEAD, _MOST_HEAD = 4, 6, 14
_MOST_PLANNED = 2


class Plan(NamedTuple):
    """Lines of each part below the title; rules included, 0 where a part is not shown."""

    head: int
    phases: int
    looks: int
    strip: int = 0


def plan_detail(width: int, height: int, head: int, phases: int = 6, extra: int = 0) -> Plan:
    """Share the lines out.

    ``head`` and ``phases`` are how many lines they would like, ``extra`` what banners and menus take.
    """
    if is_small(width, height):
        body = max(height - _TITLE_HINT - extra, 1)
        return Plan(min(max(head, 1), body), 0, max(body - head, 0) if body - head > 1 else 0)
    body = max(height - _TITLE_EVENT_HINT - extra, 1)
    phases = phases + 1 if body >= _LEAST_HEAD + phases + 1 + _LEAST_LOOKS else 0
    strip = STRIP_LINES if body >= _LEAST_HEAD + phases + STRIP_LINES + _LEAST_LOOKS else 0
    head = min(head, _MOST_HEAD, max(body - phases - strip - _LEAST_LOOKS, 1))
    return Plan(head, phases, body - phases - strip - head, strip)


def head_lines(detail: ApplicationDetail, probe: Probe | None, view: View, room: int) -> list[Line]:
    """Everything above the looks in at most ``room`` lines; the least urgent is left out first."""
    width = view.width
    parts: list[tuple[int, list[Line]]] = [
        (0, [_state_line(detail, view)]),
        (1, _labelled("why", [_reason(detail, view)], width, 2, "strong")),
        (1, _remedy(detail, width)),
        (6, _why_lines(detail, view)),
        (3, _target_lines(detail, probe, width)),
        (2, _call_lines(detail.contacts, width)),
        (4, _links(detail, view)),
        (5, _planned_lines(detail, view)),
        (5, _note_lines(detail, width)),
    ]
    spare = room
    kept: dict[int, list[Line]] = {}
    for number, (_rank, lines) in sorted(enumerate(parts), key=lambda part: part[1][0]):
        kept[number] = lines[: max(spare, 0)]
        spare -= len(kept[number])
    return [one for number in range(len(parts)) for one in kept[number]]


def _state_line(detail: ApplicationDetail, view: View) -> Line:
    row = detail.row
    since = _("since {time}").format(time=view.at(row.since))
    left = line(
        " ",
        Span(f"{glyph(row.state)} {word(row.state)}", problems.tone_of(row)),
        f" {since}  ",
        Span(printable(row.name), "strong"),
    )
    hosting = printable(detail.hosting)
    facts = [_("tier {n}").format(n=row.tier)] if row.kind == "application" else [_("service")]
    facts += [hosting] if hosting else []
    facts += [_("not handed over")] if row.kind == "application" and not detail.handed_over else []
    return justify(left, line(Span("  " + ", ".join(facts) + " ", "quiet")), view.width)


def _reason(detail: ApplicationDetail, view: View) -> str:
    return why_text(detail.row, view) or _("answers as expected")


def _remedy(detail: ApplicationDetail, width: int) -> list[Line]:
    remedy = remedy_text(detail.row.params)
    return _labelled("", [remedy] if remedy else [], width, 2, "")


def _why_lines(detail: ApplicationDetail, view: View) -> list[Line]:
    texts = [rule_text(why.code, shown_params(why.params, view)) for why in detail.why if _adds(why, detail)]
    return _labelled("", texts, view.width, 2, "")


def _adds(why: Why, detail: ApplicationDetail) -> bool:
    """Whether the line says more than the state and the reason above it do."""
    return why.code != detail.row.reason and (detail.row.state is not State.UP or why.code != "passed")


def _target_lines(detail: ApplicationDetail, probe: Probe | None, width: int) -> list[Line]:
    if probe is None:
        return []
    rhythm = _("{kind} every {every}, failing {retry}").format(
        kind=probe.id, every=every(probe.every_s), retry=every(probe.retry_s)
    )
    if len(detail.probes) > 1:
        number = detail.probes.index(probe) + 1
        rhythm = _("probe {n} of {all}").format(n=number, all=len(detail.probes)) + ": " + rhythm
    if width < SMALL_WIDTH:
        return _labelled("url", [probe.target], width, 2, "")
    target = line(" ", Span(_pad("url", width), "quiet"), printable(probe.target))
    right = line(Span(f"  {rhythm} ", "quiet"))
    if width_of(target) + width_of(right) <= width:
        return [justify(target, right, width)]
    return [cut(target, width), cut(line(" ", _pad("", width), Span(rhythm, "quiet")), width)]


def _call_lines(contacts: Sequence[Contact], width: int) -> list[Line]:
    if not contacts:
        return _labelled("call", [_("nobody is named in the configuration")], width, 1, "quiet")
    return _packed("call", [contact_text(contact) for contact in contacts], width)


def contact_text(contact: Contact) -> str:
    """``Rina S. (admin) 0800-0000-1234, WA +62 …``."""
    numbers = [contact.phone] if contact.phone else []
    if contact.whatsapp and _digits(contact.whatsapp) != _digits(contact.phone):
        numbers.append(f"WA {contact.whatsapp}")
    elif contact.whatsapp:
        numbers = [f"{contact.phone} (WA)"]
    if not numbers and contact.email:
        numbers.append(contact.email)
    duty = f" ({contact.duty})" if contact.duty else ""
    note = f" [{contact.note}]" if contact.note else ""
    return printable(f"{contact.name}{duty} {', '.join(numbers)}{note}".strip())


def _digits(number: str) -> str:
    """A number as it is dialled at home: Indonesia's +62 stands for the leading 0."""
    digits = "".join(character for character in number if character.isdigit())
    return "0" + digits[2:] if digits.startswith("62") else digits


def _link_lines(label: str, links: Sequence[Link], view: View) -> list[Line]:
    texts = []
    for link in links:
        text = f"{glyph(link.state)} {printable(link.id)} {word(link.state)}"
        if link.state.is_problem and link.since is not None:
            text += " " + _("since {time}").format(time=view.at(link.since))
        texts.append(text)
    tone = "cutoff" if any(link.state.is_problem for link in links) else ""
    return _packed(label, texts, view.width, tone)


def _links(detail: ApplicationDetail, view: View) -> list[Line]:
    """What it needs and what needs it, on one line where both fit."""
    needs, used = _link_lines("needs", detail.parents, view), _used_by(detail.children, view.width)
    if len(needs) == len(used) == 1:
        both = (*needs[0], Span("  "), *used[0])
        if width_of(both) <= view.width:
            return [both]
    return [*needs, *used]


def _used_by(children: Sequence[Link], width: int) -> list[Line]:
    if not children:
        return []
    bad = [child for child in children if child.state.is_problem]
    text = ngettext("{n} application", "{n} applications", len(children)).format(n=len(children))
    if bad:
        names = " ".join(f"{glyph(child.state)}{printable(child.id)}" for child in bad)
        text += ", " + _("in trouble: {names}").format(names=names)
    return _labelled("used", [text], width, 1, "")


def _planned_lines(detail: ApplicationDetail, view: View) -> list[Line]:
    """Maintenance that runs beside the one that the state tells of, and what is to come."""
    texts = [window_text(one, view) for one in beside_shown(detail.maintenance)]
    return _labelled("planned", texts[:_MOST_PLANNED], view.width, 1, "")


def _note_lines(detail: ApplicationDetail, width: int) -> list[Line]:
    texts = [detail.note] if detail.note else []
    if detail.runbook:
        texts.append(_("runbook: {where}").format(where=detail.runbook))
    if detail.service_hours not in ("", "always"):
        texts.append(_("service hours: {name}").format(name=detail.service_hours))
    return _labelled("note", ["; ".join(texts)], width, 2, "") if texts else []


def _label_width(width: int) -> int:
    return _LABEL if width >= SMALL_WIDTH else _LABEL_NARROW


def _pad(label: str, width: int) -> str:
    text = _(_LABELS[label]) if label else ""
    return text + " " * max(_label_width(width) - cell_len(text), 1)


def _labelled(label: str, texts: Iterable[str], width: int, most: int, tone: str) -> list[Line]:
    lines: list[Line] = []
    first = _pad(label, width)
    for text in texts:
        for part in wrap(text, width - cell_len(first) - 2, most):
            lead = first if not lines else " " * cell_len(first)
            lines.append(line(" ", Span(lead, "quiet"), Span(part, tone)))
    return lines


def _packed(label: str, texts: Sequence[str], width: int, tone: str = "") -> list[Line]:
    """Several items on as few lines as they need."""
    rows: list[str] = []
    for text in texts:
        candidate = f"{rows[-1]}   {text}" if rows else text
        if rows and cell_len(candidate) <= width - _label_width(width) - 2:
            rows[-1] = candidate
        else:
            rows.append(text)
    return _labelled(label, rows, width, 2, tone)
