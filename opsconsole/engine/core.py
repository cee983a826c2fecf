"""The running engine: its parts made, joined and ended. What concerns the process stands in `engine.run`."""

import asyncio
from collections.abc import Callable, Mapping

from opsconsole.api.hub import Hub
from opsconsole.api.server import ApiServer
from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Problem
from opsconsole.base.secrets.store import SecretStore
from opsconsole.client.shapes import Application, Why
from opsconsole.engine.accept import Acceptance
from opsconsole.engine.batch import Command
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.clockwatch import ClockWatch
from opsconsole.engine.commands import Commands
from opsconsole.engine.handlers import handlers
from opsconsole.engine.importing import importing
from opsconsole.engine.incident_clock import IncidentClock
from opsconsole.engine.incidents import Incidents
from opsconsole.engine.integration import TURN_SECONDS, Roads
from opsconsole.engine.judge import Judge
from opsconsole.engine.keeping import LOOK_SECONDS, Keeping
from opsconsole.engine.log import Logger
from opsconsole.engine.maintenance import Planner
from opsconsole.engine.misses import Misses, earlier_today, gap
from opsconsole.engine.notify import PRUNE_SECONDS, Notifications
from opsconsole.engine.office import Changes, Office
from opsconsole.engine.outset import Outset, about, beginnings
from opsconsole.engine.pauses import Pauses
from opsconsole.engine.people import levels_of
from opsconsole.engine.port import Port
from opsconsole.engine.prober import Prober
from opsconsole.engine.pulse import PULSE_SECONDS, Pulse
from opsconsole.engine.questions import questions
from opsconsole.engine.readiness import Readiness
from opsconsole.engine.record import Recorder
from opsconsole.engine.reorganising import Reorganiser
from opsconsole.engine.selfcheck import Endpoints, Fitness, SelfCheckLoop
from opsconsole.engine.watched import WatchedRow
from opsconsole.engine.windows import Windows
from opsconsole.engine.writer import Writer
from opsconsole.incidents import stored
from opsconsole.integration.subscriber import subscriber as road_tables
from opsconsole.inventory.fields import ALWAYS
from opsconsole.inventory.model import Settings
from opsconsole.store.database import Store
from opsconsole.store.drafts import EventDraft, own_event
from opsconsole.store.files import aside

# Rows are looked over for want of looks this often.
SWEEP_SECONDS = 5.0
# Together with the last looks they keep an end within two seconds, consoles attached.
API_STOP_SECONDS = 0.5
LAST_WORDS_SECONDS = 0.1
STORE_CLOSE_SECONDS = 5.0


