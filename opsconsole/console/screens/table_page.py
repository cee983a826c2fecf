"""What the board and all lists share: columns that can be chosen, marked rows, and saving as a file."""

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

import msgspec

from opsconsole.base.text import _
from opsconsole.console import keymap
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableState, TableView

# Whoever presses a key sooner than this after news moved the rows may mean what stood there before: a
# second to see and to press, and what a slow line takes.
HELD_FOR_S = 1.5


class Turned(NamedTuple):
    """News put the row ``now`` under the cursor, where ``was`` had been seen.

    Until ``until`` (`ConsoleApp.ticks`) a key may mean that one.
    """

    was: str
    now: str | None
    until: float


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

    def __init__(self) -> None:
        super().__init__()
        self._turned: Turned | None = None

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

    def unread(self) -> int:
        """How many more there are than could be read."""
        return 0

    def marked_note(self) -> str:
        """How many rows are marked, for the rule above them."""
        return _("{n} marked").format(n=len(self.tabled.marked)) if self.tabled.marked else ""

    # What a key is about

    def draw(self) -> None:
        """Draw, and notice where news put another row under the cursor than the one that was seen there."""
        before = self._under_cursor()
        super().draw()
        now = self._under_cursor()
        if before is None or now == before or self._is_handled:
            return
        was = self._turned.was if self._is_held() and self._turned else before
        # What is typed or chosen from the menu takes longer, and is about what stood there when it was begun.
        until = inf if self.drawer.is_open else self.console_app.ticks() + HELD_FOR_S
        self._turned = Turned(was, now, until) if was != now else None

    def allowed(self, action_id: str) -> bool:
        """Whether an action can be done; one on a row that nobody has seen yet waits for another key."""
        action = keymap.BY_ID[action_id]
        if action.group == "row" and not self.tabled.marked and (told := self.turned()):
            self.console_app.say(f"{action.shown or action.id}: {told}", "warn")
            return False
        return super().allowed(action_id)

    def turned(self) -> str:
        """That news have just put another row under the cursor, where they have; told once."""
        turned, held, now = self._turned, self._is_held(), self._under_cursor()
        self._turned = None
        if turned is None or not held or now is None:
            return ""
        if now != turned.now:  # the cursor was moved since, over rows that nobody had seen
            return _("news moved the rows just now; again means {now}").format(now=self.row_name(now))
        told = _("news put {now} where {was} was; again means {now}")
        return told.format(was=self.row_name(turned.was), now=self.row_name(now))

    def row_name(self, key: str) -> str:
        """What people call the row of this key."""
        return key

    def _under_cursor(self) -> str | None:
        return self.table().key if self._is_whole else None

    def _is_held(self) -> bool:
        return self._turned is not None and self.console_app.ticks() < self._turned.until

    # Keys

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

        self.console_app.open_page(
            ExportScreen(self.tabled, self.choices(), self.capped_note(), self.unread())
        )

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
