"""The briefing as one page of text or Markdown: at most 60 lines of 80 cells."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.briefing import BriefExpiry, Briefing, BriefReadiness, Decision
from opsconsole.console.draw import incident_words as words
from opsconsole.console.draw import road
from opsconsole.console.draw.dimensions import dimension_lines
from opsconsole.console.draw.expiries import evidence_text, kind_text, left_text
from opsconsole.console.draw.lines import printable, wrap
from opsconsole.console.draw.view import View

WIDTH, MOST_LINES = 80, 60
_MOST_ITEM = 2
_DECISIONS = {
    "problem": N_("agree to the solution of problem {n}: {text}"),
    "owner": N_("who takes critical incident #{n} ({opd})"),
    "pace": N_("{text}: the pace there is does not reach it; more means, or another day"),
    "letter": N_("letter of reprimand to {opd}: its reminders are used up"),
}


class Section(NamedTuple):
    """A heading with its items; ``table``: lines that are shown as they are. ``most`` lines are shown."""

    title: str
    items: Sequence[str]
    most: int
    table: bool = False


def briefing_lines(page: Briefing, view: View) -> list[str]:
    """The page as text, at most `MOST_LINES` lines, at most 80 cells wide."""
    width = min(WIDTH, view.width)
    lines = [part for text in _head(page, view) for part in wrap(text, width, _MOST_ITEM)]
    for section in _sections(page, view):
        lines.append(section.title.upper())
        lines += _limited(section, width)
    return lines[:MOST_LINES]


def briefing_markdown(page: Briefing, view: View) -> list[str]:
    """The same page as Markdown, with the same lines at most."""
    first, *rest = _head(page, view)
    lines = [f"# {_escaped(first)}", *(_escaped(text) for text in rest)]
    for section in _sections(page, view):
        lines.append(f"## {section.title}")
        if section.table:
            lines += ["```", *section.items, "```"]
        else:
            lines += [f"- {_escaped(one)}" for one in _some(section.items, section.most)]
    return lines[:MOST_LINES]


def _head(page: Briefing, view: View) -> list[str]:
    title = _("Briefing of {office}, {day}").format(office=printable(page.office), day=page.day.isoformat())
    written = _("written {time}").format(time=view.times.clock(page.at))
    if page.past:
        written += " · " + _("that day by what is recorded today")
    return [title, written]


def _sections(page: Briefing, view: View) -> Iterable[Section]:
    yield Section(_("What is down"), _down(page, view), 7)
    yield Section(_("Who is ready ({term})").format(term=printable(page.opd_term)), _ready(page, view), 7)
    yield Section(_("The road"), _road(page, view), 9)
    if page.dimensions is not None:
        yield Section(_("Dimensions"), dimension_lines(page.dimensions), 8, table=True)
    late = [
        f"{printable(one.opd_short)}: {printable(one.text)} ({_day(view, page, one.due)})"
        for one in page.late
    ]
    yield Section(_("Instructions that are late"), late or [_("none")], 5)
    ends = [_expiry(one, page, view) for one in page.expiries]
    title = _("What ends within {n} days").format(n=page.expiry_days)
    yield Section(title, ends or [_("nothing")], 7)
    if not page.past:
        decisions = [_decision(one, page) for one in page.decisions]
        yield Section(_("What needs a decision"), decisions or [_("nothing")], 7)


def _down(page: Briefing, view: View) -> list[str]:
    lines = []
    if page.down is not None:
        lines.append(_("{down} of {watched} watched are down").format(down=page.down, watched=page.watched))
    for one in page.incidents:
        since = _("since {time}").format(time=view.times.at(one.happened_at, page.at))
        severity = _(words.WHOLE_SEVERITIES[one.severity])
        where = printable(one.opd_short or one.opd)
        name = printable(words.subject_text(one))
        text = f"#{one.number} {severity}: {name}, {words.cause_text(one, view)}, {since}"
        lines.append(f"{text} ({where})" if where else text)
    return lines if page.incidents else [*lines, _none_open(page, view)]


def _none_open(page: Briefing, view: View) -> str:
    """That no incident is open, or that nobody can know."""
    if page.recorded:
        return _("no incident is open")
    since = page.recorded_since and page.recorded_since.astimezone(view.times.tzinfo).date()
    if since is None or since <= page.day:
        return _("nothing was recorded: no engine ran that day")
    told = _("nothing was recorded: the first engine ran on {day}")
    return told.format(day=view.times.calendar_day(since, page.at))


def _ready(page: Briefing, view: View) -> list[str]:
    counted = ", ".join(
        _("level {level}: {n}").format(level=level, n=n) for level, n in enumerate(page.levels) if n
    )
    lines = [counted or _("none")]
    over = [one for one in page.readiness if one.claimed is not None and one.claimed > one.proven]
    if over:
        told = ngettext("{n} claims more than is proven", "{n} claim more than is proven", len(over))
        lines.append(told.format(n=len(over)))
    falling = [one for one in page.readiness if one.falls_on is not None]
    falling.sort(key=lambda one: (one.falls_on, one.short))
    return lines + [_falls(one, page, view) for one in falling]


def _falls(one: BriefReadiness, page: Briefing, view: View) -> str:
    when = one.falls_on.astimezone(view.times.tzinfo).date() if one.falls_on else page.day
    told = _("{opd}: level {now}, falls to {then} on {day} if nothing is done")
    return told.format(
        opd=printable(one.short), now=one.proven, then=one.falls_to, day=_day(view, page, when)
    )


def _road(page: Briefing, view: View) -> list[str]:
    wide = view._replace(width=500, now=page.at)
    return [
        *road.heading(page.road, wide),
        *road.pace_lines(page.road, wide),
        *road.forecast_lines(page.road, wide),
    ]


def _expiry(one: BriefExpiry, page: Briefing, view: View) -> str:
    many = one.count > 1
    name = evidence_text(one.name) if one.kind in ("decree", "bimtek", "evidence") else printable(one.name)
    text = f"{_day(view, page, one.day)} ({left_text(one.left)}): {kind_text(one.kind)} {name}"
    if many:
        text += " " + ngettext("of {n} person", "of {n} people", one.count).format(n=one.count)
    return f"{text}, {printable(one.opd_short)}" if one.opd_short else text


def _decision(one: Decision, page: Briefing) -> str:
    if one.kind == "switch_off":
        told = ngettext("switch off {n} application?", "switch off {n} applications?", one.number)
        return told.format(n=one.number)
    text = one.text
    if one.kind == "pace":
        text = next((mark.name for mark in page.road.milestones if mark.id == one.text), one.text)
    told = _(_DECISIONS[one.kind])
    return told.format(n=one.number, opd=printable(one.opd_short) or "-", text=printable(text))


def _limited(section: Section, width: int) -> list[str]:
    """The items as lines below a heading; of too many the first, and how many are left."""
    if section.table:
        return [f"  {one}"[:width] for one in section.items]
    lines: list[str] = []
    for number, item in enumerate(section.items):
        first, *rest = wrap(item, width - 4, _MOST_ITEM)
        own = [f"  {first}", *(f"    {one}" for one in rest)]
        left = len(section.items) - number
        if len(lines) + len(own) > section.most - (left > 1):
            lines.append("  " + _("and {n} more").format(n=left))
            break
        lines += own
    return lines


def _some(items: Sequence[str], most: int) -> list[str]:
    if len(items) <= most:
        return list(items)
    left = len(items) - most + 1
    return [*items[: most - 1], _("and {n} more").format(n=left)]


def _day(view: View, page: Briefing, day: date) -> str:
    return view.times.calendar_day(day, page.at)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, "\\" + mark)
    return text
