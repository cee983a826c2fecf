"""The hand-over of a shift: what goes on, what ended, what people did; ``[`` and ``]`` are other shifts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskHandover, Handover
from opsconsole.console.draw.handover import handover_lines, handover_text
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.asked import AskedPage


class HandoverScreen(AskedPage[Handover], inherit_bindings=False):
    """The shift that runs, read again when an incident becomes another one; or an earlier shift."""

    scope = "handover"

    def __init__(self) -> None:
        super().__init__()
        self._at: datetime | None = None

    def where(self) -> list[str]:
        """The view below, and that it is a hand-over."""
        return [self.console_app.root_title, _("Hand-over")]

    def query_now(self) -> AskHandover:
        """What is asked."""
        return AskHandover(at=self._at)

    def selected(self) -> None:
        """Nothing stands under a cursor here."""

    def lines(self, view: View) -> Sequence[Line]:
        """The hand-over, once it is there."""
        if self.told is None:
            return self.not_there()
        # The column at the left edge is the table's.
        return handover_lines(self.told, self._office, view._replace(width=view.width - 1))

    def news(self, news: News) -> None:
        """What goes on may be something else now."""
        if self._at is None and (news.replaced or news.turns):
            self.read()
        self.draw()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import hand_out

        if self.told is not None:
            hand_out(self, handover_text(self.told, self._office, self.console_app.view()))

    def action_previous(self) -> None:
        """The shift before."""
        if self.told is not None:
            self._at = self.told.start - timedelta(seconds=1)
            self.read()

    def action_next(self) -> None:
        """The shift after, up to the one that runs."""
        if self.told is None or self.told.end > self.console_app.now():
            self.console_app.say(_("that was the last one"))
            return
        later = self.told.end
        self._at = later if later + (self.told.end - self.told.start) < self.console_app.now() else None
        self.read()

    @property
    def _office(self) -> str:
        engine = self.console_app.model.engine
        return engine.office if engine is not None else ""
