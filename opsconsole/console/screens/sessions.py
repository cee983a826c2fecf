"""Bimtek: planned and held; enter shows who was there, and what people did before and after."""

from typing import ClassVar

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.readiness import AskBimtek, BimtekPage
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.bimtek import session_text
from opsconsole.console.draw.lines import printable
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.tables import sessions
from opsconsole.console.tables.spec import TableRow


class SessionsScreen(PaperScreen[BimtekPage], inherit_bindings=False):
    """All sessions, the newest first."""

    spec = sessions.SPEC
    scope = "sessions"
    inspection_rows: ClassVar[int] = 3

    def whole(self, row: TableRow, view: View) -> list[str]:
        """What it was about, and who was there."""
        assert self.answer is not None
        one = next(one for one in self.answer.sessions if one.code == row.key)
        return [
            f"{printable(one.code)}  {printable(one.title)}",
            _("about {applications}").format(
                applications=printable(", ".join(one.applications)) or _("all applications")
            ),
            _("attended: {people}").format(people=printable(", ".join(one.attended)) or _("nobody yet")),
        ]

    def empty_text(self) -> str:
        """How to begin."""
        return _("no Bimtek is planned: :bimtek CODE TITLE")

    def row_hint(self) -> str:
        """What enter opens."""
        return _("enter: people and figures")

    def begun(self, command: str) -> str:
        """The session, where people were at one."""
        row = self.row()
        return f"{row.key} " if row is not None and command == "attend" else ""

    def open_row(self, row: TableRow) -> None:
        """Attendance and figures."""
        self.run_worker(self._open(row.key), group="open", exclusive=True)

    def action_next_pane(self) -> None:
        """The same."""
        self.action_open()

    async def _open(self, code: str) -> None:
        from opsconsole.console.screens.text import TextScreen

        app = self.console_app
        try:
            page = await app.ask(lambda client: client.query(AskBimtek(code=code)))
        except Problem as problem:
            app.say(both(problem), "warn")
            return
        if app.page is self and page.sessions:
            app.open_page(TextScreen(printable(code), session_text(page.sessions[0], app.view())))
