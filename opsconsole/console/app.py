"""The application: it owns the model, takes batches from the feed, and tells the screen on top."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message
from textual.timer import Timer

from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.text import choose_language
from opsconsole.client.locate import Found
from opsconsole.console.announce import Announcer
from opsconsole.console.draw.bars import event_line
from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.feed.feed import Feed
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import CHANGED_FOR_S, Model, News
from opsconsole.console.feed.snapshot import Keeper
from opsconsole.console.screens.board import BoardScreen
from opsconsole.console.screens.page import Page
from opsconsole.console.settings import Settings
from opsconsole.console.terminal.driver import WireDriver
from opsconsole.console.terminal.textual_private import CarefulApp

if TYPE_CHECKING:
    from opsconsole.client.calls import AsyncClient

T = TypeVar("T")


class ConsoleApp(CarefulApp, inherit_bindings=False):
    """One console. ``problem`` is what it ended with, if that is for the user to know."""

    class BatchWaits(Message):
        """The feed has something; sent from its thread."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    App, Screen { background: ansi_default; color: ansi_default; }
    Screen { overflow: hidden hidden; layout: vertical; }
    """

    def __init__(self, found: Found, feed: Feed, clock: Clock, settings: Settings) -> None:
        super().__init__(driver_class=WireDriver, ansi_color=True)
        self.found = found
        self.feed = feed
        self.settings = settings
        self.problem: Problem | None = None
        self.event: Line = ()
        self.event_seen = False
        self.times = Times("UTC")
        self.last_application: str | None = None
        self._clock = clock
        self.model = Model(Link("connecting", self.now()))
        self._keeper = Keeper(found.place)
        self._drawn_at = 0.0
        self._connected = False
        self._waiting: Timer | None = None
        self._announcer = Announcer(self, settings)

    def now(self) -> datetime:
        """The time, UTC."""
        return utc(self._clock.now())

    def view(self) -> View:
        """What pages are drawn for."""
        return View(self.size.width, self.size.height, self.now(), self.times)

    def get_default_screen(self) -> Page:
        """The board is at the bottom of the stack and is never left."""
        return BoardScreen()

    def on_mount(self) -> None:
        """Show what was kept, then listen to the feed."""
        if (kept := self._keeper.recall()) is not None:
            self.model.recall(kept.hello, kept.board, kept.at)
            self._greet()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit)

        def wake() -> None:
            self.post_message(self.BatchWaits())

        self.feed.on_batch(wake)
        self._minute()

    def on_unmount(self) -> None:
        """Keep the board for the next start, and leave the terminal as it was."""
        self._keeper.keep(self.model)
        self._announcer.leave()

    @property
    def page(self) -> Page | None:
        """The screen on top; None when the application is ending."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, Page) else None

    def open_application(self, row_id: str) -> None:
        """Open an application's page, with the rows listed now as its neighbours."""
        from opsconsole.console.screens.detail import DetailScreen

        self.push_screen(DetailScreen(row_id, self.board.listed()))

    def to_board(self) -> None:
        """Close everything above the board."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    @property
    def board(self) -> BoardScreen:
        """The screen at the bottom of the stack."""
        board = self.screen_stack[0]
        assert isinstance(board, BoardScreen)
        return board

    async def ask(self, question: "Callable[[AsyncClient], Awaitable[T]]") -> T:
        """Put a question to the engine. Raises `Problem`."""
        return await asyncio.wrap_future(self.feed.ask(question))

    def say(self, text: str | Line, tone: str = "") -> None:
        """Put something on the event line."""
        self.event = (Span(text, tone),) if isinstance(text, str) else text
        self.event_seen = False
        if self.page is not None:
            self.page.draw_event()

    def on_console_app_batch_waits(self) -> None:
        """Take the batch when a second has gone by since the last one; how we stand is told at once."""
        urgent = self.feed.link != self.model.link
        if self._waiting is not None:
            if not urgent:
                return
            self._waiting.stop()
        delay = 0.0 if urgent else self._drawn_at + self.settings.batch_s - time.monotonic()
        self._waiting = self.set_timer(max(delay, 0.001), self._take)

    def _take(self) -> None:
        self._waiting = None
        self._drawn_at = time.monotonic()
        news = self.model.apply(self.feed.take(), time.monotonic())
        if self.settings.low_bandwidth:
            self.model.marks.clear()
        if news.greeted:
            self._greet()
            self._keeper.keep(self.model)
        if news.link_changed and self._ends_before_it_began():
            return
        self._tell(news)
        if self.page is not None and not self.settings.paused:
            self.page.news(news)
        if news.touched and self.model.marks:
            self.set_timer(CHANGED_FOR_S + 0.1, self._settle)

    def _greet(self) -> None:
        """Speak the office's language and use its zone."""
        hello = self.model.hello
        assert hello is not None
        self.times = Times(hello.zone)
        if self.settings.language is None and not hello.demo:
            choose_language(hello.language)

    def _ends_before_it_began(self) -> bool:
        """End when waiting can not help and we were never connected: the caller prints why."""
        link = self.model.link
        self._connected = self._connected or link.status == "live"
        if self._connected or link.problem is None or isinstance(link.problem, Unreachable):
            return False
        self.problem = link.problem
        self.exit(return_code=link.problem.exit_code)
        return True

    def _tell(self, news: News) -> None:
        """Say what changed, on the event line and aloud."""
        if news.events:
            self.event = event_line(news.events, self.now(), self.view())
            self.event_seen = False
        if news.downs:
            self.settings.paused = False
        self._announcer.announce(news, self.model)

    def _settle(self) -> None:
        if self.model.settle(time.monotonic()):
            self._redraw()

    def _minute(self) -> None:
        self.set_timer(60.05 - self._clock.now() % 60, self._minute)
        self._redraw()

    def _redraw(self) -> None:
        if self.page is not None and not self.settings.paused:
            self.page.draw()
