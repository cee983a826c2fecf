"""What became of incidents since a moment: usually since whoever looks last looked."""

from datetime import datetime

from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskIncidents, IncidentsPage
from opsconsole.client.incidents import Incident
from opsconsole.console import since as sinces
from opsconsole.console.draw.lines import Line, Span, line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.incidents import TriageScreen
from opsconsole.console.tables import since
from opsconsole.console.tables.incidents import MOST
from opsconsole.console.tables.spec import TableRow


class SinceScreen(TriageScreen, inherit_bindings=False):
    """A list of the incidents that became another one."""

    spec = since.SPEC
    scope = "since"

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    async def ask(self) -> IncidentsPage:
        """The incidents of a window that reaches back so far."""
        window = sinces.window_of(self._moment, self.console_app.now())
        asked = AskIncidents(window=window, limit=MOST)
        return await self.console_app.ask(lambda client: client.query(asked))

    def rows_of(self, listed: tuple[Incident, ...]) -> list[TableRow]:
        """Those of them that are different now."""
        page = IncidentsPage(at=self.console_app.now(), incidents=listed)
        return self.spec.rows(since.Shown(page, self._moment), self.console_app.view())

    def above(self, view: View) -> list[Line]:
        """Since when, and how much of what."""
        told = sinces.summary(self._known.values(), self._moment, view)
        nothing = _("nothing became of any incident since {time}").format(time=view.at(self._moment))
        return [line(" ", Span(told or nothing, "strong"))]
