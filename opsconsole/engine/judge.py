"""From a finished look to the state of its probe, written down and handed on."""

import math
from collections.abc import Callable

from opsconsole.base.clock import Clock
from opsconsole.engine.batch import TakenLook
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.office import Office
from opsconsole.engine.quiet import only_newer
from opsconsole.engine.record import Recorder
from opsconsole.engine.runner import Ran
from opsconsole.engine.selfcheck import Fitness
from opsconsole.engine.watched import WatchedProbe
from opsconsole.health import rules
from opsconsole.health.model import Health, LookFacts, ProbeState, Transition
from opsconsole.health.states import Changed
from opsconsole.store.looks import LookRecord

# A look during which our loop was this late was taken badly by us; it confirms no trouble.
SUSPECT_SECONDS = 1.0


class Judge:
    """Keeps the states of the probes. Everything is called in the loop, `take` first.

    ``hurry()`` asks for a self-check: a failure waits for it.
    """

    def __init__(
        self, clock: Clock, recorder: Recorder, board: BoardKeeper, hurry: Callable[[], None], *, run: int
    ) -> None:
        self._clock = clock
        self._recorder = recorder
        self._board = board
        self._hurry = hurry
        self._run = run
        self._rev = 0
        self._probes: list[WatchedProbe] = []
        self._unconfirmed: set[WatchedProbe] = set()
        self._checked_at: float | None = None
        self._offline = False

    @property
    def troubled(self) -> bool:
        """Whether a probe is down and that is not confirmed."""
        return bool(self._unconfirmed)

    def checked_at(self) -> float | None:
        """When our self-check last passed, as `rules.step` takes it."""
        return self._checked_at

    def take(self, office: Office) -> None:
        """Judge the probes of this office from now on."""
        self._rev = office.rev
        self._probes = list(office.probes.values())
        self._unconfirmed = {probe for probe in self._probes if _waits(probe.state)}

    def checked(self, fitness: Fitness) -> None:
        """A self-check ended, or is no longer set: what waited for it may be confirmed."""
        self._offline = fitness.status == "offline"
        self._checked_at = math.inf if fitness.status == "unset" else fitness.passed_at
        if self._checked_at is not None:
            now = self._clock.now()
            for probe in tuple(self._unconfirmed):
                self._become(probe, *rules.confirm(probe.state, self._checked_at, now))

    def look(self, ran: Ran, lag: float) -> None:
        """Judge one look and write it down. ``lag`` is how late our loop was meanwhile, seconds."""
        probe, seen, now = ran.probe, ran.observation, self._clock.now()
        suspect = lag > SUSPECT_SECONDS
        facts = LookFacts(
            started=ran.at,
            ended=ran.at + ran.ended - ran.started,
            verdict=seen.verdict,
            reason=seen.reason,
            params=seen.params,
            suspect=suspect,
            offline=self._offline,
            address=seen.address,
            fingerprint=seen.tls.fingerprint if seen.tls else "",
        )
        probe.last = seen
        record = LookRecord(
            probe_id=probe.id,
            observation=seen,
            due=ran.at - ran.started + ran.turn.due,
            queued=ran.started - ran.asked,
            lag=lag,
            trigger=ran.turn.trigger,
            suspect=suspect,
            offline=self._offline,
            rev=self._rev,
            run=self._run,
        )
        before = probe.state
        after, transition = rules.step(before, facts, probe.policy, self._checked_at, now)
        probe.state = after
        taken = TakenLook(record, probe.row_id, probe.name)
        self._recorder.look(taken, None if only_newer(before, after) else after)
        if after.version != before.version:
            self._handed_on(probe, transition)

    def sweep(self) -> None:
        """Find the probes that have not been looked at for too long. Called every few seconds."""
        now = self._clock.now()
        for probe in self._probes:
            self._become(probe, *rules.stale(probe.state, now, probe.policy))

    def _become(self, probe: WatchedProbe, after: ProbeState, transition: Transition | None) -> None:
        if after is not probe.state:
            probe.state = after
            self._recorder.probe(probe.id, after)
            self._handed_on(probe, transition)

    def _handed_on(self, probe: WatchedProbe, transition: Transition | None) -> None:
        if _waits(probe.state):
            self._unconfirmed.add(probe)
            self._hurry()
        else:
            self._unconfirmed.discard(probe)
        if transition is not None:
            self._recorder.change(self._rev, Changed(entity="probe", id=str(probe.id), transition=transition))
        self._board.changed(probe.row_id)


def _waits(state: ProbeState) -> bool:
    return state.health is Health.DOWN and not state.hard
