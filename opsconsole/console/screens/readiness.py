"""View 3: how ready the people of each OPD are; claimed beside proven, each figure open to its reasons.

``tab`` and the arrows put brackets around one cell of the row; then enter opens what that cell goes by.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.readiness import AskOpdReadiness, OpdReadiness, OpdReadinessPage, ReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw import readiness_cell
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.columns import Column, framed
from opsconsole.console.draw.lines import Line, Span, cut, line, printable
from opsconsole.console.draw.readiness_page import opd_text
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import readiness
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.widgets.line_table import LineTable


class ReadinessScreen(ListingScreen[ReadinessPage], inherit_bindings=False):
    """All OPD in being, the lowest first."""

    spec = readiness.SPEC
    scope = "readiness"
    inspection_rows: ClassVar[int] = 5

    def __init__(self) -> None:
        super().__init__()
        # The column of the cell that is chosen in the row under the cursor, empty for the row as a whole.
        self._chosen = ""
        # How much was logged when it was read: what somebody records elsewhere is an event.
        self._logged = 0

    async def ask(self) -> ReadinessPage:
        """All of it, as it is at this count of events."""
        self._logged = self._now_logged()
        return await super().ask()

    def concerns(self, news: News) -> bool:
        """Whether anything was recorded, or a row changed, whose probes may prove means."""
        return bool(news.touched) or self._now_logged() != self._logged

    def _now_logged(self) -> int:
        engine = self.console_app.model.engine
        return engine.logged if engine is not None else 0

    def opd_meant(self) -> str:
        """The one under the cursor."""
        return self.table().key or ""

    def above(self, view: View) -> list[Line]:
        """How many are at which level, and what cells mean."""
        opds = self.answer.opds if self.answer is not None else ()
        counts = "  ".join(
            f"{level}: {n}" for level in range(6) if (n := sum(one.proven == level for one in opds))
        )
        claims = sum(one.claimed is not None and one.claimed > one.proven for one in opds)
        told = _("OPD by level  {counts}   claims above proof {n}")
        legend = _("cells: ok | part | -- lacking | . not asked | N? claimed   tab: one cell")
        return [
            cut(line(" ", told.format(counts=counts or "-", n=claims)), view.width),
            cut(line(" ", Span(legend, "quiet")), view.width),
        ]

    def is_problem(self, row: TableRow) -> bool:
        """Whether something keeps it from the next level."""
        return "gap" in row.flags

    def inspected(self, row: TableRow) -> str:
        """Its name, and which cell of it is chosen."""
        one = self._known(row.key)
        name = printable(one.name) if one is not None else row.key
        return f"{name}  [{self._need()}]" if self._need() else name

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Level and claim in words, when it falls, and why it is not higher; of a cell its rule."""
        one = self._known(row.key)
        if one is None or self.answer is None:
            return []
        if need := self._need():
            told = readiness_cell.rule_lines(need, one, self.answer, view)
            return [cut(line(" ", text), view.width) for text in told]
        claim = "-" if one.claimed is None else str(one.claimed)
        proven = f"{one.proven} {words.level_word(self.answer.levels, one.proven)}"
        head = _("claimed {claimed}, proven {proven}, median {median}, falls {falls}").format(
            claimed=claim, proven=proven, median=f"{one.median:g}",
            falls=words.fall_text(one.falls_on, one.falls_to, view),
        )  # fmt: skip
        reasons = [words.reason_text(why) for why in one.reasons]
        more = [_("and {n} more").format(n=one.more_reasons)] if one.more_reasons else []
        return [cut(line(" ", text), view.width) for text in (head, *reasons, *more)]

    def line_of(self, row: TableRow, columns: Sequence[Column], width: int) -> Line:
        """A row; the chosen cell of the one under the cursor stands between brackets."""
        drawn = super().line_of(row, columns, width)
        keys = [column.key for column in columns]
        if self._chosen not in keys or row.key != self.table().key:
            return drawn
        return framed(drawn, keys.index(self._chosen))

    def open_row(self, row: TableRow) -> None:
        """The chosen cell with its rule and rows, else all of the row's OPD."""
        self.run_worker(self._open(row.key, self._need()), group="open", exclusive=True)

    # Keys

    def on_line_table_moved(self, event: LineTable.Moved) -> None:
        """The brackets go with the cursor."""
        if self._need():
            self.draw()

    def action_next_pane(self) -> None:
        """The next cell of the row; after the last one the row as a whole."""
        self._choose(1)

    def action_right(self) -> None:
        """The same."""
        self._choose(1)

    def action_left(self) -> None:
        """The cell before; without one a step back, as everywhere."""
        if self._need():
            self._choose(-1)
        else:
            super().action_left()

    def action_back(self) -> None:
        """One step back: the chosen cell before all else."""
        if self._need():
            self._chosen = ""
            self.draw()
        else:
            super().action_back()

    def _choose(self, by: int) -> None:
        """Go on among the cells that are drawn; before the first and after the last stands the row."""
        places = ["", *(c.key for c in self.tabled.columns(self.size.width) if c.key in readiness.NEED_OF)]
        place = places.index(self._chosen) if self._chosen in places else 0
        self._chosen = places[(place + by) % len(places)]
        self.draw()

    def _need(self) -> str:
        """The need whose cell is chosen and drawn; empty for none."""
        drawn = {column.key for column in self.tabled.columns(self.size.width)}
        return readiness.NEED_OF[self._chosen] if self._chosen in drawn else ""

    async def _open(self, code: str, need: str) -> None:
        from opsconsole.console.screens.text import TextScreen

        app = self.console_app
        kinds = readiness_cell.kinds_of(need)
        try:
            page = await app.ask(lambda client: client.query(AskOpdReadiness(code=code, kinds=kinds)))
        except Problem as problem:
            app.say(both(problem), "warn")
            return
        if app.page is self:
            name = page.readiness.short or code
            title, text = (f"{name} {need}", _of_cell(need)) if need else (name, opd_text)
            app.open_page(TextScreen(title, text(page, app.view())))

    def _known(self, code: str) -> OpdReadiness | None:
        opds = self.answer.opds if self.answer is not None else ()
        return next((one for one in opds if one.opd == code), None)


def _of_cell(need: str) -> Callable[[OpdReadinessPage, View], str]:
    return lambda page, view: readiness_cell.cell_text(page, need, view)
