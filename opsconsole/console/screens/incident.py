"""An incident's page: what it is and whose, what runs out, whom to call; below it all that happened."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual.widget import Widget

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskIncident, IncidentDetail
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Application
from opsconsole.console.draw import incident as drawing
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.incident_words import number_text, subject_text
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.actions import ActingPage
from opsconsole.console.tables.incidents import application_of
from opsconsole.console.widgets.line_bar import LineBar
from opsconsole.console.widgets.line_table import LineTable, Row


class IncidentScreen(ActingPage, inherit_bindings=False):
    """One incident. ``numbers`` are its neighbours, in the order in which they were listed."""

    scope = "incident"

    def __init__(self, number: int, numbers: Sequence[int] = ()) -> None:
        super().__init__()
        self._number = number
        self._numbers = list(numbers) or [number]
        self._detail: IncidentDetail | None = None
        self._failed = ""

    # What a page says of itself

    def content(self) -> Sequence[Widget]:
        """Facts, and a list of all the rest."""
        return [LineBar(id="head"), LineTable(id="body")]

    def where(self) -> list[str]:
        """The view below, the number, what it is about."""
        one = self.incident()
        about = [number_text(self._number), *([subject_text(one)] if one and one.subject else [])]
        return [self.console_app.root_title, " ".join(about)]

    def table(self) -> LineTable:
        """The list."""
        return self.query_one("#body", LineTable)

    def incident(self) -> Incident | None:
        """This one, as it stands now: of what was read and what the board holds the later."""
        live = self.console_app.model.incidents.get(str(self._number))
        read = self._detail.incident if self._detail is not None else None
        if live is None or (read is not None and read.version > live.version):
            return read
        return live

    def known(self, number: int) -> Incident | None:
        """This one, also where the board no longer has it."""
        return self.incident() if number == self._number else super().known(number)

    def selected(self) -> Application | None:
        """The member under the cursor, else what caused it."""
        kind, _colon, member = (self.table().key or "").partition(":")
        one = self.incident()
        row_id = member if kind == "member" else application_of(one) if one is not None else ""
        return self.console_app.model.applications.get(row_id)

    # Reading

    def on_mount(self) -> None:
        """Draw what the board knows, and ask for the rest."""
        super().on_mount()
        self._read()

    def news(self, news: News) -> None:
        """It may be another one now."""
        if news.replaced or any(turn.after.number == self._number for turn in news.turns):
            self._read()
        self.draw()

    def after_command(self) -> None:
        """What was done stands in its timeline."""
        self._read()

    def _read(self) -> None:
        self.run_worker(self._ask(), group="incident", exclusive=True)

    async def _ask(self) -> None:
        number = self._number
        try:
            self._detail = await self.console_app.ask(lambda client: client.query(AskIncident(number=number)))
            self._failed = ""
        except Problem as problem:
            self._failed = both(problem)
            self.console_app.say(self._failed, "warn")
        self.draw()

    # Drawing

    def draw_content(self, view: View, taken: int) -> None:
        """The facts, and below them as much of the rest as fits."""
        head = self._head(view, view.height)
        above, below = drawing.plan(view, taken, len(head))
        if len(head) > above:
            head = self._head(view, above)
        bar, table = self.query_one("#head", LineBar), self.table()
        bar.styles.height = above
        table.styles.height = max(below, 1)
        bar.show(*head)
        shown = self._shown()
        items = drawing.items(shown, view) if shown is not None else []
        table.show(
            [Row(item.key or f"line:{place}", item.line) for place, item in enumerate(items)],
            empty=[line("   ", self._failed or _("reading …"))], old=self.console_app.model.is_old,
            height=max(below, 1), follow=table.place > 0,
        )  # fmt: skip

    def _head(self, view: View, room: int) -> list[Line]:
        shown, one = self._shown(), self.incident()
        if shown is not None:
            return drawing.head_lines(shown, view, room)
        return [drawing.state_line(one, "", view)] if one is not None else []

    def _shown(self) -> IncidentDetail | None:
        """What was read, with the incident as it stands now."""
        one = self.incident()
        if self._detail is None or one is None:
            return None
        return replace(self._detail, incident=one)

    # Keys

    def action_open(self) -> None:
        """The page of the member under the cursor, of another incident; else that of its application."""
        kind, _colon, key = (self.table().key or "").partition(":")
        app, one = self.console_app, self.incident()
        if kind == "incident":
            app.open_incident(int(key), ())
            return
        row_id = key if kind == "member" else application_of(one) if one is not None else ""
        if row_id in app.model.applications:
            members = [member.id for member in one.members] if one is not None else [row_id]
            app.open_application(row_id, members)
        else:
            app.say(_("nothing lies deeper here"))

    def action_back(self) -> None:
        """To where it was opened from."""
        self.leave()

    def action_copy(self) -> None:
        """Copy its card as text, and show it."""
        from opsconsole.console.screens.copying import copy_incident

        if (one := self.incident()) is not None:
            self.run_worker(copy_incident(self, one), group="copy", exclusive=True)

    def action_next_pane(self) -> None:
        """The next section of the list."""
        rows = self.table().rows
        heads = [place for place, row in enumerate(rows) if row.line and row.line[0].text == "--"]
        later = [place for place in heads if place > self.table().place]
        if heads:
            self.table().move_to(later[0] if later else heads[0])

    def action_next(self) -> None:
        """The next incident of the list this was opened from."""
        self._step(1)

    def action_previous(self) -> None:
        """The one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = self._numbers.index(self._number) + by if self._number in self._numbers else 0
        if not 0 <= place < len(self._numbers):
            self.console_app.say(_("that was the last one") if by > 0 else _("that was the first one"))
            return
        self._number, self._detail = self._numbers[place], None
        self.draw()
        self.table().move_to(0)
        self._read()
