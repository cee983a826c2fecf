"""The engine as the API sees it. Called from the API's thread.

What is asked is read from values that the loop replaces and never changes in place; only commands cross
over to the loop. So no question from outside delays a look.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from opsconsole.api.hub import Hub, HubSubscription
from opsconsole.api.roles import RoleTable
from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import NotFound, Problem
from opsconsole.base.text import N_
from opsconsole.client.commands import CommandShape
from opsconsole.client.queries import Query, QueryShape
from opsconsole.client.shapes import (
    PROTOCOL,
    Application,
    ApplicationDetail,
    Board,
    Caller,
    CommandBody,
    CommandResult,
    Hello,
    Look,
    Role,
)
from opsconsole.engine import shown
from opsconsole.engine.commands import Commands
from opsconsole.engine.maintenance import listed
from opsconsole.engine.office import Office
from opsconsole.engine.questions import Answerer, Asked
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.engine.windows import Windows
from opsconsole.health.explain import explain
from opsconsole.store import looks
from opsconsole.store.database import Store, too_long

# As many as the page of an application shows without asking for more.
DETAIL_LOOKS = 20
# Of one account: the rest of the readers, and of the threads, are for others.
ASKED_AT_ONCE = 2


class Port:
    """Implements `api.port.EnginePort`. ``checked_at`` is when our self-check last passed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        store: Store,
        hub: Hub,
        *,
        commands: Commands,
        questions: Mapping[str, Answerer],
        windows: Windows,
        checked_at: Callable[[], float | None],
        about: Hello,
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._store = store
        self._hub = hub
        self._commands = commands
        self._questions = questions
        self._windows = windows
        self._checked_at = checked_at
        self._about = about
        # By account and patience: what reads for long has a line of its own.
        self._places: dict[tuple[int, float], asyncio.Semaphore] = {}

    def take(self, office: Office) -> None:
        """Answer for this office from now on."""
        settings = office.inventory.settings
        self._office = office
        self._roles = RoleTable.from_lists(
            settings.access.viewer, settings.access.operator, settings.access.admin
        )
        self._about = replace(
            self._about,
            office=settings.office.name,
            zone=settings.office.zone,
            language=settings.office.language,
            opd_term=settings.office.opd_term,
        )

    def role_of(self, uid: int, gids: Sequence[int]) -> Role:
        """What this account may do."""
        return self._roles.role_of(uid, gids)

    def hello(self, caller: Caller) -> Hello:
        """Who the engine is."""
        return replace(self._about, protocol=PROTOCOL, caller=caller)

    def board(self) -> Board:
        """Every row, each with the last look of its deciding probe."""
        board = self._hub.board()
        rows = self._office.rows
        return replace(board, applications=tuple(_fresh(row, rows) for row in board.applications))

    async def detail(self, row_id: str) -> ApplicationDetail:
        """Everything about one application."""
        office = self._office
        row = self._row(row_id)
        entry, state = row.entry, row.shown
        published = row.published
        if state is None or published is None:
            raise NotFound(N_("There is no application {id}."), id=row_id)
        opd = office.opds.get(entry.opd)
        ahead = self._clock.now() - self._clock.monotonic()
        parents = [id_ for dependency in entry.depends_on for id_ in dependency.any]
        children = [
            other
            for other in office.rows.values()
            if any(row_id in dependency.any for dependency in other.entry.depends_on)
        ]
        return ApplicationDetail(
            row=_fresh(published, office.rows),
            opd_name=opd.entry.name if opd else "",
            audience=entry.audience,
            hosting=entry.hosting,
            handed_over=entry.handed_over,
            service_hours=entry.service_hours,
            runbook=entry.runbook,
            note=entry.note,
            contacts=tuple(office.inventory.contacts(row_id)),
            parents=shown.links(office.rows[id_] for id_ in parents if id_ in office.rows),
            children=shown.links(children),
            probes=tuple(shown.probe(probe, ahead) for probe in row.probes),
            looks=tuple(await self.looks(row_id, "", None, DETAIL_LOOKS, False)),
            why=explain(state, row.views, self._checked_at()),
            maintenance=listed(self._windows, row),
        )

    async def looks(
        self, row_id: str, probe: str, before: datetime | None, limit: int, failures: bool
    ) -> list[Look]:
        """Recorded looks, newest first."""
        probes = [one for one in self._row(row_id).probes if probe in ("", one.name)]
        if probe and not probes:
            raise NotFound(N_("{id} has no probe {probe}."), id=row_id, probe=probe)
        until = None if before is None else before.timestamp()
        return await asyncio.to_thread(self._read_looks, probes, until, limit, failures)

    async def query(self, shape: QueryShape, args: Query[Any], caller: Caller) -> object:
        """What answers a query, from its handler; of one account `ASKED_AT_ONCE`, the rest in their order."""
        asked = Asked(args, caller, self._office, self._store, self._clock)
        places = self._places.setdefault((caller.uid, shape.seconds), asyncio.Semaphore(ASKED_AT_ONCE))
        try:
            async with asyncio.timeout(shape.seconds), places:
                return await self._questions[shape.name](asked)
        except TimeoutError as error:
            raise too_long() from error

    async def execute(
        self, shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        """Carry out a command in the loop. A caller who leaves does not undo it."""
        coroutine = self._commands.execute(shape, args, caller, body)
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:
            coroutine.close()
            raise Problem(
                N_("The engine is ending, so nothing was done."), N_("Try again when it runs.")
            ) from None
        return await asyncio.shield(asyncio.wrap_future(future))

    def subscribe(self, after: int | None, run: int | None, watch: frozenset[str]) -> HubSubscription:
        """Changes as they come."""
        return self._hub.subscribe(after, run, watch)

    def _row(self, row_id: str) -> WatchedRow:
        row = self._office.rows.get(row_id)
        if row is None:
            raise NotFound(N_("There is no application {id}."), id=row_id)
        return row

    def _read_looks(
        self, probes: Sequence[WatchedProbe], before: float | None, limit: int, failures: bool
    ) -> list[Look]:
        found: list[Look] = []
        with self._store.answering() as conn:
            for probe in probes:
                found += looks.recent(
                    conn, probe.id, probe.name, limit=limit, before=before, failures=failures
                )
        return sorted(found, key=lambda look: look.at, reverse=True)[:limit]


def _fresh(row: Application, rows: Mapping[str, WatchedRow]) -> Application:
    """A published row with what every look changes and nobody is told of."""
    watched = rows.get(row.id)
    probe = next((one for one in watched.probes if one.name == row.probe), None) if watched else None
    if probe is None or probe.last is None:
        return row
    last, at = probe.last, probe.state.looked_at
    return replace(
        row,
        status=last.http.status if last.http else 0,
        latency_ms=last.duration_ms,
        last_at=None if at is None else utc(at),
    )
