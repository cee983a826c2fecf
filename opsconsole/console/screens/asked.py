"""A page that is the answer to one question, as text: read when it is opened, and when it may be another."""

from typing import Generic, TypeVar

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.query import Query
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.lines import Line, Span, line
from opsconsole.console.screens.scrolling import ScrollingPage

R = TypeVar("R")


class AskedPage(ScrollingPage, Generic[R], inherit_bindings=False):
    """``told`` is the answer once it is there; what is asked is the subclass's affair."""

    def __init__(self) -> None:
        super().__init__()
        self.told: R | None = None
        self._failed = ""

    def query_now(self) -> Query[R]:
        """What is asked."""
        raise NotImplementedError

    def not_there(self) -> list[Line]:
        """What stands there until the answer does: that it is read, or why it is not."""
        return [line("  ", Span(self._failed, "warn") if self._failed else _("reading …"))]

    @property
    def is_of_old(self) -> bool:
        """Whether the engine can not be asked for a newer one."""
        return self.console_app.model.is_old

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self.read()

    def read(self) -> None:
        """Ask, now."""
        self.run_worker(self._ask(), group="asked", exclusive=True)

    def action_back(self) -> None:
        """To the page below."""
        self.leave()

    async def _ask(self) -> None:
        asked = self.query_now()
        try:
            self.told = await self.console_app.ask(lambda client: client.query(asked))
        except Problem as problem:
            self._failed = both(problem)
            self.console_app.say(self._failed, "warn")
        self.draw()
