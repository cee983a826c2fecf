"""What was recorded of a person as a table, the newest first."""

from msgspec.structs import replace

from opsconsole.base.text import N_
from opsconsole.client.readiness import Evidence, PersonPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.person import variant_text
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE = 60, 80, 100
FLAGS = {"void": N_("void"), "over": N_("over")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. KIND is the code of the evidence: KT, UR, BT …"""
    return (
        TableColumn("no", N_("NO"), 5, kind="number", falling=True),
        TableColumn("at", N_("WHEN"), 10, kind="time", falling=True),
        TableColumn("kind", N_("KIND"), 5),
        TableColumn("app", N_("APP"), 14, least=_NARROW, steps=((_WIDE, 20),)),
        TableColumn("until", N_("UNTIL"), 10, kind="due", least=_MIDDLE),
        TableColumn("source", N_("SOURCE"), 10, order=tuple(words.SOURCES), least=_MIDDLE),
        TableColumn("by", N_("BY"), 8, least=_WIDE),
        TableColumn("via", N_("VIA"), 10, optional=True),
        TableColumn("recorded", N_("RECORDED"), 10, kind="time", falling=True, optional=True),
        TableColumn("what", N_("WHAT"), 0),
    )


def row_of(one: Evidence, view: View) -> TableRow:
    """A recording as a row; what counts no longer is drawn quiet."""
    over = one.until is not None and one.until <= view.now
    tone = "quiet" if one.voided or over else ""
    what = what_text(one)
    cells = {
        "no": Span(f"#{one.number}", tone),
        "at": Span(words.day(one.at, view), tone),
        "kind": Span(one.kind, tone or "strong"),
        "app": Span(one.application or "-", tone),
        "until": Span(words.day(one.until, view) if one.until else "-", tone),
        "source": Span(words.of(words.SOURCES, one.source), "quiet" if one.source == "stated" else tone),
        "by": Span(printable(one.by) or "-", tone),
        "via": Span(printable(one.via) or "-", tone),
        "recorded": Span(words.day(one.recorded_at, view), tone),
        "what": Span(what, tone),
    }
    values: dict[str, Value] = {
        "no": one.number, "at": one.at, "until": one.until, "app": one.application or None,
        "source": one.source, "by": one.by or None, "via": one.via or None, "recorded": one.recorded_at,
    }  # fmt: skip
    flags = frozenset(flag for flag, holds in {"void": one.voided, "over": over}.items() if holds)
    return TableRow(str(one.number), cells, values, "", one.result, flags)


def what_text(one: Evidence) -> str:
    """What it was, what came of it, and why it counts no longer."""
    parts = [
        variant_text(one.variant),
        words.of(words.RESULTS, one.result) if one.result and one.result != "none" else "",
        " ".join(printable(value) for value in one.params.values() if isinstance(value, str)),
        words.of(words.CHANGES, one.why_void) if one.voided else "",
    ]
    return ", ".join(filter(None, parts)) or "-"


def _rows(page: PersonPage, view: View) -> list[TableRow]:
    """With the day on which what they show ends, also where the row itself says none."""
    ends = {one.row: one.until for held in page.held for one in held.stands if one.row and one.until}
    return [row_of(replace(one, until=one.until or ends.get(one.number)), view) for one in page.rows]


SPEC: TableSpec[PersonPage] = TableSpec("evidence", N_("Evidence"), columns, _rows, flags=FLAGS)
