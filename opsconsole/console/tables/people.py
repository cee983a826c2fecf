"""The people of an OPD as a table, the lowest level first."""

from typing import NamedTuple

from opsconsole.base.text import N_
from opsconsole.client.readiness import HeldDuty, OpdReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.person import lacks_text
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _NARROW, _WIDE = 60, 80, 100


class Held(NamedTuple):
    """Somebody with all that they hold in an OPD."""

    person: str
    name: str
    duties: tuple[HeldDuty, ...]

    @property
    def lowest(self) -> HeldDuty | None:
        """The weakest of it."""
        return min(self.duties, key=lambda one: one.level, default=None)


def people_of(page: OpdReadinessPage) -> list[Held]:
    """Everybody of an OPD, the lowest first, those without a duty last."""
    known = {held.person: held.name for one in page.applications for held in one.duties if held.person}
    known |= dict(page.people)
    duties = [held for one in page.applications for held in one.duties]
    found = [
        Held(person, name, tuple(one for one in duties if one.person == person))
        for person, name in known.items()
    ]
    return sorted(
        found, key=lambda one: (one.lowest is None, one.lowest.level if one.lowest else 0, one.name)
    )


def columns() -> tuple[TableColumn, ...]:
    """The columns. LVL is that of their weakest duty."""
    return (
        TableColumn("name", N_("NAME"), 22, steps=((_WIDE, 28),)),
        TableColumn("level", N_("LVL"), 3, kind="number", label=N_("PROVEN")),
        TableColumn("duties", N_("DUTY"), 16, steps=((_WIDE, 24),)),
        TableColumn("falls", N_("FALLS"), 10, kind="due", least=_MIDDLE),
        TableColumn("apps", N_("APPS"), 16, least=_WIDE, steps=((_WIDE, 24),)),
        TableColumn("person", N_("ID"), 14, optional=True),
        TableColumn("why", N_("NEXT STEP"), 0),
    )


def row_of(one: Held, view: View) -> TableRow:
    """Somebody as a row."""
    lowest = one.lowest
    duties = ", ".join(dict.fromkeys(words.of(words.DUTIES, held.duty) for held in one.duties))
    apps = ", ".join(dict.fromkeys(held.application for held in one.duties if held.application))
    falls = min((held.falls_on for held in one.duties if held.falls_on is not None), default=None)
    why = lacks_text(lowest) if lowest is not None else ""
    cells = {
        "name": Span(printable(one.name), "strong"),
        "level": Span(str(lowest.level) if lowest is not None else "-"),
        "duties": Span(duties or "-"),
        "falls": Span(words.day(falls, view) if falls is not None else "-"),
        "apps": Span(printable(apps) or "-"),
        "person": Span(one.person),
        "why": Span(why or "-"),
    }
    values: dict[str, Value] = {
        "level": lowest.level if lowest is not None else None, "falls": falls, "duties": duties or None,
        "apps": apps or None, "why": why or None,
    }  # fmt: skip
    return TableRow(one.person, cells, values)


def _rows(page: OpdReadinessPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in people_of(page)]


SPEC: TableSpec[OpdReadinessPage] = TableSpec("opd-people", N_("People"), columns, _rows)
