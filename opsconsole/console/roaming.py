"""Going about: the views, what is opened over them, the way back, and what is remembered of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple

from opsconsole.base.text import _
from opsconsole.console.memory import Kept
from opsconsole.console.screens.board import BoardScreen
from opsconsole.console.screens.page import Page
from opsconsole.console.screens.table_page import TablePage
from opsconsole.console.tables.table import TableState
from opsconsole.console.terminal.textual_private import CarefulApp
from opsconsole.console.views import BOARD, BY_NAME, VIEWS, ConsoleView


class Spot(NamedTuple):
    """Where a user was: a view, or an application's page over one."""

    kind: Literal["view", "application"]
    name: str


class RoamingApp(CarefulApp, inherit_bindings=False):
    """An app of several views, each with a stack of screens and a place of its own."""

    DEFAULT_MODE = BOARD

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._last: Spot | None = None
        self._trail: list[str] = []
        self._roots: dict[str, Page] = {}
        self._tables: dict[str, TableState] = {}
        for view in VIEWS:
            self.add_mode(view.name, partial(self._open_root, view))

    @property
    def page(self) -> Page | None:
        """The screen on top; None when the application is ending."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, Page) else None

    def show_view(self, name: str) -> None:
        """Open a view as it was left; the one that is on top, from its first screen."""
        if name == self.current_mode:
            self._to_root()
        else:
            self._last = Spot("view", self.current_mode)
            self._trail = [view for view in (*self._trail, self.current_mode) if view != name]
            self.switch_mode(name)

    def open_application(self, row_id: str, row_ids: Sequence[str]) -> None:
        """Open an application's page; ``row_ids`` are its neighbours in the list it is opened from."""
        from opsconsole.console.screens.detail import DetailScreen

        self.open_page(DetailScreen(row_id, row_ids))

    def open_incident(self, number: int, numbers: Sequence[int]) -> None:
        """Open an incident's page; ``numbers`` are its neighbours in the list it is opened from."""
        from opsconsole.console.screens.incident import IncidentScreen

        self.open_page(IncidentScreen(number, numbers))

    def open_since(self, since: datetime) -> None:
        """List what incidents became since then."""
        from opsconsole.console.screens.since import SinceScreen

        self.open_page(SinceScreen(since))

    def open_opd(self, code: str, codes: Sequence[str] = ()) -> None:
        """Open an agency's page; ``codes`` are its neighbours, in the order in which they are listed."""
        from opsconsole.console.screens.opd import OpdScreen

        self.open_page(OpdScreen(code, codes))

    def open_person(self, person: str) -> None:
        """Open the page of a person, by their id."""
        from opsconsole.console.screens.person import PersonScreen

        self.open_page(PersonScreen(person))

    def open_page(self, page: Page) -> None:
        """Open a screen over the one on top; `close_page` goes back."""
        self._last = Spot("view", self.current_mode)
        self._recall_choices(page)
        self.push_screen(page)

    def close_page(self, application: str = "") -> None:
        """Go back to the screen below; ``application`` is the one whose page is closed."""
        if application:
            self._last = Spot("application", application)
        if self.page is not None:
            self._note_choices(self.page)
        self.pop_screen()

    def go_back(self) -> bool:
        """Go to what was shown before what is shown now; False when there is no such thing."""
        last = self._last
        match last:
            case None:
                return False
            case Spot(kind="application"):
                self.open_application(last.name, self.root.listed())
            case Spot() if last.name == self.current_mode:
                if len(self.screen_stack) < 2 or self.page is None:
                    return False
                self.page.leave()
            case _:
                self.show_view(last.name)
        return True

    def leave_view(self) -> None:
        """Go back to the view before this one; where there was none, to the board."""
        name = self._trail.pop() if self._trail else BOARD
        if name != self.current_mode:
            self._last = Spot("view", self.current_mode)
            self.switch_mode(name)

    def to_board(self) -> BoardScreen:
        """Go to the board and close everything above it."""
        if self.current_mode != BOARD:
            self.show_view(BOARD)
        self._to_root()
        return self.board

    @property
    def root(self) -> Page:
        """The first screen of the view on top."""
        return self._roots[self.current_mode]

    def is_root(self, page: Page) -> bool:
        """Whether it is the first screen of a view."""
        return page in self._roots.values()

    @property
    def root_title(self) -> str:
        """What the view on top is called."""
        return _(BY_NAME[self.current_mode].title)

    @property
    def board(self) -> BoardScreen:
        """The board, whatever stands over it."""
        board = self._roots[BOARD]
        assert isinstance(board, BoardScreen)
        return board

    def _open_root(self, view: ConsoleView) -> Page:
        self._roots[view.name] = page = view.open()
        self._recall_choices(page)
        return page

    def go_on(self, kept: Kept) -> None:
        """Go on where the user left this office the last time."""
        self._tables = dict(kept.tables)
        self._recall_choices(self.board)
        if kept.view in BY_NAME and kept.view != BOARD:
            self.show_view(kept.view)

    def left_off(self) -> Kept:
        """What is to be remembered for the next start."""
        for root in self._roots.values():
            self._note_choices(root)
        return Kept(self.current_mode, self._tables)

    def _recall_choices(self, page: Page) -> None:
        if isinstance(page, TablePage):
            page.recall(self._tables)

    def _note_choices(self, page: Page) -> None:
        if isinstance(page, TablePage):
            self._tables |= page.keep()

    def _to_root(self) -> None:
        while len(self.screen_stack) > 1:
            if self.page is not None:
                self._note_choices(self.page)
            self.pop_screen()
