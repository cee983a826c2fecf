"""What the engine knows of each probe, row and OPD while it runs.

The loop alone writes here, and replaces values rather than changing them, so that the API's thread may
read at any time.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from opsconsole.client.shapes import Application, Opd
from opsconsole.engine.schedule import Rhythm, Turn, spread
from opsconsole.health.model import OpdState, Policy, ProbeState, ProbeView, ShownState
from opsconsole.inventory.office import ApplicationEntry, ConfiguredProbe, OpdEntry
from opsconsole.store.pauses import StoredPause
from probes.env import Env
from probes.observation import Observation
from probes.registry import KINDS

ProbeKey = tuple[str, str]
LookFunction = Callable[[Any, float, Env], Awaitable[Observation]]


class Work(NamedTuple):
    """Where the look of a probe is, since when (monotonic).

    ``lane`` is ``fast`` or ``slow`` while it runs, ``host`` or ``place`` for what it waits for.
    """

    lane: Literal["fast", "slow", "host", "place"]
    since: float


class Tally(NamedTuple):
    """Turns that had no look and looks that took longer than their interval."""

    missed: int = 0
    overrun: int = 0


class WatchedProbe:
    """A configured probe with its state.

    ``id`` is its number in the store; ``turn`` is when it is due (monotonic), None while it runs or is
    paused; ``work`` where its look is while it runs or waits; ``last`` is what it saw last, of an earlier
    run what is kept of that. ``looks`` and
    ``tally`` count in this run of the engine. ``pause`` is the one in force.
    """

    __slots__ = (
        "configured",
        "host_key",
        "id",
        "last",
        "look",
        "looks",
        "name",
        "pause",
        "policy",
        "rhythm",
        "row_id",
        "state",
        "tally",
        "target",
        "timeout",
        "turn",
        "work",
    )

    def __init__(
        self, number: int, row_id: str, name: str, state: ProbeState, configured: ConfiguredProbe
    ) -> None:
        self.id = number
        self.row_id = row_id
        self.name = name
        self.state = state
        self.turn: Turn | None = None
        self.work: Work | None = None
        self.pause: StoredPause | None = None
        self.looks = 0
        self.tally = Tally()
        self.last: Observation | None = None
        self.configure(configured)

    def configure(self, configured: ConfiguredProbe) -> None:
        """Look as ``configured`` says from now on; state and turn stay."""
        spec = configured.spec
        self.configured = configured
        self.target = configured.target
        self.host_key = configured.target.host_key
        self.look: LookFunction = KINDS[spec.kind].look
        self.timeout = spec.timeout
        self.policy = Policy(
            attempts=spec.attempts,
            recoveries=spec.recoveries,
            every=spec.every,
            timeout=spec.timeout,
            essential=spec.essential,
        )
        self.rhythm = Rhythm(spec.every, spec.retry, spread(f"{self.row_id}/{self.name}"))

    @property
    def view(self) -> ProbeView:
        """The probe as its application is judged by it."""
        return ProbeView(self.name, self.state, self.policy)


@dataclass(slots=True, eq=False)
class WatchedRow:
    """An application or service with its probes, what is shown of it, and what was published last."""

    id: str
    entry: ApplicationEntry
    probes: tuple[WatchedProbe, ...] = ()
    shown: ShownState | None = None
    published: Application | None = None

    @property
    def views(self) -> tuple[ProbeView, ...]:
        """Its probes as it is judged by them."""
        return tuple(probe.view for probe in self.probes)


@dataclass(slots=True, eq=False)
class WatchedOpd:
    """An OPD with its rows, what is shown of it, and what was published last."""

    entry: OpdEntry
    rows: tuple[WatchedRow, ...] = ()
    shown: OpdState | None = None
    published: Opd | None = None
