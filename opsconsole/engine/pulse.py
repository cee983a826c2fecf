"""The engine's own row of the board: published every two seconds, and at once when something turns."""

from collections.abc import Callable
from datetime import datetime

from opsconsole import __version__
from opsconsole.api.hub import Hub
from opsconsole.base.clock import Clock, utc
from opsconsole.client.shapes import Engine, SelfCheck, Why
from opsconsole.engine.accept import Acceptance
from opsconsole.engine.prober import Prober
from opsconsole.engine.record import Recorder
from opsconsole.engine.selfcheck import Fitness
from opsconsole.engine.writer import Writer
from opsconsole.notify.queries import Backlog

PULSE_SECONDS = 2.0


class Pulse:
    """Builds and publishes the row. It does not wait for the disk: it is what says that the disk hangs."""

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        acceptance: Acceptance,
        prober: Prober,
        *,
        recorder: Recorder,
        writer: Writer,
        fitness: Callable[[], Fitness],
        lag: Callable[[], float],
        outbox: Callable[[], Backlog],
        run: int,
        started_at: datetime,
        notices: Callable[[], tuple[Why, ...]],
    ) -> None:
        self._hub = hub
        self._clock = clock
        self._acceptance = acceptance
        self._prober = prober
        self._recorder = recorder
        self._writer = writer
        self._fitness = fitness
        self._lag = lag
        self._outbox = outbox
        self._run = run
        self._started_at = started_at
        self._notices = notices
        self._stopping = False

    def beat(self) -> None:
        """Publish the row as it is now."""
        office, prober, fitness = self._acceptance.office, self._prober, self._fitness()
        since = None if fitness.since is None else utc(fitness.since)
        outbox = self._outbox()
        row = Engine(
            run=self._run,
            version=__version__,
            office=office.inventory.settings.office.name,
            started_at=self._started_at,
            heartbeat_at=utc(self._clock.now()),
            config_rev=office.rev,
            config_errors=self._acceptance.errors,
            self_check=SelfCheck(fitness.status, since, fitness.failed),
            probes=len(office.probes),
            running=prober.running,
            slow_lane=prober.slow_lane,
            lag_ms=self._lag() * 1000,
            looks=prober.looks,
            missed=prober.missed,
            overrun=prober.overrun,
            store=self._recorder.condition,
            notices=self._notices(),
            stopping=self._stopping,
            logged=self._writer.logged,
            outbox_waiting=outbox.waiting,
            outbox_dead=outbox.dead,
        )
        self._hub.publish([("engine", "engine", row)])

    def last_beat(self) -> None:
        """Publish that the engine is ending."""
        self._stopping = True
        self.beat()
