"""The hand-over of a shift: what goes on, what ended, what people did; ``[`` and ``]`` are other shifts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskHandover, Handover
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.handover import handover_lines, handover_text
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.scrolling import ScrollingPage


class HandoverScreen(ScrollingPage, inherit_bindings=False):
    """The shift that runs, read again when an incident becomes another one; or an earlier shift."""

    scope = "handover"

    def __init__(self) -> None:
        super().__init__()
        self._at: datetime | None = None
        self._told: Handover | None = None

    def where(self) -> list[str]:
        """The view below, and that it is a hand-over."""
        return [self.console_app.root_title, _("Hand-over")]

    def selected(self) -> None:
        """Nothing stands under a cursor here."""

    def lines(self, view: View) -> Sequence[Line]:
        """The hand-over, once it is there."""
        if self._told is None:
            return [line("  ", _("reading …"))]
        # The column at the left edge is the table's.
        return handover_lines(self._told, self._office, view._replace(width=view.width - 1))

    @property
    def is_of_old(self) -> bool:
        """Whether the engine can not be asked for a newer one."""
        return self.console_app.model.is_old

    def on_mount(self) -> None:
        """Ask for it."""
        super().on_mount()
        self._read()

    def news(self, news: News) -> None:
        """What goes on may be something else now."""
        if self._at is None and (news.replaced or news.turns):
            self._read()
        self.draw()

    def action_back(self) -> None:
        """To the page below."""
        self.leave()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import hand_out

        if self._told is not None:
            hand_out(self, handover_text(self._told, self._office, self.console_app.view()))

    def action_previous(self) -> None:
        """The shift before."""
        if self._told is not None:
            self._at = self._told.start - timedelta(seconds=1)
            self._read()

    def action_next(self) -> None:
        """The shift after, up to the one that runs."""
        if self._told is None or self._told.end > self.console_app.now():
            self.console_app.say(_("that was the last one"))
            return
        later = self._told.end
        self._at = later if later + (self._told.end - self._told.start) < self.console_app.now() else None
        self._read()

    @property
    def _office(self) -> str:
        engine = self.console_app.model.engine
        return engine.office if engine is not None else ""

    def _read(self) -> None:
        self.run_worker(self._ask(), group="handover", exclusive=True)

    async def _ask(self) -> None:
        asked = AskHandover(at=self._at)
        try:
            self._told = await self.console_app.ask(lambda client: client.query(asked))
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()
