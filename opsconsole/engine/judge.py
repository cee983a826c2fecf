"""From a finished look to the state of its probe, written down and handed on."""

import math
from collections.abc import Callable, Mapping

from opsconsole.base.clock import Clock, utc
from opsconsole.client.shapes import Why
from opsconsole.engine import tellings
from opsconsole.engine.batch import TakenLook
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.office import Office
from opsconsole.engine.quiet import only_newer
from opsconsole.engine.record import Recorder
from opsconsole.engine.runner import Ran
from opsconsole.engine.selfcheck import Fitness
from opsconsole.engine.watched import WatchedProbe
from opsconsole.health import rules
from opsconsole.health.mass import HostLook, MassFailure, MassWatch
from opsconsole.health.model import Health, LookFacts, ProbeState, Transition
from opsconsole.health.states import Changed
from opsconsole.store.looks import LookRecord
from probes.observation import Param, Verdict

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
        self._woke_at = 0.0
        self._mass = MassWatch()

    @property
    def troubled(self) -> bool:
        """Whether a probe is down and that is not confirmed."""
        return bool(self._unconfirmed)

    @property
    def in_mass(self) -> bool:
        """Whether most hosts fail."""
        return self._mass.failure is not None

    def checked_at(self) -> float | None:
        """When our self-check last passed, as `rules.step` takes it."""
        return self._checked_at

    def notices(self) -> tuple[Why, ...]:
        """What whoever looks at the board is to know of us."""
        failure = self._mass.failure
        if failure is None:
            return ()
        since = f"{utc(failure.since):%Y-%m-%dT%H:%M:%SZ}"
        return (Why("mass_failure", {"failed": failure.failed, "hosts": failure.hosts, "since": since}),)

    def take(self, office: Office) -> None:
        """Judge the probes of this office from now on."""
        begins = not self._probes
        self._rev = office.rev
        self._probes = list(office.probes.values())
        self._mass.keep({_host(probe) for probe in self._probes})
        if begins:
            caught = [probe for probe in self._probes if _caught(probe.state)]
            since = {_host(probe): probe.state.failing_since for probe in caught}
            self._mass.resume(since, self._clock.now())
        self._unconfirmed = {probe for probe in self._probes if _waits(probe.state)}

    def checked(self, fitness: Fitness) -> None:
        """A self-check ended, or is no longer set: what waited for it may be confirmed."""
        self._offline = fitness.status == "offline"
        self._checked_at = math.inf if fitness.status == "unset" else fitness.passed_at
        if self._checked_at is None:
            return
        now, failure = self._clock.now(), self._mass.failure
        self._mass.passed(self._checked_at, now)
        self._tell_of_mass(failure, now)
        if self._mass.failure is None:
            for probe in tuple(self._unconfirmed):
                self._become(probe, *rules.confirm(probe.state, self._checked_at, now))

    def look(self, ran: Ran, lag: float) -> None:
        """Judge one look and write it down. ``lag`` is how late our loop was meanwhile, seconds."""
        probe, seen, now = ran.probe, ran.observation, self._clock.now()
        mass = self._in_mass(ran, now)
        suspect = lag > SUSPECT_SECONDS
        facts = LookFacts(
            started=ran.at,
            ended=ran.at + ran.ended - ran.started,
            verdict=seen.verdict,
            reason=seen.reason,
            params=seen.params,
            suspect=suspect,
            offline=self._offline,
            mass=mass,
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
            suspect=suspect or mass,
            offline=self._offline,
            rev=self._rev,
            run=self._run,
        )
        before = probe.state
        after, transition = rules.step(before, facts, probe.policy, self._checked_at, now)
        probe.state = after
        taken = TakenLook(record, probe.row_id, probe.name)
        with self._recorder.together():
            self._recorder.look(taken, None if only_newer(before, after) else after)
            if after.version != before.version:
                self._handed_on(probe, transition)
            else:
                self._board.looked(probe.row_id)

    def sweep(self) -> None:
        """Find the probes that have not been looked at for too long. Called every few seconds."""
        now = self._clock.now()
        for probe in self._probes:
            patience = rules.STALE_INTERVALS * max(probe.policy.every, probe.policy.timeout)
            # Time that went by in no time, or in our sleep, is not held against anybody.
            if now > self._woke_at + patience:
                self._become(probe, *rules.stale(probe.state, now, probe.policy))

    def stepped(self, seconds: float) -> None:
        """The wall clock jumped by so much, or the machine slept."""
        now = self._clock.now()
        self._woke_at = now if seconds > 0 else min(self._woke_at, now)

    def pause(self, probe: WatchedProbe, params: Mapping[str, Param]) -> None:
        """It is not looked at from now on, as ``params`` say, so nothing is known of it."""
        self._become(probe, *rules.pause(probe.state, params, self._clock.now()))

    def resume(self, probe: WatchedProbe) -> None:
        """It is looked at again."""
        self._become(probe, *rules.resume(probe.state, self._clock.now()))

    def _in_mass(self, ran: Ran, now: float) -> bool:
        """Whether this look failed together with those at most hosts."""
        verdict, host = ran.observation.verdict, _host(ran.probe, ran.observation.address)
        if self._offline or verdict is Verdict.UNKNOWN:
            return False
        failed, before = verdict is Verdict.DOWN, self._mass.failure
        known = ran.probe.state.confirmed is Health.DOWN
        self._mass.look(HostLook(host, failed, known, ran.at, now), self._checked_at)
        self._tell_of_mass(before, now)
        return failed and not known and self._mass.failure is not None

    def _tell_of_mass(self, before: MassFailure | None, now: float) -> None:
        after = self._mass.failure
        if before is None and after is not None:
            self._recorder.event(tellings.mass_failure(after))
        if before is not None and after is None:
            self._recorder.event(tellings.mass_failure_ended(before, self._mass.why, now))

    def _become(self, probe: WatchedProbe, after: ProbeState, transition: Transition | None) -> None:
        if after is not probe.state:
            probe.state = after
            with self._recorder.together():
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


def _host(probe: WatchedProbe, address: str = "") -> str:
    """The machine it looks at: many names at one address, behind one proxy, are one host."""
    return address or probe.state.address or probe.host_key


def _caught(state: ProbeState) -> bool:
    """Whether it failed in a mass failure that it was not found to be out of."""
    return _waits(state) and state.reason == "mass_failure"


def _waits(state: ProbeState) -> bool:
    return state.health is Health.DOWN and not state.hard
