"""``log``: what happened and what was done, the newest last, and as it goes on with ``-f``."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from opsconsole.base.errors import Invalid
from opsconsole.base.text import N_
from opsconsole.cli import exits
from opsconsole.cli.paper import paper_view
from opsconsole.cli.session import Session
from opsconsole.client.calls import AsyncClient, Client
from opsconsole.client.logbook import MOST_ENTRIES, AskLog, Entry, LogPage
from opsconsole.client.moments import parse_moment
from opsconsole.client.shapes import Engine, row_of
from opsconsole.console.draw.times import Times
from opsconsole.console.tables.files import to_text
from opsconsole.console.tables.log import SPEC, rows_of
from opsconsole.console.tables.table import TableView

# A day, where nobody says how far back.
_USUAL_SINCE = "24h"
_MOST_READ = 100_000


def run(args: Namespace, session: Session) -> int:
    """Print the log. Raises Invalid for a time or words that mean nothing."""
    with session.client() as client:
        hello = session.greet(client)
        times = Times(hello.zone)
        since = parse_moment(args.since or _USUAL_SINCE, times.tzinfo, datetime.now(UTC))
        paper = _Paper(args.filter, times, as_json=args.json)
        asked = AskLog(since=since, limit=MOST_ENTRIES)
        entries, newest = _read(client, asked)
    paper.write(entries, titles=True)
    if args.follow:
        asyncio.run(_follow(session, paper, replace(asked, after=newest)))
    return exits.OK


def _read(client: Client, asked: AskLog) -> tuple[list[Entry], str]:
    """Every entry that is asked for, the newest first, and the mark to go on from."""
    page = client.query(asked)
    entries, newest = list(page.entries), page.newest
    while page.more and len(entries) < _MOST_READ:
        page = client.query(replace(asked, before=page.oldest))
        entries += page.entries
    return entries, newest


async def _follow(session: Session, paper: "_Paper", asked: AskLog) -> None:
    """Write what is added whenever the engine says that there is more, until it ends or somebody stops us."""
    logged: tuple[int, int] | None = None
    async with AsyncClient(session.found().place, via="command") as client:
        changes = client.changes()
        async with aclosing(changes):  # type: ignore[type-var]
            async for change in changes:
                engine = row_of(change) if change.entity == "engine" else None
                if not isinstance(engine, Engine) or (engine.run, engine.logged) == logged:
                    continue
                logged = engine.run, engine.logged
                page: LogPage = await client.query(asked)
                asked = replace(asked, after=page.newest)
                paper.write(page.entries)


class _Paper:
    """Where entries are written: as lines of the console's table, or as JSON, one object a line."""

    def __init__(self, words: str, times: Times, *, as_json: bool) -> None:
        self._times = times
        self._as_json = as_json
        self._table = TableView(SPEC)
        self._table.set_filter(words)
        if self._table.filter.faults:
            raise Invalid(
                N_("The filter is not understood."),
                N_("`?` in the console lists its words."),
                self._table.filter.faults,
            )

    def write(self, entries: Sequence[Entry], *, titles: bool = False) -> None:
        """Write those that the words let through, the oldest first."""
        now = datetime.now(UTC)
        view = paper_view(self._times, now)
        self._table.load(rows_of(entries, view))
        listed = {row.key for row in self._table.listed(now)}
        wanted = [one for one in reversed(entries) if one.id in listed]
        if self._as_json:
            self._write_json(wanted)
            return
        text = to_text(self._table.columns(view.width), rows_of(wanted, view), view.width)
        sys.stdout.write(text if titles else text.partition("\n")[2])
        sys.stdout.flush()

    def _write_json(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            sys.stdout.write(msgspec.json.encode(entry).decode() + "\n")
        sys.stdout.flush()
