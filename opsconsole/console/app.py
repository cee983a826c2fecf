"""The application: it owns the model, takes batches from the feed, and tells the screen on top."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace
from textual.message import Message
from textual.timer import Timer

from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Problem, Unreachable
from opsconsole.base.text import _, choose_language, detect_language, ngettext
from opsconsole.client.locate import Found
from opsconsole.console import environment, keymap
from opsconsole.console.announce import Announcer
from opsconsole.console.catching_up import CatchingUp
from opsconsole.console.draw.bars import event_line
from opsconsole.console.draw.incident_lines import turn_line
from opsconsole.console.draw.lines import Line, Span
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.console.feed.feed import Feed
from opsconsole.console.feed.inbox import Link
from opsconsole.console.feed.model import CHANGED_FOR_S, Model, News
from opsconsole.console.feed.snapshot import Keeper
from opsconsole.console.hints import Hints, Tip
from opsconsole.console.looking import LastLook
from opsconsole.console.memory import Memory
from opsconsole.console.personal import Personal
from opsconsole.console.roaming import RoamingApp
from opsconsole.console.settings import Settings
from opsconsole.console.terminal.driver import WireDriver
from opsconsole.console.theming import Wardrobe

if TYPE_CHECKING:
    from opsconsole.client.calls import AsyncClient

T = TypeVar("T")
# So long an answer stands before news of the board take its place.
SAID_FOR_S = 4.0


class ConsoleApp(RoamingApp, inherit_bindings=False):
    """One console. ``problem`` is what it ended with, if that is for the user to know."""

    class BatchWaits(Message):
        """The feed has something; sent from its thread."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    App, Screen { background: ansi_default; color: ansi_default; }
    Screen { overflow: hidden hidden; layout: vertical; }
    """

    def __init__(
        self,
        found: Found,
        feed: Feed,
        clock: Clock,
        settings: Settings,
        *,
        personal: Personal | None = None,
        hints: Hints | None = None,
    ) -> None:
        super().__init__(driver_class=WireDriver, ansi_color=True)
        self.personal = personal or Personal()
        self.hints = hints or Hints()
        self.wardrobe = Wardrobe(self.personal)
        self.notes: tuple[str, ...] = self.personal.mistakes
        keymap.choose_keys(self.personal.keys)
        self.found = found
        self.feed = feed
        self.settings = settings
        self.problem: Problem | None = None
        self.event: Line = ()
        self._last_news: Line = ()
        self.event_seen = False
        self.times = Times("UTC")
        self._clock = clock
        self.model = Model(Link("connecting", self.now()))
        self._keeper = Keeper(found.place)
        self._memory = Memory(found.place)
        self._drawn_at = 0.0
        self._said_at = -SAID_FOR_S
        self._connected = False
        self._waiting: Timer | None = None
        self._announcer = Announcer(self, settings)
        self._catching_up = CatchingUp(self)
        self._met = False

    def now(self) -> datetime:
        """The time, UTC."""
        return utc(self._clock.now())

    def ticks(self) -> float:
        """Seconds that never jump, for how long ago something was shown."""
        return self._clock.monotonic()

    def view(self) -> View:
        """What pages are drawn for."""
        return View(self.size.width, self.size.height, self.now(), self.times, self.model.person)

    def on_mount(self) -> None:
        """Show what was kept, then listen to the feed."""
        self.wardrobe.dress(self)
        if count := len(self.personal.mistakes):
            told = ngettext("console.toml: {n} mistake", "console.toml: {n} mistakes", count).format(n=count)
            self.say(f"{told}; " + _("opsconsole doctor says more"), "warn")
        if environment.is_far(os.environ):
            self.show_tip("far")
        if (kept := self._keeper.recall()) is not None:
            self.model.recall(kept.hello, kept.board, kept.at)
            self._greet()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit)

        def wake() -> None:
            self.post_message(self.BatchWaits())

        self.feed.on_batch(wake)
        kept_choices = self._memory.recall()
        self._catching_up.look = LastLook(kept_choices.looked_at)
        self._minute()
        self.go_on(kept_choices)

    def on_unmount(self) -> None:
        """Keep the board for the next start, and leave the terminal as it was."""
        self._keeper.keep(self.model)
        self._memory.keep(replace(self.left_off(), looked_at=self._catching_up.look.kept))
        self._announcer.leave()

    async def ask(self, question: "Callable[[AsyncClient], Awaitable[T]]") -> T:
        """Put a question to the engine. Raises `Problem`."""
        return await asyncio.wrap_future(self.feed.ask(question))

    def say(self, text: str | Line, tone: str = "") -> None:
        """Put something on the event line."""
        self.event = (Span(text, tone),) if isinstance(text, str) else text
        self.event_seen = False
        self._said_at = time.monotonic()
        if self.page is not None:
            self.page.draw_event()

    def unsay(self) -> None:
        """Take what was said last off the event line: the last change of a state stands there again."""
        self.event = self._last_news

    @property
    def looked_before(self) -> datetime:
        """Until when whoever looks had looked before they were away."""
        return self._catching_up.look.since(self.now())

    def looks(self) -> None:
        """Somebody looks: they pressed a key."""
        self._catching_up.press()

    def show_tip(self, name: Tip) -> None:
        """Show a tip above the event line until the next key, at most a few times ever."""
        if (tip := self.hints.tip(name)) and not self.notes:
            self.notes = (tip,)

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
        if self.model.link.status == "live" and not self._met:
            self._met = True
            self._catching_up.begin()
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
            choose_language(hello.language or detect_language())

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
        opened = [turn for turn in news.turns if turn.opens]
        told = turn_line(news.turns, self.now(), self.view())
        if news.events and not told:
            told = event_line(news.events, self.now(), self.view())
        if told:
            self._last_news = told
            # What a command did is often followed by the change it made: it is read first.
            if opened or news.downs or time.monotonic() - self._said_at > SAID_FOR_S:
                self.event = self._last_news
                self.event_seen = False
        if opened or news.downs:
            self.settings.paused = False
            self.show_tip("down")
        self._announcer.announce(news, self.model)

    def _settle(self) -> None:
        if self.model.settle(time.monotonic()):
            self.redraw()

    def _minute(self) -> None:
        self.set_timer(60.05 - self._clock.now() % 60, self._minute)
        self._catching_up.minute()
        self.redraw()

    def redraw(self) -> None:
        """Bring the screen on top up to date, unless it stands still."""
        if self.page is not None and not self.settings.paused:
            self.page.draw()
