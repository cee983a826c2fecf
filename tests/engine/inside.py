"""Parts of an engine inside the test's own process, on a clock that the test moves."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from opsconsole.api.hub import Hub
from opsconsole.base.paths import home_place
from opsconsole.client.shapes import Engine
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.judge import Judge
from opsconsole.engine.log import EngineLog
from opsconsole.engine.office import Changes
from opsconsole.engine.outset import begin
from opsconsole.engine.record import Recorder
from opsconsole.engine.runner import Ran
from opsconsole.engine.schedule import Turn
from opsconsole.engine.selfcheck import Fitness
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.engine.windows import Windows
from opsconsole.engine.writer import Writer
from opsconsole.inventory.load import load
from opsconsole.store.database import Store, open_store
from opsconsole.store.drafts import Subscriber
from probes.observation import Observation, utc

NOON = 1_795_520_000.0
ENGINE = Engine(run=1, version="0", office="Uji", started_at=utc(NOON), heartbeat_at=utc(NOON), config_rev=1)


class HandClock:
    """Wall and monotonic time that pass when the test says so."""

    def __init__(self) -> None:
        self.wall, self.mono = NOON, 1000.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def advance(self, seconds: float) -> None:
        self.wall += seconds
        self.mono += seconds


class Inside:
    """Recorder, judge and board over a real store. Use it inside a running loop.

    ``soon`` are the rows that were to be looked at soon. A second one over the same home, with the clock
    of the first, is the engine after a restart.
    """

    def __init__(
        self,
        home: Path,
        *files: str,
        subscribers: Sequence[Subscriber] = (),
        clock: HandClock | None = None,
        settings: str = "",
    ) -> None:
        place = home_place(home)
        (place.config / "opd").mkdir(parents=True, exist_ok=True)
        place.settings.write_text(f'[office]\nname = "Uji"\n{settings}')
        (place.config / "opd" / "uji.toml").write_text(
            "\n".join(('code = "UJI"\nname = "Dinas Uji"\nshort = "Uji"\n', *files))
        )
        self.clock = clock or HandClock()
        self.log = EngineLog(place.engine_log)
        self.store: Store = open_store(place.database)
        self.outset = begin(place, self.store, load(place.config), self.clock.now(), demo=False)
        self.hub = Hub(self.outset.run)
        self.writer = Writer(
            self.store, self.hub, self.clock, self.log.logger, run=self.outset.run, subscribers=subscribers
        )
        self.recorder = Recorder(self.writer, self.log.logger)
        loop = asyncio.get_running_loop()
        self.hurried = 0
        self.soon: list[str] = []
        self.windows = Windows(self.recorder, self.outset.maintenance, self.outset.last_sign or 0.0)
        self.board = BoardKeeper(
            loop, self.clock, self.recorder, self.windows, lambda row: self.soon.append(row.id)
        )
        self.judge = Judge(self.clock, self.recorder, self.board, self._hurry, run=self.outset.run)
        self.judge.take(self.outset.office)
        self.board.take(self.outset.office, Changes())
        self.recorder.start()

    def _hurry(self) -> None:
        self.hurried += 1

    def row(self, row_id: str) -> WatchedRow:
        return self.outset.office.rows[row_id]

    def probe(self, row_id: str) -> WatchedProbe:
        return self.row(row_id).probes[0]

    def fit(self, status: str, passed_at: float | None = None) -> None:
        """Tell of a self-check."""
        self.judge.checked(Fitness(status, passed_at=passed_at))  # type: ignore[arg-type]

    def look(self, row_id: str, seen: Observation, *, lag: float = 0.0, took: float = 0.1) -> None:
        """One look that starts now and ends ``took`` seconds later."""
        self.look_at(self.probe(row_id), seen, lag=lag, took=took)

    def look_at(self, probe: WatchedProbe, seen: Observation, *, lag: float = 0.0, took: float = 0.1) -> None:
        """The same of one of several probes."""
        at, started = self.clock.wall, self.clock.mono
        self.clock.advance(took)
        turn, seen = Turn(started, True), replace(seen, started_at=utc(at))
        self.judge.look(Ran(probe, seen, turn, started, started, self.clock.mono, at), lag)
        self.board.settle()

    async def written(self) -> None:
        """Wait until what was recorded is stored and published."""
        await asyncio.wrap_future(self.recorder.flush())

    def shown(self, row_id: str) -> str:
        """The state that was published."""
        self.hub.publish([("engine", "engine", ENGINE)])
        return next(row.state for row in self.hub.board().applications if row.id == row_id)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with self.store.reader() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def close(self) -> None:
        assert self.recorder.close(10)
        self.store.close()
        self.log.close()