class Core:
    """One engine over an open store. All of it is called in the loop that it is made in.

    ``stop()`` is called when a command asks for the end, ``alive()`` each second, and
    ``on_clients(number)`` from any thread whenever a change stream opens or closes.
    """

    def __init__(
        self,
        outset: Outset,
        store: Store,
        clock: Clock,
        log: Logger,
        secrets: SecretStore,
        *,
        stop: Callable[[], None],
        alive: Callable[[], None],
        on_clients: Callable[[int], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self._outset = outset
        self._clock = clock
        self._log = log
        self._secrets = secrets
        self._alive = alive
        settings = outset.office.inventory.settings
        self._hub = Hub(outset.run, on_clients=on_clients)
        self._notifications = Notifications(outset, store, clock, log, secrets=secrets, load=stored.load)
        self._incidents = Incidents(outset.office)
        self._readiness = Readiness(
            clock, store, recorder=lambda: self._recorder, office=lambda: self._acceptance.office
        )
        writer = Writer(
            store,
            self._hub,
            clock,
            log,
            run=outset.run,
            subscribers=(
                self._incidents.keeper,
                self._readiness.project,
                road_tables,
                self._notifications.outbox,
            ),
        )
        self._recorder = Recorder(writer, log)
        self._windows = Windows(self._recorder, outset.maintenance, outset.last_sign or 0.0)
        self._board = BoardKeeper(loop, clock, self._recorder, self._windows, self._look_soon)
        self._judge = Judge(clock, self._recorder, self._board, self._hurry, run=outset.run)
        self._clockwatch = ClockWatch(loop, clock, self._stepped)
        self._store = store
        self._incident_clock = IncidentClock(
            clock,
            self._hub,
            store,
            self._recorder,
            self._incidents,
            in_mass=lambda: self._judge.in_mass,
        )
        self._misses = Misses(settings.office.zone, clock.now())
        self._prober = Prober(
            loop,
            clock,
            settings,
            self._judge,
            self._misses,
            lag_since=self._clockwatch.lag_since,
            resolve=secrets.value,
            log=log,
        )
        self._pauses = Pauses(
            clock, self._recorder, self._judge, self._board, self._prober, kept=outset.pauses
        )
        self._selfcheck = SelfCheckLoop(
            clock, _endpoints(settings), lambda: self._judge.troubled, self._checked
        )
        self._acceptance = Acceptance(
            outset.place.config, clock, self._recorder, outset.office, self._put_to_work
        )
        self._keeping = Keeping(
            outset, store, clock, self._recorder, log, office=lambda: self._acceptance.office
        )
        self._roads = Roads(
            store, self._recorder, clock, office=lambda: self._acceptance.office, levels=levels_of
        )
        planner = Planner(self._windows, self._board, self._recorder, lambda: self._acceptance.office)
        commands = Commands(
            {
                **handlers(self._acceptance, self._prober, self._pauses, stop),
                **planner.handlers(),
                **self._incidents.handlers(),
                **self._notifications.handlers(),
                **self._keeping.handlers(),
                **self._readiness.handlers(),
                **self._roads.handlers(),
                **Reorganiser(self._acceptance, store).handlers(),
                **importing(self._acceptance),
            },
            store,
            self._recorder,
            clock.now,
            self._published,
        )
        self._port = Port(
            loop,
            clock,
            store,
            self._hub,
            commands=commands,
            questions=questions(
                secrets,
                self._prober,
                self._hub,
                self._windows,
                config=outset.place.config,
                checked_at=self._judge.checked_at,
                outbox=self._notifications.answer_outbox,
                keeping=self._keeping,
            ),
            windows=self._windows,
            checked_at=self._judge.checked_at,
            about=about(outset),
        )
        set_aside = tuple(
            Why("store_set_aside", {"file": damaged.name}) for damaged in aside(outset.place.database)
        )
        self._pulse = Pulse(
            self._hub,
            clock,
            self._acceptance,
            self._prober,
            recorder=self._recorder,
            writer=writer,
            fitness=lambda: self._selfcheck.fitness,
            lag=self._clockwatch.recent_lag,
            outbox=lambda: self._notifications.backlog,
            run=outset.run,
            started_at=utc(outset.started),
            notices=lambda: (
                *set_aside,
                *self._judge.notices(),
                *self._missing_years(),
                *_stumbled(writer.stumbled),
                *self._notifications.notices(),
                *self._keeping.notices(),
            ),
        )
        self._server = ApiServer(
            self._port, outset.place.socket, owns_lock=True, close_streams=self._hub.close_all
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up the work. The socket answers, with every row there, when this returns."""
        office = self._outset.office
        self._port.take(office)
        self._judge.take(office)
        self._judge.checked(self._selfcheck.fitness)
        self._pauses.take(office)
        # What was shown when the last run ended may be old by now: it is not shown as if it were seen.
        self._judge.sweep()
        self._board.take(office, Changes())
        self._recorder.start()
        self._pulse.beat()
        missed = None
        if self._outset.last_sign is not None:
            missed = gap(office.probes.values(), self._outset.last_sign, self._clock.now())
            self._misses.all("stopped", missed)
        begun = (*beginnings(self._outset, missed), *self._readiness.beginnings(self._outset))
        command = Command(None, begun)
        self._recorder.command(command)
        await asyncio.wrap_future(command.done)
        await self._incident_clock.start()
        await asyncio.to_thread(self._server.start)
        # At once after the socket: what is shown then has its next look.
        self._prober.start(office)
        self._selfcheck.start()
        self._notifications.start(self._recorder)
        await self._keeping.start()
        self._tasks = [
            asyncio.create_task(self._each(1.0, self._second)),
            asyncio.create_task(self._each(PULSE_SECONDS, self._pulse.beat)),
            asyncio.create_task(self._each(SWEEP_SECONDS, self._swept)),
            asyncio.create_task(self._each(LOOK_SECONDS, self._keeping.look)),
            asyncio.create_task(self._each(PRUNE_SECONDS, self._notifications.prune)),
            asyncio.create_task(self._recall_misses()),
            asyncio.create_task(self._keep_roads()),
        ]

    async def reload(self) -> None:
        """Read the files and the secrets again, asked by a signal. A refused set is shown on the board."""
        self._secrets.clear()
        try:
            await self._acceptance.reload(self._own_author)
        except Problem as problem:
            self._log.error("config.refused", lines=len(self._acceptance.errors), what=str(problem))
        self._pulse.beat()

    async def stop(self, why: str) -> None:
        """End: looks first, then consoles, then the store. Nothing that was acknowledged is lost."""
        self._pulse.last_beat()
        for task in self._tasks:
            task.cancel()
        # The consoles have this moment to hear of the end before their streams are closed.
        last_words = asyncio.sleep(LAST_WORDS_SECONDS)
        messages = asyncio.to_thread(self._notifications.stop)
        await asyncio.gather(
            last_words, self._prober.stop(), self._selfcheck.stop(), messages, self._keeping.stop()
        )
        await asyncio.to_thread(self._server.stop, API_STOP_SECONDS)
        self._clockwatch.stop()
        self._board.stop()
        now = self._clock.now()
        self._recorder.event(own_event("engine.stopped", "engine", now, {"why": why}))
        if not await asyncio.to_thread(self._recorder.close, STORE_CLOSE_SECONDS):
            self._log.error("store.close", seconds=STORE_CLOSE_SECONDS)
        await asyncio.to_thread(self._keeping.last_anchor)

    def _put_to_work(self, office: Office, changes: Changes) -> None:
        endpoints = _endpoints(office.inventory.settings)
        self._secrets.clear()
        self._port.take(office)
        self._incidents.take(office)
        self._judge.take(office)
        self._pauses.take(office)
        self._misses.take(office.inventory.settings.office.zone)
        self._notifications.take(office.inventory)
        self._keeping.take(office)
        self._board.take(office, changes)
        self._prober.take(office, changes)
        if endpoints != self._selfcheck.endpoints:
            self._selfcheck.configure(endpoints)
            self._judge.checked(self._selfcheck.fitness)
        self._pulse.beat()
        self._log.info("config.accepted", rev=office.rev, planned=len(changes.planned))

    def _checked(self, before: Fitness, fitness: Fitness) -> None:
        self._judge.checked(fitness)
        if fitness.status == before.status:
            return
        if fitness.status == "offline" or before.status == "offline":
            kind = "engine.offline" if fitness.status == "offline" else "engine.online"
            body = {"failed": list(fitness.failed)}
            self._recorder.event(own_event(kind, "engine", self._clock.now(), body))
            self._log.warning(kind, failed=fitness.failed)
        self._pulse.beat()

    def _hurry(self) -> None:
        self._selfcheck.hurry()

    def _look_soon(self, row: WatchedRow) -> None:
        self._prober.look_soon(row.probes)

    def _stepped(self, seconds: float) -> None:
        self._log.warning("clock.stepped", seconds=seconds)
        self._judge.stepped(seconds)
        self._notifications.stepped(seconds)
        body = {"seconds": f"{seconds:+.3f}", **self._prober.stepped(seconds).body()}
        self._recorder.event(own_event("clock.stepped", "engine", self._clock.now(), body))
        self._board.edge()

    def _second(self) -> None:
        self._alive()
        self._notifications.alive()
        self._prober.second()
        self._pauses.expire()
        self._incident_clock.second()

    def _swept(self) -> None:
        self._clockwatch.compare()
        self._judge.sweep()
        self._incident_clock.sweep()
        self._readiness.turn()

    async def _recall_misses(self) -> None:
        """Find again what earlier runs of the day missed; that reads the day's looks."""
        probes = {probe.id: probe for probe in self._outset.office.probes.values()}
        zone = self._outset.office.inventory.settings.office.zone

        def read() -> Misses:
            with self._store.reader() as conn:
                return earlier_today(conn, probes, zone, self._outset.started)

        try:
            self._misses.recall(await asyncio.to_thread(read))
        except Exception:
            self._log.exception("misses.recall")

    async def _keep_roads(self) -> None:
        """Take up the problems of the files, and from then on look at the road once a day."""
        while True:
            try:
                await self._roads.turn()
            except Exception:
                self._log.exception("roads.turn")
            await asyncio.sleep(TURN_SECONDS)

    def _missing_years(self) -> tuple[Why, ...]:
        """What calendar.toml lacks of this year, where service hours go by it."""
        office = self._acceptance.office
        if all(row.entry.service_hours == ALWAYS for row in office.rows.values()):
            return ()
        calendar = office.inventory.calendar
        today = utc(self._clock.now()).astimezone(calendar.zone).date()
        lacking = [one for one in calendar.missing(today) if one.year == today.year]
        return tuple(Why(one.code, {"year": one.year}) for one in lacking)

    def _published(self, row_id: str) -> Application | None:
        row = self._acceptance.office.rows.get(row_id)
        return None if row is None else row.published

    async def _each(self, seconds: float, act: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                act()
            except Exception:
                self._log.exception("engine.timer", act=act.__name__)

    def _own_author(self, kind: str, subject: str, body: Mapping[str, object]) -> EventDraft:
        return own_event(kind, subject, self._clock.now(), body)


def _stumbled(times: int) -> tuple[Why, ...]:
    """That something which follows from events was not done; the engine's log says what."""
    return (Why("reactions_failed", {"times": times}),) if times else ()


def _endpoints(settings: Settings) -> Endpoints:
    asked = settings.self_check
    return Endpoints(asked.gateway, asked.dns, tuple(asked.canaries))
