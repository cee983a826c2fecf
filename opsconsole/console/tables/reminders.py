"""Who is to be reminded of what is missing, as a table: the longest first."""

from opsconsole.base.text import N_
from opsconsole.client.readiness import AskReminders, Reminder, RemindersPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Span, printable
from opsconsole.console.draw.view import View
from opsconsole.console.tables.spec import TableColumn, TableRow, TableSpec, Value

_MIDDLE, _WIDE = 60, 100
FLAGS = {"due": N_("due")}


def columns() -> tuple[TableColumn, ...]:
    """The columns. NOW DUE is the step of the chain that is to be taken, SENT the last that was."""
    return (
        TableColumn("opd", N_("OPD"), 13, steps=((_WIDE, 18),)),
        TableColumn("since", N_("SINCE"), 10, kind="time", least=_WIDE),
        TableColumn("days", N_("DAYS"), 4, ">", kind="number", falling=True),
        TableColumn("due", N_("NOW DUE"), 19, order=("", *words.STEPS), steps=((_WIDE, 20),)),
        TableColumn("sent", N_("SENT"), 16, order=("", *words.STEPS), least=_WIDE, steps=((_WIDE, 20),)),
        TableColumn("next", N_("NEXT"), 10, kind="due", optional=True),
        TableColumn("to", N_("GOES TO"), 14, least=_MIDDLE, steps=((_WIDE, 24),)),
        TableColumn("why", N_("WHY"), 0),
    )


def row_of(one: Reminder, view: View) -> TableRow:
    """The reminder of an OPD as a row."""
    why = ", ".join(map(words.reason_text, one.reasons))
    cells = {
        "opd": Span(printable(one.short) or one.opd, "strong"),
        "since": Span(words.day(one.since, view)),
        "days": Span(str(one.days)),
        "due": Span(words.of(words.STEPS, one.due) if one.due else "-", "warn" if one.due else "quiet"),
        "sent": Span(words.of(words.STEPS, one.sent) if one.sent else "-"),
        "next": Span(words.day(one.next_on, view) if one.next_on else "-"),
        "to": Span(printable(", ".join(one.to)) or "-"),
        "why": Span(why),
    }
    values: dict[str, Value] = {
        "opd": one.short or one.opd, "since": one.since, "days": one.days, "due": one.due or None,
        "sent": one.sent or None, "next": one.next_on, "to": ", ".join(one.to) or None,
    }  # fmt: skip
    flags = frozenset({"due"} if one.due else ())
    return TableRow(one.opd, cells, values, "", f"{one.name} {one.head}", flags)


def _rows(page: RemindersPage, view: View) -> list[TableRow]:
    return [row_of(one, view) for one in page.reminders]


def query(window: str) -> AskReminders:
    """All of them."""
    return AskReminders()


SPEC: TableSpec[RemindersPage] = TableSpec("reminders", N_("Reminders"), columns, _rows, query, flags=FLAGS)
