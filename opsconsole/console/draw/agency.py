"""An agency's page around its applications: what it is, whom to call, what it needs, what is wrong there."""

from collections.abc import Callable, Mapping

from opsconsole.base.text import N_, _
from opsconsole.client.agency import OpdPage
from opsconsole.client.shapes import Application, Opd, State
from opsconsole.console.draw import agency_people, road_words
from opsconsole.console.draw.detail import contact_text
from opsconsole.console.draw.event_text import entry_text
from opsconsole.console.draw.findings import (
    SEVERITIES,
    TONES,
    codes_of,
    day_text,
    finding_text,
    fixer_text,
    place_text,
)
from opsconsole.console.draw.lines import Line, Span, cut, fit, justify, line, printable
from opsconsole.console.draw.problems import TONES as STATE_TONES
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

FACT_LINES = 4
PANES: tuple[str, ...] = (
    N_("PROBLEMS"), N_("READINESS"), N_("MEANS"), N_("INSTRUCTIONS"), N_("LOG"), N_("NEEDS"), N_("ON PAPER"),
)  # fmt: skip
_EMPTY = (
    N_("nothing is wrong with the register"),
    N_("it is not in being: nobody answers for anything"),
    N_("no means of its people are listed"),
    N_("it was given no instruction"),
    N_("nothing is logged"),
    N_("nothing outside of it"),
    N_("every service of it has an application"),
)
_COUNTS: tuple[Callable[[OpdPage], object], ...] = (
    lambda page: len(page.findings),
    agency_people.level_count,
    agency_people.means_count,
    lambda page: len(page.instructions),
    lambda page: page.logged,
    lambda page: len(page.services),
    lambda page: len(page.paper),
)
_LABEL = 9


def fact_lines(page: OpdPage, row: Opd | None, view: View) -> list[Line]:
    """Name and worst state, kind and dates, who came before and after, whom to call."""
    opd = page.opd
    left = line(" ", Span(printable(opd.name), "strong"))
    right: Line = ()
    if row is not None and row.total:
        up = _("{up} of {all} up").format(up=row.up, all=row.total)
        state = f"{glyph(row.state)} {word(row.state)}"
        right = line(Span(state, STATE_TONES[row.state]), f"  {up} ")
    until = day_text(opd.valid_to, view) if opd.valid_to else ""
    dates = [
        _("since {time}").format(time=day_text(opd.valid_from, view)) if opd.valid_from else "",
        _("ended {day}").format(day=until) if until else "",
    ]
    before = [one for one in page.related if one.code in opd.predecessors]
    after = [one for one in page.related if one.code in opd.successors]
    lineage = [
        _("from {names}").format(names=codes_of(before)) if before else "",
        _("became {names}").format(names=codes_of(after)) if after else "",
    ]
    people = [contact_text(contact) for contact in page.people]
    return [
        justify(left, right, view.width),
        _labelled(_("kind"), ", ".join(filter(None, (opd.kind, *dates))) + f"; {opd.file}", view),
        _labelled(_("origin"), "; ".join(filter(None, lineage)) or "-", view),
        _labelled(_("call"), "; ".join(people) or _("nobody is named"), view),
    ]


def pane_title(number: int, page: OpdPage) -> str:
    """What stands below the applications, and how much of it there is."""
    return f"{_(PANES[number])} {_COUNTS[number](page)}"


def pane_lines(number: int, page: OpdPage, states: Mapping[str, Application], view: View) -> list[Line]:
    """A pane, by its place among `PANES`: what is wrong there, how ready its people are, and so on."""
    lines = (
        _problems(page, view),
        agency_people.readiness_lines(page, view),
        agency_people.means_lines(page, view),
        _instructions(page, view),
        [_entry(page, place, view) for place in range(len(page.entries))],
        _needs(page, states, view),
        _paper(page, view),
    )[number]
    return lines or [line("  ", _(_EMPTY[number]))]


def _problems(page: OpdPage, view: View) -> list[Line]:
    return [
        cut(
            line(
                " ",
                Span(fit(_(SEVERITIES[one.severity]), 7), TONES[one.severity]),
                Span(fit(one.application or "-", 16) + " "),
                Span(finding_text(one, view)),
                Span(f"  {fixer_text(one.fixer)}  {place_text(one.file, one.line)}", "quiet"),
            ),
            view.width,
        )
        for one in page.findings
    ]


def _entry(page: OpdPage, place: int, view: View) -> Line:
    entry = page.entries[place]
    tone = STATE_TONES[entry.after] if entry.after else ""
    when = fit(view.at(entry.at), 17)
    who = entry.person or entry.subject
    return cut(
        line(
            " ",
            Span(f"{when} ", "quiet"),
            Span(fit(who, 14) + " "),
            Span(entry_text(entry, view, short=True), tone),
        ),
        view.width,
    )


def _needs(page: OpdPage, states: Mapping[str, Application], view: View) -> list[Line]:
    lines = []
    for row_id, count in page.services:
        row = states.get(row_id)
        state = row.state if row is not None else State.UNKNOWN
        lines.append(
            cut(
                line(
                    " ",
                    Span(fit(f"{glyph(state)} {word(state)}", 11), STATE_TONES[state]),
                    Span(fit(row_id, 26) + " "),
                    Span(_("needed by {n}").format(n=count), "quiet"),
                ),
                view.width,
            )
        )
    return lines


def _instructions(page: OpdPage, view: View) -> list[Line]:
    """What it was told to do: open ones with their day, late ones in the tone of a fault."""
    today = view.now.astimezone(view.times.tzinfo).date()
    return [
        cut(
            line(
                " ",
                Span(fit(f"#{one.number}", 6)),
                Span(fit(road_words.said(road_words.INSTRUCTION_STATUS, one.status), 11)),
                Span(f"{one.due.isoformat()}  ", "down" if one.late(today) else ""),
                Span(printable(one.text)),
            ),
            view.width,
        )
        for one in page.instructions
    ]


def _paper(page: OpdPage, view: View) -> list[Line]:
    """Its services that no application carries yet."""
    return [
        cut(line(" ", Span(fit(printable(one.dimension) or "-", 14)), Span(printable(one.name))), view.width)
        for one in page.paper
    ]


def _labelled(label: str, text: str, view: View) -> Line:
    return cut(line(Span(" " + fit(label, _LABEL - 1), "quiet"), Span(printable(text))), view.width)
