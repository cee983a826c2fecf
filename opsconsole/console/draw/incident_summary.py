"""What stands around the list of incidents: figures above it, and below it what one of them waits for."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from opsconsole.base.text import _
from opsconsole.client.incident_pages import IncidentDetail, IncidentsPage
from opsconsole.client.incidents import Incident, Status
from opsconsole.console.draw import incident_lines as lines
from opsconsole.console.draw.clocks import running, span_text
from opsconsole.console.draw.incident import cause_line, entry_text, entry_when
from opsconsole.console.draw.lines import Line, Span, cut, fit, justify, line, printable
from opsconsole.console.draw.view import View

SUMMARY_LINES = 8
_LABEL = 9
_MOST_RELATED = 2


def figures_line(incidents: Sequence[Incident], page: IncidentsPage | None, view: View) -> Line:
    """``open 2  acked 1  today 5`` and, of the window, the mean times to acknowledge and to recover."""
    unacked = sum(one.status is Status.OPEN for one in incidents)
    acked = sum(one.status.is_open and one.status is not Status.OPEN for one in incidents)
    today = view.times.local(view.now).date()
    opened = sum(view.times.local(one.opened_at).date() == today for one in incidents)
    left = line(
        " ", Span(_("open {n}").format(n=unacked), "down" if unacked else ""),
        "  " + _("acked {n}").format(n=acked), "  " + _("today {n}").format(n=opened),
    )  # fmt: skip
    if page is None:
        return left
    told = page.figures
    means = [_mean("MTTA", told.mtta_s, told.mtta_n), _mean("MTTR", told.mttr_s, told.mttr_n)]
    return justify(left, line(Span("  ".join(filter(None, means)) + " ", "quiet")), view.width)


def _mean(name: str, seconds: float | None, count: int) -> str:
    """``MTTA 4m (12)``: the mean, and over how many; empty where there are none."""
    return "" if seconds is None else f"{name} {span_text(timedelta(seconds=seconds))} ({count})"


def summary_lines(one: Incident, detail: IncidentDetail | None, view: View) -> list[Line]:
    """At most `SUMMARY_LINES`: the most urgent first, then what happened last in the room that is left."""
    told = [*_facts(one, detail, view)][:SUMMARY_LINES]
    if detail is not None:
        newest = sorted(detail.timeline, key=lambda entry: (entry.at, entry.seq), reverse=True)
        for entry in newest[: SUMMARY_LINES - len(told)]:
            who = f"{printable(entry.person)}: " if entry.person else ""
            text = line(" ", Span(entry_when(entry, view), "quiet"), f"{who}{entry_text(entry, view)}")
            told.append(cut(text, view.width))
    return told


def _facts(one: Incident, detail: IncidentDetail | None, view: View) -> Iterator[Line]:
    yield _fact(_("cause"), f"{cause_line(one, view)}; {lines.members_text(one)}", view, "strong")
    yield _fact(_("owner"), lines.owner_line(one, view), view)
    if one.asks:
        yield _fact(_("asked"), lines.question_text(one.number, one.asks[0]), view, "warn")
    if clocks := running(one):
        late = any(lines.due_tone(clock, view) == "down" for clock in clocks)
        told = "  ".join(lines.due_text(clock, view) for clock in clocks)
        yield _fact(_("due"), told, view, "down" if late else "")
    if detail is None:
        return
    if detail.related and one.status.is_open:
        others = [lines.related_text(other, view) for other in detail.related[:_MOST_RELATED]]
        yield _fact(_("related?"), "; ".join(others), view)
    if detail.contacts:
        yield _fact(_("call"), "; ".join(lines.call_texts(detail, view)[:2]), view)
    if detail.runbook:
        yield _fact(_("runbook"), printable(detail.runbook), view)


def _fact(label: str, text: str, view: View, tone: str = "") -> Line:
    return cut(line(" ", Span(fit(label, _LABEL) + " ", "quiet"), Span(text, tone)), view.width)
