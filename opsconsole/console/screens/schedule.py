"""The schedule: what runs, what is due, what is paused, and what was missed.

It is a picture of one moment, and says of which. The schedule itself moves with every look, some of them
each second: to draw all that would never be silent, and to ask on a timer is what nobody here does. So it
is read again, at most every five seconds, when a state, a pause or the engine's own counts change, and
when a key is pressed on a picture older than that. While nobody touches it nothing is sent.
"""

import time
from typing import ClassVar

from textual import events

from opsconsole.client.planned import Schedule
from opsconsole.client.shapes import Engine
from opsconsole.console.draw import planned
from opsconsole.console.draw.lines import Line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import missed, schedule
from opsconsole.console.tables.spec import TableRow

FRESH_SECONDS = 5.0
_Told = tuple[int, int, int, int, str, str]


class Picture(ListingScreen[Schedule], inherit_bindings=False):
    """A list made of the schedule, with what it counts above."""

    def __init__(self) -> None:
        super().__init__()
        self._told: _Told | None = None
        self._done = False

    async def ask(self) -> Schedule:
        """The schedule now."""
        self._told, self._done = self._telling(), False
        return await super().ask()

    def concerns(self, news: News) -> bool:
        """Whether a state changed, or something that the engine counts or says of itself."""
        return bool(news.touched) or self._telling() != self._told

    def above(self, view: View) -> list[Line]:
        """What runs and what was missed."""
        if self.answer is None:
            return [()] * planned.TOTAL_LINES
        return planned.total_lines(self.answer, view)

    def title_marks(self) -> list[str]:
        """When the picture was taken."""
        taken = [] if self.answer is None else [planned.as_of(self.answer, self.console_app.view())]
        return [*taken, *super().title_marks()]

    def after_command(self) -> None:
        """What was done shows at once, also when the answer that is awaited may not know of it."""
        self._done = True
        super().read()

    def read(self) -> None:
        """Read now; what is asked already is not asked twice."""
        if not self._reading:
            super().read()

    def on_key(self, event: events.Key) -> None:
        """Look again when the picture is old: somebody looks at it. What the key does, `Page` does."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            self.read()

    def read_soon(self) -> None:
        """Read when five seconds have gone by since the last time."""
        if self._waiting is None:
            delay = 0.0 if self._done else self._read_at + FRESH_SECONDS - time.monotonic()
            self._waiting = self.set_timer(max(delay, 0.001), self.read)

    def _telling(self) -> _Told | None:
        engine: Engine | None = self.console_app.model.engine
        if engine is None:
            return None
        counted = engine.run, engine.config_rev, engine.missed, engine.overrun
        return (*counted, engine.store, engine.self_check.status)


class ScheduleScreen(Picture, inherit_bindings=False):
    """Every probe."""

    spec = schedule.SPEC
    scope = "schedule"
    inspection_rows: ClassVar[int] = planned.PROBE_LINES

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """How often it is looked at, where it stands, what it saw last."""
        assert self.answer is not None
        probe = next(one for one in self.answer.probes if schedule.key_of(one) == row.key)
        return planned.probe_lines(probe, view)

    def inspected(self, row: TableRow) -> str:
        """The probe."""
        return row.key

    def action_next_pane(self) -> None:
        """What was missed today."""
        self.console_app.open_page(MissedScreen())


class MissedScreen(Picture, inherit_bindings=False):
    """What was missed today, and when."""

    spec = missed.SPEC
    scope = "missed"

    def action_next_pane(self) -> None:
        """Back to the probes."""
        self.leave()
