"""One driver for all stories: an office, keys that are pressed, and what stands on the screen."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.keys import _character_to_key

from opsconsole.base.paths import Place
from opsconsole.base.text import choose_language
from opsconsole.client.locate import Found, Why
from opsconsole.console.app import ConsoleApp
from opsconsole.console.feed.feed import Feed
from opsconsole.console.hints import Hints
from opsconsole.console.personal import Personal
from opsconsole.console.settings import Settings
from tests.fakes.scripted_engine import NIGHT

SCREENS = Path(__file__).parent / "screens"
_BOUND_S = 20.0


class FixedClock:
    """A wall clock that moves when told."""

    def __init__(self, seconds: float = NIGHT.timestamp()) -> None:
        self.seconds = seconds

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.seconds

    def monotonic(self) -> float:
        """The same clock."""
        return self.seconds


class Story:
    """A console at work. Every wait is bounded and fails with the screen it saw."""

    def __init__(self, app: ConsoleApp, clock: FixedClock) -> None:
        self.app = app
        self.clock = clock
        self.written: list[str] = []
        app.write_control = self.written.append  # type: ignore[method-assign]

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names or as single characters."""
        for key in keys:
            name = "space" if key == " " else _character_to_key(key) if len(key) == 1 else key
            character = key if len(key) == 1 else None
            self.app.post_message(events.Key(name, character))
            await self.rest()

    async def type(self, text: str) -> None:
        """Type a line, letter by letter."""
        await self.press(*text)

    async def rest(self) -> None:
        """Let the application do what it has to."""
        for _ in range(12):
            await asyncio.sleep(0)
        await asyncio.sleep(0.005)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for ``condition``."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _BOUND_S
        while not condition():
            assert loop.time() < end, f"not seen within {_BOUND_S} s; the screen is\n{self.text()}"
            await asyncio.sleep(0.01)

    async def sees(self, *texts: str) -> None:
        """Wait until every text stands on the screen."""
        await self.until(lambda: all(text in self.text() for text in texts))

    async def misses(self, text: str) -> None:
        """Wait until the text no longer stands on the screen."""
        await self.until(lambda: text not in self.text())

    def draw(self) -> None:
        """Draw again, as the minute does."""
        assert self.app.page is not None
        self.app.page.draw()

    def text(self) -> str:
        """The screen, line by line, without trailing blanks."""
        compositor = self.app.screen._compositor
        return "\n".join(strip.text.rstrip() for strip in compositor.render_strips())

    def line(self, containing: str) -> str:
        """The first line that holds ``containing``."""
        return next((line for line in self.text().splitlines() if containing in line), "")

    async def is_screen(self, name: str) -> None:
        """The screen comes to equal the kept one; UPDATE_SCREENS=1 writes it instead."""
        path = SCREENS / f"{name}.txt"
        if os.environ.get("UPDATE_SCREENS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.text() + "\n", "utf-8")
        wanted = path.read_text("utf-8")
        with contextlib.suppress(AssertionError):  # what differs is shown below
            await self.until(lambda: self.text() + "\n" == wanted)
        assert self.text() + "\n" == wanted


@asynccontextmanager
async def story(
    place: Place,
    *,
    size: tuple[int, int] = (80, 24),
    lang: str | None = "en",
    why: Why = "own",
    low_bandwidth: bool = False,
    personal: Personal | None = None,
    hints: Hints | None = None,
) -> AsyncIterator[Story]:
    """A console on the office at ``place``; changes are drawn as they come."""
    choose_language(lang or "en")
    clock = FixedClock()
    feed = Feed(place, clock)
    feed.start()
    settings = Settings(language=lang, usual_batch_s=0.0, low_bandwidth=low_bandwidth)
    app = ConsoleApp(
        Found(place, may_start=False, why=why), feed, clock, settings, personal=personal, hints=hints
    )
    try:
        async with app.run_test(size=size):
            yield Story(app, clock)
    finally:
        feed.close()
        choose_language("en")
