"""Bimtek as a table, the newest first."""

from opsconsole.base.text import N_, _
from opsconsole.client.readiness import AskBimtek, BimtekPage, Session
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _WIDE = 60, 100
FLAGS = {"planned": N_("planned")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. PEOPLE counts who was there."""
    return (
        TableColumn("code", N_("CODE"), 14, steps=((_WIDE, 18),)),
        TableColumn("at", N_("WHEN"), 10, kind="time", falling=True),
        TableColumn("people", N_("PEOPLE"), 6, ">", kind="number", falling=True),
        TableColumn("opds", N_("OPD"), 18, least=_MIDDLE, steps=((_WIDE, 30),)),
        TableColumn("apps", N_("APPS"), 18, optional=True),
        TableColumn("by", N_("BY"), 12, optional=True),
        TableColumn("title", N_("TITLE"), 0),
    )


def row_of(one: Session, view: View) -> TableRow:
    """A session as a row."""
    opds = printable(", ".join(one.opds))
    cells = {
        "code": Span(printable(one.code), "strong"),
        "at": Span(words.day(one.at, view)),
        "people": Span(str(len(one.attended)), "" if one.attended else "quiet"),
        "opds": Span(opds or "-"),
        "apps": Span(", ".join(one.applications) or _("all")),
        "by": Span(one.by or "-"),
        "title": Span(printable(one.title)),
    }
    values: dict[str, Value] = {
        "at": one.at, "people": len(one.attended), "opds": opds or None,
        "apps": ", ".join(one.applications) or None, "by": one.by or None,
    }  # fmt: skip
    flags = frozenset({"planned"} if one.at > view.now else ())
    return TableRow(one.code, cells, values, "", " ".join(one.attended), flags)


def _rows(page: BimtekPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.sessions]


def query(window: str) -> AskBimtek:
    """All sessions."""
    return AskBimtek()


SPEC: TableSpec[BimtekPage] = TableSpec("sessions", N_("Bimtek"), columns, _rows, query, flags=FLAGS)
