"""The log as a table: what happened and what was done, newest first."""

from collections.abc import Iterable
from datetime import timedelta

from opsconsole.base.text import N_, _
from opsconsole.client.logbook import STATE, AskLog, Entry, LogPage, LogWindow
from opsconsole.client.shapes import State
from opsconsole.console.draw.event_text import TROUBLES, entry_text
from opsconsole.console.draw.lines import Span
from opsconsole.console.draw.problems import TONES
from opsconsole.console.draw.view import View
from opsconsole.console.draw.words import glyph
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_NARROW, _WIDE, _WIDEST = 80, 100, 132
WINDOWS: tuple[LogWindow, ...] = ("24h", "7d", "all", "1h")
# Above this age a time of day could be taken for today's.
_AS_CLOCK = timedelta(hours=20)
_PAGE = 500


def columns() -> tuple[TableColumn, ...]:
    """The columns; who caused what happened by itself is the engine."""
    return (
        TableColumn("at", N_("AT"), 12, kind="time", falling=True),
        TableColumn("who", N_("WHO"), 8, least=_NARROW, steps=((_WIDE, 12),)),
        TableColumn("state", "", 1, kind="state", label=N_("STATE")),
        TableColumn("app", N_("APP"), 14, steps=((_WIDE, 20),)),
        TableColumn("opd", N_("OPD"), 16, least=_WIDEST),
        TableColumn("kind", N_("KIND"), 18, optional=True),
        TableColumn("via", N_("VIA"), 8, optional=True),
        TableColumn("happened", N_("BEGAN"), 12, kind="time", optional=True),
        TableColumn("text", N_("WHAT HAPPENED"), 0),
    )


def row_of(entry: Entry, view: View) -> TableRow:
    """An entry as a row. What it is about opens where that is an application."""
    text = entry_text(entry, view)
    drawn = entry_text(entry, view, short=view.width < _WIDEST)
    tone = tone_of(entry)
    who = entry.person or (entry.via if entry.via != "engine" else "") or _("engine")
    cells = {
        "at": Span(_when(entry, view), "quiet"),
        "who": Span(who, "" if entry.person else "quiet"),
        "state": Span(glyph(entry.after) if entry.after else " ", tone),
        "app": Span(entry.subject.removeprefix("service:"), "strong"),
        "opd": Span(entry.opd),
        "kind": Span(entry.kind),
        "via": Span(entry.via),
        "happened": Span("" if entry.happened_at is None else view.at(entry.happened_at)),
        "text": Span(drawn, tone),
    }
    values: dict[str, Value] = {
        "at": entry.at, "who": entry.person or entry.via or "engine", "app": entry.subject,
        "state": entry.after.value if entry.after else None, "opd": entry.opd or None, "kind": entry.kind,
        "via": entry.via or None, "happened": entry.happened_at, "text": text,
    }  # fmt: skip
    return TableRow(entry.id, cells, values, entry.subject, " ".join((entry.reason, entry.kind)))


def tone_of(entry: Entry) -> str:
    """How loud an entry is: as its state, less so where that was not confirmed."""
    if entry.after is None:
        return "warn" if entry.kind in TROUBLES else ""
    return "soft" if entry.after is State.DOWN and not entry.hard else TONES[entry.after]


def is_trouble(entry: Entry) -> bool:
    """Whether somebody should know of it: a confirmed problem, or one of our own."""
    if entry.kind == STATE:
        return entry.hard and entry.after is not None and entry.after.is_problem
    return entry.kind in TROUBLES


def rows_of(entries: Iterable[Entry], view: View) -> list[TableRow]:
    """Entries as rows."""
    return [row_of(entry, view) for entry in entries]


def _when(entry: Entry, view: View) -> str:
    if view.now - entry.at < _AS_CLOCK:
        return view.times.exact(entry.at)
    return f"{view.times.day(entry.at)} {view.times.local(entry.at):%H:%M}"


def _rows(page: LogPage, view: View) -> list[TableRow]:
    return rows_of(page.entries, view)


def _total(page: LogPage) -> int | None:
    return page.total


def query(window: str) -> AskLog:
    """The newest page of a window."""
    known = next((one for one in WINDOWS if one == window), WINDOWS[0])
    return AskLog(window=known, limit=_PAGE)


SPEC: TableSpec[LogPage] = TableSpec(
    "log", N_("Log"), columns, _rows, query, age="at", windows=WINDOWS, total=_total
)
