"""View 4: the road to one command as it is, or as it was on a day; of today also a part of it."""

from collections.abc import Sequence
from datetime import date

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.dimensions import AskDimensions, DimensionsPage
from opsconsole.client.integration import ApplicationStage, AskRoad, AskStages, Road
from opsconsole.client.moments import parse_moment
from opsconsole.console.draw import bars
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.plan import is_small
from opsconsole.console.draw.road import part_lines, road_lines
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.scrolling import ScrollingPage
from opsconsole.console.tables import stages
from opsconsole.console.tables.table import TableView


class RoadScreen(ScrollingPage, inherit_bindings=False):
    """The road of today, read when it is opened; ``:at DATE`` shows an earlier day, ``:at now`` today.

    The words of a filter are those of the stages: ``dimension:governance`` shows how far that one is.
    """

    scope = "road"
    filters = True

    def __init__(self) -> None:
        super().__init__()
        self._at: date | None = None
        self._road: Road | None = None
        self._dimensions: DimensionsPage | None = None
        self._stages: dict[str, ApplicationStage] = {}
        self._tabled = TableView(stages.SPEC)

    def where(self) -> list[str]:
        """The view."""
        return [self.console_app.root_title]

    def title_marks(self) -> list[str]:
        """The day, where it is not today."""
        marks = [_("as of {day}").format(day=self._at.isoformat())] if self._at is not None else []
        marks += [f"/{words}"] if (words := self._tabled.filter.text) else []
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
        return [line(f" {text}") for text in self._texts(self._road, view._replace(width=view.width - 2))]

    def _texts(self, road: Road, view: View) -> list[str]:
        if not self._tabled.filter:
            return road_lines(road, view, self._dimensions)
        listed = [self._stages[row.key] for row in self._tabled.listed(self.console_app.now())]
        return part_lines(road, listed, self._dimensions, view)

    def draw_content(self, view: View, taken: int) -> None:
        """The line of the views takes one more."""
        super().draw_content(view, taken + (0 if is_small(view.width, view.height) else 1))

    @property
    def is_of_old(self) -> bool:
        """Whether the engine can not be asked for a newer one."""
        return self.console_app.model.is_old

    def on_screen_resume(self) -> None:
        """Read again."""
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
            self._tabled.set_filter("")
            try:
                self._at = parse_moment(text, app.times.tzinfo, app.now()).astimezone(app.times.tzinfo).date()
            except Problem as problem:
                app.say(both(problem), "warn")
                return
        self._read()

    def set_filter(self, text: str) -> None:
        """Show how far what the words say is."""
        self._tabled.set_filter(text)
        self.draw()

    def filter_faults(self) -> tuple[str, ...]:
        """What is wrong with the words."""
        return self._tabled.filter.faults

    def action_filter(self) -> None:
        """Begin or go on with a filter; of earlier days only the whole is known."""
        if self._at is None:
            self.drawer.open_filter(self._tabled.filter.text)
        else:
            self.console_app.say(_("only today's road has parts; esc goes back to today"))

    def action_open(self) -> None:
        """The stages of every application, or of those that the filter lets through, with their proofs."""
        from opsconsole.console.screens.stages import StagesScreen

        self.console_app.open_page(StagesScreen(self._tabled.filter.text))

    def action_back(self) -> None:
        """All of it again, today again, else the view before."""
        if self._tabled.filter.text:
            self.set_filter("")
        elif self._at is not None:
            self._at = None
            self._read()
        else:
            self.console_app.leave_view()

    def action_copy(self) -> None:
        """Copy it as text."""
        from opsconsole.console.screens.copying import hand_out

        if self._road is not None:
            hand_out(self, "\n".join(self._texts(self._road, self.console_app.view())))

    def _read(self) -> None:
        # The function, not its coroutine: of two at once the first is ended before it has begun.
        self.run_worker(self._ask, group="road", exclusive=True)  # type: ignore[arg-type]

    async def _ask(self) -> None:
        app, day = self.console_app, self._at
        try:
            road = await app.ask(lambda client: client.query(AskRoad(at=day)))
            dimensions = None
            if day is None:
                # What is known of today alone.
                dimensions = await app.ask(lambda client: client.query(AskDimensions()))
                page = await app.ask(lambda client: client.query(AskStages()))
                self._stages = {one.application: one for one in page.applications}
                self._tabled.load(stages.SPEC.rows(page, app.view()))
            self._road, self._dimensions = road, dimensions
        except Problem as problem:
            app.say(both(problem), "warn")
        self.draw()
