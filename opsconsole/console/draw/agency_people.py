"""The people of an agency and their means, as its page shows them: levels, what is missing or proven."""

from opsconsole.base.text import _
from opsconsole.client.agency import OpdPage
from opsconsole.client.readiness import MeansReadiness
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Line, Span, cut, fit, line, printable
from opsconsole.console.draw.view import View

_NAME = 30


def level_count(page: OpdPage) -> str:
    """The proven level, with what is claimed where that is another one."""
    one = page.readiness
    if one is None:
        return "-"
    if one.claimed in (None, one.proven):
        return str(one.proven)
    return _("{proven} (claimed {claimed}?)").format(proven=one.proven, claimed=one.claimed)


def readiness_lines(page: OpdPage, view: View) -> list[Line]:
    """Its levels and when they fall, then what keeps it from the next one."""
    one = page.readiness
    if one is None:
        return []
    head = _("claimed {claimed}, proven {proven}, median {median}, falls {falls}").format(
        claimed="-" if one.claimed is None else one.claimed,
        proven=f"{one.proven} {words.level_word(page.levels, one.proven)}",
        median=f"{one.median:g}",
        falls=words.fall_text(one.falls_on, one.falls_to, view),
    )
    over = one.claimed is not None and one.claimed > one.proven
    reasons = [words.reason_text(reason) for reason in one.reasons]
    more = [_("and {n} more").format(n=one.more_reasons)] if one.more_reasons else []
    lines = [line(" ", Span(head, "warn" if over else ""))]
    return [cut(one, view.width) for one in (*lines, *(line(" ", text) for text in (*reasons, *more)))]


def means_count(page: OpdPage) -> str:
    """How many of them are proven."""
    return _("{n} of {all}").format(n=sum(one.proven for one in page.means), all=len(page.means))


def means_lines(page: OpdPage, view: View) -> list[Line]:
    """What its people need to work with, each with what shows it."""
    return [_means(one, view) for one in page.means]


def _means(one: MeansReadiness, view: View) -> Line:
    shown = _("shown by {what}").format(what=printable(one.proven_by)) if one.proven_by else ""
    since = _("since {time}").format(time=words.day(one.since, view)) if one.since is not None else ""
    until = _("until {day}").format(day=words.day(one.until, view)) if one.until is not None else ""
    told = ", ".join(filter(None, (shown, since, until))) or _("nothing shows it")
    return cut(
        line(
            " ",
            Span("ok " if one.proven else "-- ", "" if one.proven else "down"),
            Span(fit(printable(one.name), _NAME) + " "),
            Span(told, "quiet"),
        ),
        view.width,
    )
