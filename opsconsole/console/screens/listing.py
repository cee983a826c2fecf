"""The base of all views that are a list: what is asked of the engine, as a table that can be worked with.

A view is a subclass with a ``spec`` and a ``scope``; see `ListingScreen` for what else it may say.
"""

import time
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.timer import Timer
from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.shapes import Application
from opsconsole.console.draw import bars
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.columns import Column
from opsconsole.console.draw.lines import Line, Span, heading, line
from opsconsole.console.draw.plan import is_small
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.table_page import RowChoice, TablePage
from opsconsole.console.tables.spec import TableRow, TableSpec
from opsconsole.console.tables.table import TableView
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LateRow, LineTable

A = TypeVar("A")

# A view is read again at most so often, whatever the engine tells.
READ_EVERY_S = 1.0
# Title and views above; event and hints below.
_FRAME = 4
# Fewer rows than this are worth more than what could stand beside them.
_LEAST_ROWS = 4


class ListingScreen(TablePage, Generic[A], inherit_bindings=False):
    """A list, read through ``spec.query`` when it is opened and again when news concern it.

    A subclass sets ``spec`` and ``scope``, and may say: what stands above the list (`above`), what there
    is to know of the row under the cursor (`inspection`, at most ``inspection_rows`` lines), what enter
    does (`open_row`), which news it is read again for (`concerns`), what ``!`` lists (`is_problem`), and
    how to ask for more (`ask`). ``answer`` is what was read last, None before. Nothing is read while the
    screen is not on top, and nothing on a timer.
    """

    spec: ClassVar[TableSpec[Any]]
    inspection_rows: ClassVar[int] = 0
    leaves_top: ClassVar[bool] = False
    """Whether the cursor goes with its row from the top as well, where keys act on what is under it."""

    def __init__(self) -> None:
        super().__init__()
        self.tabled = TableView(self.spec)
        self.answer: A | None = None
        self._failed = False
        self._reading = self._again = False
        self._read_at = -READ_EVERY_S
        self._waiting: Timer | None = None

    # What a view may say of itself

    async def ask(self) -> A:
        """Put the question to the engine. Raises `Problem`."""
        assert self.spec.query is not None
        args = self.spec.query(self.tabled.window)
        return await self.console_app.ask(lambda client: client.query(args))

    def concerns(self, news: News) -> bool:
        """Whether the list may be another one after these news. A board that was read afresh always is."""
        return bool(news.touched)

    def above(self, view: View) -> list[Line]:
        """Lines above the list, always as many."""
        return []

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """What there is to know of the row under the cursor."""
        return []

    def is_problem(self, row: TableRow) -> bool:
        """Whether the row is listed when only problems are."""
        return True

    def open_row(self, row: TableRow) -> None:
        """Go deeper: the application's page where the row has one."""
        if row.application in self.console_app.model.applications:
            self.console_app.open_application(row.application, self.listed())
        else:
            self.console_app.say(_("nothing lies deeper here"))

    def line_of(self, row: TableRow, columns: Sequence[Column], width: int) -> Line:
        """A row as it is drawn."""
        return self.tabled.line(row, columns, width)

    def at_end(self) -> None:
        """The cursor stands on the last row."""

    def caption(self) -> str:
        """What the list is called, in its rule."""
        return _(self.spec.title).upper()

    # What a page says of itself

    def content(self) -> Sequence[Widget]:
        """Lines, the list under its rule, and what is known of the row under the cursor."""
        return [
            LineBar(id="above"), LineBar(id="rule"), LineTable(id="list"),
            LineBar(id="row-rule"), LineBar(id="row"),
        ]  # fmt: skip

    def where(self) -> list[str]:
        """The view, and its own name where it is opened over another one."""
        root, own = self.console_app.root_title, _(self.spec.title)
        return [own] if self is self.console_app.root else [root, own]

    def title_marks(self) -> list[str]:
        """The window, and the filter that holds."""
        marks = [self.tabled.window] if self.tabled.window else []
        marks += ["!"] if self.tabled.only_problems else []
        return [*marks, f"/{self.tabled.filter.text}"] if self.tabled.filter.text else marks

    def second_line(self, view: View) -> Line:
        """The views, and the city's counts: what is down is seen from everywhere."""
        app = self.console_app
        open_now = len(app.model.open_incidents())
        return bars.second(app.current_mode, app.model.counted(), view.width, open_now)

    def table(self) -> LineTable:
        """The list."""
        return self.query_one("#list", LineTable)

    def selected(self) -> Application | None:
        """The application that the row under the cursor is about."""
        row = self.row()
        return self.console_app.model.applications.get(row.application) if row is not None else None

    def row(self) -> TableRow | None:
        """The row under the cursor."""
        key = self.table().key
        return next((row for row in self.tabled.rows if row.key == key), None)

    def rows(self) -> list[TableRow]:
        """What is listed: what the filter lets through, in the chosen order."""
        rows = self.tabled.listed(self.console_app.now())
        return [row for row in rows if self.is_problem(row)] if self.tabled.only_problems else rows

    def listed(self) -> list[str]:
        """The applications of the rows, each once."""
        return list(dict.fromkeys(row.application for row in self.rows() if row.application))

    def choices(self) -> list[RowChoice]:
        """The rows that are listed, the marked ones, all that were read."""
        rows = self.rows()
        marked = [row for row in rows if row.key in self.tabled.marked]
        choices = [RowChoice("listed", rows, self.tabled.filter.text)]
        choices += [RowChoice("marked", marked)] if marked else []
        return choices + ([RowChoice("all", self.tabled.rows)] if len(rows) < len(self.tabled.rows) else [])

    def capped_note(self) -> str:
        """How much of it was read, where that is not all."""
        total = self.spec.total(self.answer) if self.answer is not None else None
        if total is None or total <= len(self.tabled.rows):
            return ""
        read = grouped(len(self.tabled.rows))
        return _("only {n} of {all} were read").format(n=read, all=grouped(total))

    def marked_ids(self) -> list[str]:
        """The applications of the marked rows."""
        marked = [row for row in self.rows() if row.key in self.tabled.marked]
        return list(dict.fromkeys(row.application for row in marked if row.application))

    # Reading

    def on_mount(self) -> None:
        """Draw what there is: nothing yet. The screen is resumed next, and reads."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Read again: what happened meanwhile was not told to us."""
        self.draw()
        self.read()

    def on_screen_suspend(self) -> None:
        """No longer read."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def news(self, news: News) -> None:
        """Read again when these news concern the list; draw what else they changed."""
        if news.replaced or self.concerns(news):
            self.read_soon()
        self.draw()

    def after_command(self) -> None:
        """What was done may show in the list."""
        self.read_soon()

    def read_soon(self) -> None:
        """Read when a second has gone by since the last time."""
        if self._waiting is None:
            delay = self._read_at + READ_EVERY_S - time.monotonic()
            self._waiting = self.set_timer(max(delay, 0.001), self.read)

    def read(self) -> None:
        """Read now; while an answer is awaited, once more after it."""
        self.on_screen_suspend()
        if self.console_app.page is not self:
            return
        self._again = self._reading
        if not self._reading:
            self._reading = True
            self.run_worker(self._read(), group="read")

    async def _read(self) -> None:
        self._read_at = time.monotonic()
        window = self.tabled.window
        try:
            answer = await self.ask()
        except Problem as problem:
            self._failed = True
            self.console_app.say(both(problem), "warn")
        else:
            if window == self.tabled.window:
                self._failed = False
                self.take(answer)
        finally:
            self._reading = False
        self.draw()
        if self._again:
            self._again = False
            self.read_soon()

    def take(self, answer: A) -> None:
        """Show this answer."""
        self.answer = answer
        self.tabled.load(self.spec.rows(answer, self.console_app.view()))

    # Drawing

    def draw_content(self, view: View, taken: int) -> None:
        """The list and what stands around it, in the room that is left."""
        small = is_small(view.width, view.height)
        room = max(view.height - (2 if small else _FRAME) - taken, 1)
        above = [] if small else self.above(view)
        room -= len(above)
        below = 0 if small or room < self.inspection_rows + _LEAST_ROWS + 4 else self.inspection_rows
        height = room - (0 if small else 1) - (below + 1 if below else 0)
        self._lay_out({"above": len(above), "rule": int(not small), "row-rule": int(below > 0), "row": below})
        self.query_one("#above", LineBar).show(*above)
        self._draw_list(view, max(height, 1), small=small)
        self._draw_row(view)

    def _lay_out(self, heights: dict[str, int]) -> None:
        for name, height in heights.items():
            widget = self.query_one(f"#{name}")
            widget.display = height > 0
            if height:
                widget.styles.height = height

    def _draw_list(self, view: View, height: int, *, small: bool) -> None:
        rows, columns = self.rows(), self.tabled.columns(view.width)

        def late(row: TableRow) -> LateRow:
            marked = row.key in self.tabled.marked
            return LateRow(row.key, lambda: self.line_of(row, columns, view.width), marked)

        table = self.table()
        table.styles.height = height
        table.show(
            [late(row) for row in rows], head=self.tabled.head(view.width) if rows and not small else None,
            empty=self._nothing(), old=self.console_app.model.is_old or self._failed, height=height,
            follow=self.leaves_top or table.place > 0,
        )  # fmt: skip
        self._draw_rule(view, len(rows))

    def _nothing(self) -> list[Line]:
        if self.answer is None:
            said = _("could not be read") if self._failed else _("reading …")
        elif self.tabled.filter:
            said = _("nothing matches; esc clears the filter")
        else:
            said = self.empty_text()
        return [line(f"   {said}")]

    def _draw_rule(self, view: View, count: int) -> None:
        """What is listed, how much of it is out of sight, how it is sorted."""
        table = self.table()
        start, end = table.in_sight
        hidden = len(table.rows) - (end - start)
        sort = self.tabled.sort_title()
        notes = [
            self.marked_note(),
            _("+{n} more, PgDn").format(n=hidden) if hidden > 0 else "",
            _("sort: {what}").format(what=sort) if sort else "",
        ]
        left = line(Span(f"{self.caption()} {self._count(count)}", "strong"))
        right = line("  ".join(filter(None, notes)))
        self.query_one("#rule", LineBar).show(heading(left, right, view.width))

    def _count(self, count: int) -> str:
        """``12``, ``4 of 12`` with a filter, ``500 of 12 873`` where not all could be read."""
        total = self.spec.total(self.answer) if self.answer is not None else None
        most = len(self.tabled.rows) if total is None else total
        if count == most:
            return str(count)
        return _("{n} of {all}").format(n=grouped(count), all=grouped(most))

    def _draw_row(self, view: View) -> None:
        """What is known of the row under the cursor."""
        bar = self.query_one("#row", LineBar)
        if not bar.display:
            return
        row = self.row()
        lines = self.inspection(row, view) if row is not None else []
        bar.show(*(lines + [()] * self.inspection_rows)[: self.inspection_rows])
        name = self.inspected(row) if row is not None else ""
        self.query_one("#row-rule", LineBar).show(
            heading(line(Span(name, "strong")), line(self.row_hint() if row is not None else ""), view.width)
        )

    def empty_text(self) -> str:
        """What to say where there is nothing to list."""
        return _("there is nothing to list")

    def row_hint(self) -> str:
        """What stands at the end of the rule above `inspection`."""
        return ""

    def inspected(self, row: TableRow) -> str:
        """What the row under the cursor is called, in the rule above `inspection`."""
        return row.application or row.key

    # Keys

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """What is known of the row, and what is out of sight, depend on the cursor."""
        if event.table.id != "list" or not self._is_whole:
            return
        view = self.console_app.view()
        if not is_small(view.width, view.height):
            self._draw_rule(view, len(self.table().rows))
            self._draw_row(view)
        if self.table().rows and self.table().place == len(self.table().rows) - 1:
            self.at_end()

    def action_open(self) -> None:
        """Go deeper."""
        if (row := self.row()) is not None:
            self.open_row(row)

    def action_next_pane(self) -> None:
        """There is one pane."""
        self.console_app.say(_("there is one pane here"))

    def action_back(self) -> None:
        """One step back: the filter, the marks, problems only, then the screen."""
        if self.tabled.filter.text:
            self.set_filter("")
        elif self.tabled.marked:
            self.tabled.marked.clear()
        elif self.tabled.only_problems:
            self.tabled.only_problems = False
        elif self is not self.console_app.root:
            self.leave()
            return
        else:
            self.console_app.leave_view()
            return
        self.draw()

    def set_filter(self, text: str) -> None:
        """List only what the words say."""
        self.tabled.set_filter(text)
        self.draw()
        self.table().move_to(0)

    def filter_faults(self) -> tuple[str, ...]:
        """What is wrong with the words."""
        return self.tabled.filter.faults

    def action_problems(self) -> None:
        """Problems only, or everything."""
        self.tabled.only_problems = not self.tabled.only_problems
        self.draw()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.tabled.next_sort(self.size.width)
        self.draw()
        self.table().move_to(0)

    def action_sort_backwards(self) -> None:
        """Turn the order round."""
        self.tabled.backwards = not self.tabled.backwards
        self.draw()
        self.table().move_to(0)

    def action_window(self) -> None:
        """The next window, and what lies in it."""
        windows = self.spec.windows
        self.tabled.window = windows[(windows.index(self.tabled.window) + 1) % len(windows)]
        self.draw()
        self.read()

    def action_pause(self) -> None:
        """Stop drawing, or go on with what happened meanwhile."""
        super().action_pause()
        if not self.console_app.settings.paused:
            self.read()


def grouped(number: int) -> str:
    """``12 873``."""
    return f"{number:,}".replace(",", " ")
