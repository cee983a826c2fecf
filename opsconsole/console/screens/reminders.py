"""Whom to remind of what is missing: which step of the chain is due, and the words to send."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.readiness import Reminder, RemindersPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.screens.text import TextScreen
from opsconsole.console.tables import reminders
from opsconsole.console.tables.spec import TableRow


class RemindersScreen(PaperScreen[RemindersPage], inherit_bindings=False):
    """The OPD of which something is missing, the longest first; enter opens the OPD's page."""

    spec = reminders.SPEC
    scope = "reminders"
    inspection_rows: ClassVar[int] = 4

    def above(self, view: View) -> list[Line]:
        """How many steps are due, and what the keys are for."""
        found = self.answer.reminders if self.answer is not None else ()
        due = sum(bool(one.due) for one in found)
        told = _("steps due: {n}   y copies the message; :remind says that it was sent")
        return [cut(line(" ", told.format(n=due)), view.width)]

    def is_problem(self, row: TableRow) -> bool:
        """Whether a step is due."""
        return "due" in row.flags

    def whole(self, row: TableRow, view: View) -> list[str]:
        """Who it is, how far the chain went, what is missing."""
        one = self._known(row.key)
        due = words.of(words.STEPS, one.due) if one.due else "-"
        sent = words.of(words.STEPS, one.sent) if one.sent else "-"
        if one.sent_at is not None:
            sent += f" {words.day(one.sent_at, view)}"
        told = _("due: {due}; sent: {sent}").format(due=due, sent=sent)
        if one.next_on is not None:
            told += "; " + _("next on {day}").format(day=words.day(one.next_on, view))
        return [
            printable(one.name),
            told,
            _("to {people}").format(people=printable(", ".join(one.to) or one.head) or "-"),
            ", ".join(map(words.reason_text, one.reasons)),
        ]

    def row_hint(self) -> str:
        """What tab opens."""
        return _("tab: the message to send")

    def opd_meant(self) -> str:
        """The one under the cursor."""
        return self.table().key or ""

    def begun(self, command: str) -> str:
        """The OPD, and the step that is due; in how many days an instruction is."""
        row = self.row()
        if row is None:
            return ""
        return (
            f"{row.key} 14d " if command == "instruct" else f"{row.key} {self._known(row.key).due}".rstrip()
        )

    def open_row(self, row: TableRow) -> None:
        """The OPD's page."""
        self.go_to(opd=row.key)

    def action_next_pane(self) -> None:
        """The message, or the letter at the end of the chain."""
        if (row := self.row()) is not None:
            self.console_app.open_page(TextScreen(self.inspected(row), self.message(row)))

    def action_copy(self) -> None:
        """Copy the message."""
        from opsconsole.console.screens.copying import hand_out

        row = self.row()
        if self.tabled.marked or row is None:
            super().action_copy()
        else:
            hand_out(self, self.message(row))

    def message(self, row: TableRow) -> str:
        """What is written to whom it goes."""
        office = self.answer.office if self.answer is not None else ""
        return words.reminder_text(self._known(row.key), office, self.console_app.view())

    def _known(self, key: str) -> Reminder:
        assert self.answer is not None
        return next(one for one in self.answer.reminders if one.opd == key)
