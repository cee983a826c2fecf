"""View 4: the road to one command as it is, or as it was on a day."""

from collections.abc import Sequence
from datetime import date

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.integration import AskRoad, Road
from opsconsole.client.moments import parse_moment
from opsconsole.console.draw import bars
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.plan import is_small
from opsconsole.console.draw.road import road_lines
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.scrolling import ScrollingPage


class RoadScreen(ScrollingPage, inherit_bindings=False):
    """The road of today, read when it is opened; ``:at DATE`` shows an earlier day, ``:at now`` today."""

    scope = "road"

    def __init__(self) -> None:
        super().__init__()
        self._at: date | None = None
        self._road: Road | None = None

    def where(self) -> list[str]:
        """The view."""
        return [self.console_app.root_title]

    def title_marks(self) -> list[str]:
        """The day, where it is not today."""
        marks = [_("as of {day}").format(day=self._at.isoformat())] if self._at is not None else []
        return [*marks, *super().title_marks()]

    def second_line(self, view: View) -> Line:
        """The views, and the city's counts."""
        app = self.console_app
        return bars.second(app.current_mode, app.model.counted(), view.width, len(app.model.open_incidents()))

    def selected(self) -> None:
        """Nothing stands under a cursor here."""

    def lines(self, view: View) -> Sequence[Line]:
        """The road, once it is there."""
        if self._road is None:
            return [line("  ", _("reading …"))]
        return [line(f" {text}") for text in road_lines(self._road, view._replace(width=view.width - 2))]

    def draw_content(self, view: View, taken: int) -> None:
        """The line of the views takes one more."""
        super().draw_content(view, taken + (0 if is_small(view.width, view.height) else 1))

    @property
    def is_of_old(self) -> bool:
        """Whether the engine can not be asked for a newer one."""
        return self.console_app.model.is_old

    def on_screen_resume(self) -> None:
        """Read again."""
        super().on_screen_resume()
        self._read()

    def news(self, news: News) -> None:
        """A board that was read afresh may come from another engine."""
        if news.replaced:
            self._read()
        self.draw()

    def after_command(self) -> None:
        """What was done may show."""
        self._read()

    def go_at(self, text: str) -> None:
        """Show the road as it was on a day."""
        app = self.console_app
        if text.strip().casefold() in ("now", "today"):
            self._at = None
        else:
            try:
                self._at = parse_moment(text, app.times.tzinfo, app.now()).astimezone(app.times.tzinfo).date()
            except Problem as problem:
                app.say(both(problem), "warn")
                return
        self._read()

    def action_open(self) -> None:
        """The stages of every application, with their proofs."""
        from opsconsole.console.screens.stages import StagesScreen

        self.console_app.open_page(StagesScreen())

    def action_back(self) -> None:
        """Today again, else the view before."""
        if self._at is not None:
            self._at = None
            self._read()
        else:
            self.console_app.leave_view()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import hand_out

        if self._road is not None:
            hand_out(self, "\n".join(road_lines(self._road, self.console_app.view())))

    def _read(self) -> None:
        self.run_worker(self._ask(), group="road", exclusive=True)

    async def _ask(self) -> None:
        asked = AskRoad(at=self._at)
        try:
            self._road = await self.console_app.ask(lambda client: client.query(asked))
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        self.draw()
