"""What is told once to whoever comes back, and that the shift changes. Nothing is asked on a timer."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskIncidents
from opsconsole.console.keymap import BY_ID
from opsconsole.console.looking import LastLook
from opsconsole.console.since import summary, window_of
from opsconsole.console.tables.incidents import MOST

if TYPE_CHECKING:
    from opsconsole.console.app import ConsoleApp


class CatchingUp:
    """Asks when the console has met its engine, and when somebody comes back."""

    def __init__(self, app: "ConsoleApp") -> None:
        self._app = app
        self.look = LastLook()
        self._minute_at = app.now()

    def begin(self) -> None:
        """The engine has answered for the first time: tell what became of incidents."""
        if self.look.before is not None:
            self._app.run_worker(self._tell(self.look.before), group="since", exclusive=True)

    def press(self) -> None:
        """A key was pressed."""
        now = self._app.now()
        if self.look.press(now):
            self._app.run_worker(self._tell(self.look.since(now)), group="since", exclusive=True)

    def minute(self) -> None:
        """A minute has begun: say so when a shift began since the last one."""
        app, before = self._app, self._minute_at
        self._minute_at = app.now()
        shifts = app.model.hello.shifts if app.model.hello is not None else ()
        if began_between(shifts, app.times.local(before), app.times.local(self._minute_at)):
            key = BY_ID["handover"].shown or ":handover"
            app.say(_("the shift changes: {key} shows the hand-over").format(key=key), "strong")

    async def _tell(self, since: datetime) -> None:
        app = self._app
        asked = AskIncidents(window=window_of(since, app.now()), limit=MOST)
        try:
            page = await app.ask(lambda client: client.query(asked))
        except Problem:
            return  # the banner says that the engine does not answer
        told = summary(page.incidents, since, app.view())
        if told:
            app.notes = (*app.notes, f"{told}; " + _(":since lists them"))
            app.redraw()


def began_between(shifts: Iterable[time], before: datetime, now: datetime) -> bool:
    """Whether a shift begins after ``before`` and not after ``now``, both by the office's clock."""
    today = [datetime.combine(now.date(), start, now.tzinfo) for start in shifts]
    return any(before < start <= now for start in today)
