"""View 3: how ready the people of each OPD are; claimed beside proven, each figure open to its reasons."""

from typing import ClassVar

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.readiness import AskOpdReadiness, OpdReadiness, ReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, cut, line, printable
from opsconsole.console.draw.readiness_page import opd_text
from opsconsole.console.draw.view import View
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import readiness
from opsconsole.console.tables.spec import TableRow


class ReadinessScreen(ListingScreen[ReadinessPage], inherit_bindings=False):
    """All OPD in being, the lowest first."""

    spec = readiness.SPEC
    scope = "readiness"
    inspection_rows: ClassVar[int] = 5

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
        return [
            cut(line(" ", told.format(counts=counts or "-", n=claims)), view.width),
            cut(
                line(" ", Span(_("cells: ok | part | -- lacking | . not asked | N? claimed"), "quiet")),
                view.width,
            ),
        ]

    def is_problem(self, row: TableRow) -> bool:
        """Whether something keeps it from the next level."""
        return "gap" in row.flags

    def inspected(self, row: TableRow) -> str:
        """Its name."""
        one = self._known(row.key)
        return printable(one.name) if one is not None else row.key

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Level and claim in words, when it falls, and why it is not higher."""
        one = self._known(row.key)
        if one is None or self.answer is None:
            return []
        claim = "-" if one.claimed is None else str(one.claimed)
        proven = f"{one.proven} {words.level_word(self.answer.levels, one.proven)}"
        head = _("claimed {claimed}, proven {proven}, median {median}, falls {falls}").format(
            claimed=claim, proven=proven, median=f"{one.median:g}",
            falls=words.fall_text(one.falls_on, one.falls_to, view),
        )  # fmt: skip
        reasons = [words.reason_text(why) for why in one.reasons]
        more = [_("and {n} more").format(n=one.more_reasons)] if one.more_reasons else []
        return [cut(line(" ", text), view.width) for text in (head, *reasons, *more)]

    def open_row(self, row: TableRow) -> None:
        """Everybody who answers for it, each need with its rule, and the newest rows."""
        self.run_worker(self._open(row.key), group="open", exclusive=True)

    def action_next_pane(self) -> None:
        """The same: rules and rows behind the cells of the row."""
        self.action_open()

    async def _open(self, code: str) -> None:
        from opsconsole.console.screens.text import TextScreen

        app = self.console_app
        try:
            page = await app.ask(lambda client: client.query(AskOpdReadiness(code=code)))
        except Problem as problem:
            app.say(both(problem), "warn")
            return
        if app.page is self:
            app.open_page(TextScreen(page.readiness.short or code, opd_text(page, app.view())))

    def _known(self, code: str) -> OpdReadiness | None:
        opds = self.answer.opds if self.answer is not None else ()
        return next((one for one in opds if one.opd == code), None)
