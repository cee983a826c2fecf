"""The briefing: one page for the head of the office and the mayor; ``[`` and ``]`` are other days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.briefing import AskBriefing, Briefing
from opsconsole.client.moments import parse_moment
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.briefing import briefing_lines
from opsconsole.console.draw.lines import Line, Span, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.asked import AskedPage


class BriefingScreen(AskedPage[Briefing], inherit_bindings=False):
    """Today's, read when it is opened; ``:at DATE`` is an earlier day, by what is recorded now."""

    scope = "briefing"

    def __init__(self) -> None:
        super().__init__()
        self._at: date | None = None

    def where(self) -> list[str]:
        """The view below, and that it is a briefing."""
        return [self.console_app.root_title, _("Briefing")]

    def query_now(self) -> AskBriefing:
        """What is asked."""
        return AskBriefing(at=self._at)

    def selected(self) -> None:
        """Nothing stands under a cursor here."""

    def lines(self, view: View) -> Sequence[Line]:
        """The page, once it is there, its headings told from the rest; else why it is not."""
        if self.told is None:
            return self.not_there()
        # The column at the left edge is the table's.
        texts = briefing_lines(self.told, view._replace(width=view.width - 2))
        return [line(" ", text if text.startswith(" ") else Span(text, "strong")) for text in texts]

    def news(self, news: News) -> None:
        """A board that was read afresh may come from another engine."""
        if news.replaced:
            self.read()
        self.draw()

    def go_at(self, text: str) -> None:
        """Another day."""
        app = self.console_app
        if text.strip().casefold() in ("now", "today"):
            self._at = None
        else:
            try:
                self._at = self._day(parse_moment(text, app.times.tzinfo, app.now()))
            except Problem as problem:
                app.say(both(problem), "warn")
                return
        self.read()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import hand_out

        if self.told is not None:
            hand_out(self, "\n".join(briefing_lines(self.told, self.console_app.view())))

    def action_previous(self) -> None:
        """The day before."""
        if self.told is not None:
            self._at = self.told.day - timedelta(days=1)
            self.read()

    def action_next(self) -> None:
        """The day after, up to today."""
        if self.told is None or self._at is None:
            self.console_app.say(_("that was the last one"))
            return
        later = self.told.day + timedelta(days=1)
        self._at = later if later < self._day(self.console_app.now()) else None
        self.read()

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.console_app.times.tzinfo).date()
