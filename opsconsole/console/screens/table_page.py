"""What the board and all lists share: columns that can be chosen, marked rows, and saving as a file."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from opsconsole.base.text import _
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableState, TableView


class RowChoice(NamedTuple):
    """Rows that can be saved together, and what they are called: ``listed``, ``marked`` or ``all``.

    ``words`` is the filter that let them through.
    """

    name: str
    rows: list[TableRow]
    words: str = ""


class TablePage(ActingPage, inherit_bindings=False):
    """A page whose main table is a `TableView`."""

    filters = True
    tabled: TableView

    def choices(self) -> list[RowChoice]:
        """What can be saved, the usual choice first."""
        raise NotImplementedError

    def marked_ids(self) -> list[str]:
        """The applications of the marked rows, in the order in which they are listed."""
        raise NotImplementedError

    def marked_incidents(self) -> list[int]:
        """The incidents that the applications of the marked rows are down in, each once."""
        incidents = self.console_app.model.incidents_by_row()
        numbers = [incidents[row_id].number for row_id in self.marked_ids() if row_id in incidents]
        return list(dict.fromkeys(numbers))

    def keep(self) -> dict[str, TableState]:
        """What is chosen of its tables, by their names. Of lists over a view no filter is kept."""
        state = self.tabled.keep()
        if not self.console_app.is_root(self):
            state = msgspec.structs.replace(state, filter="", problems=False)
        return {self.tabled.spec.name: state}

    def recall(self, tables: Mapping[str, TableState]) -> None:
        """Choose the same as the last time."""
        if (state := tables.get(self.tabled.spec.name)) is not None:
            self.tabled.recall(state)

    def capped_note(self) -> str:
        """How much of it was read, where that is not all."""
        return ""

    def marked_note(self) -> str:
        """How many rows are marked, for the rule above them."""
        return _("{n} marked").format(n=len(self.tabled.marked)) if self.tabled.marked else ""

    def action_columns(self) -> None:
        """List the columns, to choose and move them."""
        self.drawer.open_columns(self.tabled, self.size.width, sorts=True)

    def action_mark(self) -> None:
        """Mark the row, or no longer, and go on to the next."""
        if (key := self.table().key) is not None:
            self.tabled.mark(key)
            self.table().move(1)
            self.draw()

    def action_filter(self) -> None:
        """Begin or go on with a filter."""
        self.drawer.open_filter(self.tabled.filter.text)

    def action_export(self) -> None:
        """Choose what to save as a file, and where."""
        from opsconsole.console.screens.export import ExportScreen

        self.console_app.open_page(ExportScreen(self.tabled, self.choices(), self.capped_note()))

    def action_recheck(self) -> None:
        """Look now at the marked applications, or at the selected one."""
        if not self.tabled.marked:
            super().action_recheck()
        elif self.allowed("recheck"):
            from opsconsole.console.screens.commanding import recheck_all

            self.run_worker(recheck_all(self, self.marked_ids()), group="send")

    def action_copy(self) -> None:
        """Copy the marked rows as text, or the card of the selected one."""
        if not self.tabled.marked:
            super().action_copy()
            return
        from opsconsole.console.screens.copying import copy_rows

        rows = next(choice.rows for choice in self.choices() if choice.name == "marked")
        copy_rows(self, self.tabled, rows)
