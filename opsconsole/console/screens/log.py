"""The log: what happened and what was done, newest first, growing as it happens."""

import re
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.logbook import MOST_ENTRIES, AskLog, Entry, LogPage
from opsconsole.console.draw.banners import both
from opsconsole.console.draw.event_text import entry_text
from opsconsole.console.draw.lines import Line, line, wrap
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import log
from opsconsole.console.tables.spec import TableRow

# Words of the filter that the engine looks for as well, so that they reach beyond what was read.
_FIELD = re.compile(r"(?<!\S)(kind|app|who):(\S+)")
# So much is held at most; who looks further back narrows it down.
_MOST_HELD = 5_000


class LogScreen(ListingScreen[LogPage], inherit_bindings=False):
    """Pages of the log. The end of the list reads on; what is new is put before it."""

    spec = log.SPEC
    scope = "log"
    inspection_rows: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, Entry] = {}
        self._asked: AskLog | None = None
        self._logged: tuple[int, int] = (0, 0)
        self._reading_older = False
        self._drawn: dict[str, TableRow] = {}
        self._drawn_for: tuple[int, date] | None = None

    # What a view may say of itself

    async def ask(self) -> LogPage:
        """The newest page; where it was read before, what came since in front of it."""
        wanted, known = self._wanted(), self.answer
        self._logged = self._now_logged()
        if known is None or wanted != self._asked:
            self._asked = wanted
            return await self._page(wanted)
        news = await self._page(replace(wanted, after=known.newest, limit=MOST_ENTRIES))
        if news.more:
            return await self._page(wanted)
        held = (*news.entries, *known.entries)[:_MOST_HELD]
        return replace(known, entries=held, total=known.total + len(news.entries), newest=news.newest)

    def concerns(self, news: News) -> bool:
        """Whether something was added."""
        return self._now_logged() != self._logged

    def is_problem(self, row: TableRow) -> bool:
        """Confirmed problems, and our own."""
        return log.is_trouble(self._entries[row.key])

    def at_end(self) -> None:
        """Read on, unless that is under way or there is no more."""
        if self.answer is not None and self.answer.more and not self._reading_older:
            self._reading_older = True
            self.run_worker(self._read_older(), group="older")

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """The whole of an entry, and exactly when and through what."""
        entry = self._entries[row.key]
        who = (entry.person or entry.via or _("engine")) + (f" ({entry.via})" if entry.person else "")
        at = f"{view.times.day(entry.at)} {view.times.exact(entry.at)}"
        text = f"{at}  {who}  {entry.kind}  {entry_text(entry, view)}"
        return [line(" ", part) for part in wrap(text, view.width - 2, self.inspection_rows)]

    def inspected(self, row: TableRow) -> str:
        """What it is about."""
        return self._entries[row.key].subject

    def take(self, answer: LogPage) -> None:
        """Show these entries. What was put into words before is not put into words again."""
        self._entries = {entry.id: entry for entry in answer.entries}
        self.answer = answer
        view = self.console_app.view()
        made_for = view.width, view.now.date()
        known = self._drawn if made_for == self._drawn_for else {}
        rows = [known.get(entry.id) or log.row_of(entry, view) for entry in answer.entries]
        self._drawn, self._drawn_for = {row.key: row for row in rows}, made_for
        self.tabled.load(rows)

    # Reading

    def _now_logged(self) -> tuple[int, int]:
        engine = self.console_app.model.engine
        return (engine.run, engine.logged) if engine is not None else (0, 0)

    def _wanted(self) -> AskLog:
        """The question for the window and the words that hold."""
        asked = log.query(self.tabled.window)
        words: dict[str, list[str]] = {"kind": [], "app": [], "who": []}
        for field, value in _FIELD.findall(self.tabled.filter.text.casefold()):
            words[field].append(value)
        return replace(asked, kinds=tuple(words["kind"]), about=tuple(words["app"]), who=tuple(words["who"]))

    async def _page(self, args: AskLog) -> LogPage:
        return await self.console_app.ask(lambda client: client.query(args))

    async def _read_older(self) -> None:
        known, wanted = self.answer, self._asked
        assert known is not None and wanted is not None
        try:
            older = await self._page(replace(wanted, before=known.oldest))
        except Problem as problem:
            self.console_app.say(both(problem), "warn")
        else:
            if wanted == self._asked and self.answer is not None:
                held = (*self.answer.entries, *older.entries)
                more = older.more and len(held) < _MOST_HELD
                self.take(replace(self.answer, entries=held, more=more, oldest=older.oldest))
        finally:
            self._reading_older = False
        self.draw()

    def set_filter(self, text: str) -> None:
        """List only what the words say, and ask the engine for what it can look for."""
        super().set_filter(text)
        if self._asked is not None and self._wanted() != self._asked:
            self.read_soon()
