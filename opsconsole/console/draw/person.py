"""A person's page around what was recorded of them: who they are, how each duty stands, Bimtek, drills."""

from collections.abc import Iterable, Sequence

from opsconsole.base.text import N_, _
from opsconsole.client.readiness import Evidence, HeldDuty, PersonPage, Stand
from opsconsole.client.shapes import Contact
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.lines import Line, Span, cut, fit, justify, line, printable
from opsconsole.console.draw.view import View

FACT_LINES = 4
PANES: tuple[str, ...] = (N_("LEVELS, AND WHEN THEY FALL"), N_("NEEDS"), N_("BIMTEK"), N_("DRILLS"))
_LABEL = 11
_VARIANTS = {
    "wa": "WhatsApp",
    "phone": N_("phone"),
    "inside": N_("in working hours"),
    "outside": N_("outside working hours"),
}
# From this width on a level is called by its name as well.
_WIDE = 100
_KINDS = {2: "BT", 3: "UR"}
_TONES = {"lacking": "down", "soon": "warn", "not_needed": "quiet"}


def fact_lines(page: PersonPage, view: View) -> list[Line]:
    """Who it is and of which OPD, for what, how to call them, who stands in."""
    left = line(" ", Span(printable(page.name), "strong"), f" ({printable(page.person)})")
    right: Line = ()
    if page.drill is not None:
        asked = _("drill: an answer counts until {until}").format(until=view.at(page.drill.due_at))
        right = line(Span(asked, "warn"), " ")
    duties = ", ".join(words.of(words.DUTIES, one) for one in page.duties) or "-"
    where = ", ".join((printable(page.opd_short) or page.opd, *page.applications))
    called = Contact(name="", duty="", phone=page.phone, whatsapp=page.whatsapp, email=page.email)
    stands_in = ", ".join(page.backup_of)
    behind = ", ".join(page.backups) or _("nobody")
    behind += "; " + _("stands in for {names}").format(names=stands_in) if stands_in else ""
    return [
        justify(left, right, view.width),
        _labelled(_("duty"), f"{duties}: {where}", view),
        _labelled(_("call"), contact_text(called) or _("no number is known"), view),
        _labelled(_("backup"), behind, view),
    ]


def pane_title(number: int, page: PersonPage) -> str:
    """What stands below the list, and how much of it there is."""
    return f"{_(PANES[number])} {len(_texts(number, page))}"


def pane_lines(number: int, page: PersonPage, view: View, room: int) -> list[Line]:
    """As much of a pane as there is room for, and how much is left out."""
    lines = _drawn(number, page, view) or [line("  ", Span(_("nothing"), "quiet"))]
    if len(lines) > room:
        more = _("and {n} more; y copies all").format(n=len(lines) - room + 1)
        lines = [*lines[: room - 1], line("  ", Span(more, "quiet"))]
    return [cut(one, view.width) for one in lines]


def person_text(page: PersonPage, view: View) -> str:
    """All of it as text, without what was recorded."""
    wide = view._replace(width=500)
    lines = ["".join(span.text for span in one).strip() for one in fact_lines(page, wide)]
    for number in range(len(PANES)):
        lines += ["", pane_title(number, page)]
        lines += ["".join(span.text for span in one).rstrip() for one in _drawn(number, page, wide)]
    return "\n".join(lines)


def variant_text(code: str) -> str:
    """The channel, hours, change or step of a recording; a session or means by its own name."""
    return "" if code == "none" else words.of({**_VARIANTS, **words.CHANGES, **words.STEPS}, code)


def lacks_text(held: HeldDuty) -> str:
    """What keeps a duty from its next level."""
    lacking = [one for one in held.stands if one.cell == "lacking" and one.level > held.level]
    first = min((one.level for one in lacking), default=None)
    return ", ".join(_lacks(one) for one in lacking if one.level == first)


def _drawn(number: int, page: PersonPage, view: View) -> list[Line]:
    if number == 0:
        return [_level(one, page, view) for one in page.held]
    if number == 1:
        return [_need(held, one, page, view) for held, one in _needs(page)]
    return [_recorded(one, view) for one in _rows(number, page)]


def _texts(number: int, page: PersonPage) -> Sequence[object]:
    if number == 0:
        return page.held
    return list(_needs(page)) if number == 1 else _rows(number, page)


def _level(held: HeldDuty, page: PersonPage, view: View) -> Line:
    """``2 siapel admin  2026-12-08 to 1  drill missing``."""
    wide = view.width >= _WIDE
    named = f"{held.level} {words.level_word(page.levels, held.level) if wide else ''}"
    falls = "-"
    if held.falls_on is not None:
        falls = words.fall_text(held.falls_on, held.falls_to, view)
    why = lacks_text(held)
    return line(
        " ", Span(fit(named, 28 if wide else 2), "strong"), f"{fit(_post(held, page), 30)} ",
        Span(fit(falls, 15), "warn" if held.falls_on is not None else "quiet"), f" {why}" if why else "",
    )  # fmt: skip


def _needs(page: PersonPage) -> Iterable[tuple[HeldDuty, Stand]]:
    """What is asked of them: what is lacking first, then what ends first."""
    asked = [(held, one) for held in page.held for one in held.stands if one.cell != "not_needed"]
    far = float("inf")

    def turn(pair: tuple[HeldDuty, Stand]) -> tuple[bool, float, int]:
        one = pair[1]
        return one.cell != "lacking", one.until.timestamp() if one.until else far, one.level

    return sorted(asked, key=turn)


def _need(held: HeldDuty, one: Stand, page: PersonPage, view: View) -> Line:
    shown_by = f" #{one.row}" if one.row else ""
    return line(
        f" {one.level} ", Span(fit(words.rule_word(page.evidence, one.what), 26)),
        f" {fit(_post(held, page), 24)} ", Span(words.stand_text(one, view), _TONES.get(one.cell, "")),
        Span(shown_by, "quiet"),
    )  # fmt: skip


def _rows(number: int, page: PersonPage) -> list[Evidence]:
    return [one for one in page.rows if one.kind == _KINDS[number]]


def _recorded(one: Evidence, view: View) -> Line:
    ended = _("until {day}").format(day=words.day(one.until, view)) if one.until is not None else ""
    told = [
        variant_text(one.variant),
        words.of(words.RESULTS, one.result) if one.result else "",
        printable(one.application),
        ended,
        words.of(words.CHANGES, one.why_void) if one.voided else "",
    ]
    tone = "quiet" if one.voided else ""
    said = Span(", ".join(filter(None, told)), tone)
    return line(f" #{one.number} ", Span(f"{words.day(one.at, view)} ", "quiet"), said)


def _lacks(one: Stand) -> str:
    what = printable(one.what) if one.what.isupper() else words.of(words.NEEDS, one.what)
    return f"{what} {words.of(words.WHY, one.why)}"


def _post(held: HeldDuty, page: PersonPage) -> str:
    where = printable(held.application or page.opd_short or page.opd)
    return f"{where} {words.of(words.DUTIES, held.duty)}"


def _labelled(label: str, text: str, view: View) -> Line:
    return cut(line(Span(" " + fit(label, _LABEL - 1), "quiet"), Span(printable(text))), view.width)
