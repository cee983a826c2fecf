"""The upper pane: what somebody should look at, worst first, members folded under their cause."""

from collections.abc import Iterable
from typing import Literal

from opsconsole.base.text import N_, _
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application, State
from opsconsole.client.status import Folded, in_order
from opsconsole.console.draw.columns import Cells
from opsconsole.console.draw.lines import Span, fit, printable
from opsconsole.console.draw.reasons import why_text
from opsconsole.console.draw.times import took
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph, word

SortKey = Literal["severity", "since", "opd", "app"]
SORTS: dict[SortKey, str] = {
    "severity": N_("severity"),
    "since": N_("since"),
    "opd": N_("OPD"),
    "app": N_("application"),
}
TONES: dict[State, str] = {
    State.DOWN: "down",
    State.UNREACHABLE: "cutoff",
    State.WARN: "warn",
    State.STALE: "unknown",
    State.UNKNOWN: "unknown",
    State.PENDING: "quiet",
    State.MAINT: "planned",
    State.CLOSED: "quiet",
    State.OFF: "quiet",
    State.UP: "",
}
# From this width on there is room for the whole reason.
_WIDEST = 132
# From this width on there is room for whose an incident is.
OWNER_FROM = 100


def tone_of(row: Application) -> str:
    """The tone of a row's state; a failure that is not confirmed is less loud."""
    return "soft" if row.state is State.DOWN and not row.hard else TONES[row.state]


def short_id(row: Application) -> str:
    """The id as a narrow column shows it: a service by its own name, marked."""
    return row.id.removeprefix("service:")


def opd_name(row: Application) -> str:
    """The short name of the OPD, or that it is none of ours."""
    return (row.opd_short or row.opd) if row.kind == "application" else _("(service)")


def ordered(rows: Iterable[Folded], sort: SortKey, backwards: bool) -> list[Folded]:
    """In the chosen order. By severity: as `status` has it, what is not confirmed after what is."""

    def by_severity(folded: Folded) -> tuple[object, ...]:
        return folded.row.state.severity, not folded.row.hard

    def by_since(folded: Folded) -> tuple[object, ...]:
        return -folded.row.since.timestamp(), folded.row.id

    def by_opd(folded: Folded) -> tuple[object, ...]:
        return opd_name(folded.row).casefold(), folded.row.id

    def by_app(folded: Folded) -> tuple[object, ...]:
        return (short_id(folded.row).casefold(),)

    rows = list(rows)
    place = {row.id: number for number, row in enumerate(in_order(folded.row for folded in rows))}
    usual = sorted(rows, key=lambda folded: place[folded.row.id])
    keys = {"severity": by_severity, "since": by_since, "opd": by_opd, "app": by_app}
    return sorted(usual, key=keys[sort], reverse=backwards)


def cells(folded: Folded, view: View, app_width: int, incident: Incident | None = None) -> Cells:
    """The text of each column, by key; ``incident`` is the open one that the row is down in."""
    row = folded.row
    tone = tone_of(row)
    why = why_text(row, view, short=view.width < _WIDEST)
    plus = f" +{len(folded.members)}" if folded.members else ""
    return {
        "glyph": Span(glyph(row.state), tone),
        "state": Span(f"{glyph(row.state)} {word(row.state)}", tone),
        "since": Span(view.times.since(row.since, view.now)),
        "opd": Span(opd_name(row)),
        "app": Span(_with_suffix(short_id(row), plus, app_width), "strong" if row.hard else ""),
        "name": Span(row.name),
        "tier": Span(str(row.tier)),
        "code": Span(str(row.status) if row.status else "-"),
        "last": Span(took(row.latency_ms)),
        "parent": Span(row.parent.removeprefix("service:")),
        "probe": Span(row.probe),
        "inc": _incident_cell(incident, view),
        "why": Span(why),
    }


def _incident_cell(one: Incident | None, view: View) -> Span:
    """``#412``, and whose it is: their name where there is room, else ``a`` for acknowledged."""
    if one is None:
        return Span("-", "quiet")
    owner = printable(one.owner or one.acknowledged_by)
    if not owner:
        return Span(f"#{one.number}", "strong")
    return Span(f"#{one.number} {owner}" if view.width >= OWNER_FROM else f"#{one.number}a")


def _with_suffix(text: str, suffix: str, width: int) -> str:
    return fit(text, width - len(suffix)).rstrip() + suffix if suffix else text
