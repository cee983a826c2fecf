"""An office judged by recorded looks, with the board of the running engine around it."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.shapes import State
from opsconsole.engine.board import BoardKeeper
from opsconsole.engine.notebook import Notebook, RecordedCovers
from opsconsole.engine.office import Changes, assemble
from opsconsole.engine.still_loop import StillClock, StillLoop
from opsconsole.engine.tape import STALE, Confirmed, Outside, Recorded, Was
from opsconsole.engine.thresholds import Thresholds
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.health import rules
from opsconsole.health.model import (
    PAUSED,
    Health,
    LookFacts,
    ProbeState,
    ShownState,
    Told,
    Transition,
)
from opsconsole.health.states import Changed, States
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.register import Registered
from opsconsole.store.looks import TapeLook, flags_of, reason_of, verdict_of
from probes.observation import Param, Verdict

# While something fails our self-check runs each second, so the one that confirms comes within it.
CHECK_SECONDS = 1.0
# A recorded confirmation so long after the look that ripened is the one that it waited for.
_WAITED_MS = 15_000
# Two clocks of one look: when we began it, and when it says it began.
_SAME_MS = 20
# As fine as times are kept.
_TICK_SECONDS = 0.001
# A look that ended so close to a mass failure was still, or already, a part of it.
_AROUND_MS = 1_000
_BARE = {State.UP: Health.UP, State.WARN: Health.WARN, State.DOWN: Health.DOWN}


class World:
    """One office under one set of thresholds. Everything happens in the order of time.

    ``changed`` are the rows that ``thresholds`` are for; ``numbers`` are the probes' numbers in the store,
    ``rev`` is the revision of ``inventory``.
    ``assumed`` counts confirmations that a self-check gave of which nothing is recorded.
    """

    def __init__(
        self,
        inventory: Inventory,
        numbers: Mapping[tuple[str, str], int],
        recorded: Recorded,
        start: float,
        *,
        rev: int,
        thresholds: Thresholds | None = None,
        changed: frozenset[str] = frozenset(),
        turned: Callable[[Changed], None] = lambda changed: None,
    ) -> None:
        self._recorded = recorded
        self._turned = turned
        self._thresholds = thresholds or Thresholds()
        self._changed = changed
        self._rev = rev
        self._is_set = bool(inventory.settings.self_check.canaries)
        self.assumed = 0
        self.clock = StillClock(start)
        self.loop = StillLoop(self.clock)
        self.notes = Notebook(turned)
        registered = Registered(rev, dict(numbers), {})
        self.office, _changes = assemble(inventory, registered, _states(recorded, start), start)
        self.probes = {probe.id: probe for probe in self.office.probes.values()}
        for probe in self.probes.values():
            if probe.row_id in changed:
                probe.policy = self._thresholds.of(probe.policy)
        covers = RecordedCovers(recorded.work)
        self._board = BoardKeeper(self.loop, self.clock, self.notes, covers, _nobody_looks)
        self._board.take(self.office, Changes())

    def slow_over(self, row_id: str) -> float | None:
        """The changed limit of its looks in seconds, None where it is as configured."""
        return self._thresholds.slow_over if row_id in self._changed else None

    def look(self, number: int, look: TapeLook) -> None:
        """Judge one look, at the moment it ended."""
        probe = self.probes[number]
        ended = look.at / 1000 + look.took / 10_000
        self.loop.run_until(ended - _TICK_SECONDS)
        self.clock.at = max(ended, self.clock.at)
        facts = self._facts(probe, look, ended)
        checked_at = math.inf if not self._is_set or self._was_checked(number, look, facts) else None
        before = probe.state
        after, transition = rules.step(before, facts, probe.policy, checked_at, ended)
        self._become(probe, after, transition)
        if after.version == before.version:
            self._board.looked(probe.row_id)
        if after.ripe_at is not None and after.ripe_at != before.ripe_at and not after.hard:
            self._await_check(probe, look)
        self.loop.run_soon()

    def passed_over(self, number: int, look: TapeLook) -> None:
        """A look that changed nothing was made: only its time is kept."""
        probe = self.probes[number]
        state, at = probe.state, look.at / 1000
        good_at = at if state.health is Health.UP else state.good_at
        heard_at = round(at + look.took / 10_000, 3)
        probe.state = replace(state, looked_at=at, heard_at=heard_at, good_at=good_at)

    def outside(self, one: Outside) -> None:
        """What became of a probe without a look; what follows from it waits for `StillLoop.run_soon`."""
        probe, at = self.probes[one.probe], one.at / 1000
        if at > self.clock.at:
            self.loop.run_until(at)
        if one.cause == STALE:
            state, policy = probe.state, probe.policy
            if state.reason == "pending":
                # It waits since the engine began, not since the tape does.
                began = one.happened / 1000 - rules.STALE_INTERVALS * max(policy.every, policy.timeout)
                probe.state = state = replace(state, since=began)
            self._become(probe, *rules.stale(state, at, policy))
        elif one.cause == PAUSED:
            self._become(probe, *rules.pause(probe.state, one.params, at))
        else:
            self._become(probe, *rules.resume(probe.state, at))

    def is_calm(self, number: int) -> bool:
        """Whether one more look that says the same as the last one changes nothing for anybody."""
        probe = self.probes[number]
        state, row = probe.state, self.office.rows[probe.row_id]
        steady = state.hard and not state.history and not state.flapping
        known = state.health is state.confirmed is state.last
        return steady and known and row.shown is not None and not row.shown.told.awaits_look

    def _facts(self, probe: WatchedProbe, look: TapeLook, ended: float) -> LookFacts:
        suspect, offline = flags_of(look.result)
        verdict, reason = self._judged(probe, look)
        failed = verdict is Verdict.DOWN and probe.state.confirmed is not Health.DOWN
        mass = suspect and failed and _within(look.ended, self._recorded.mass, _AROUND_MS)
        return LookFacts(
            started=look.at / 1000, ended=ended, verdict=verdict, reason=reason,
            suspect=suspect and not mass, offline=offline, mass=mass,
        )  # fmt: skip

    def _judged(self, probe: WatchedProbe, look: TapeLook) -> tuple[Verdict, str]:
        verdict, reason = verdict_of(look.result), reason_of(look.result)
        limit = self.slow_over(probe.row_id)
        if limit is None or not (verdict is Verdict.UP or reason == "slow"):
            return verdict, reason
        is_slow = look.took > limit * 10_000
        return (Verdict.DEGRADED, "slow") if is_slow else (Verdict.UP, "ok")

    def _was_checked(self, number: int, look: TapeLook, facts: LookFacts) -> bool:
        """Whether it is recorded that this look found a self-check that had passed."""
        if facts.verdict is not Verdict.DOWN or facts.offline:
            return False
        found = self._confirmation(number, look.ended - _SAME_MS)
        if found is None or found.noticed > look.ended + _SAME_MS:
            return False
        return abs(found.happened - look.at) <= _SAME_MS

    def _confirmation(self, number: int, after: int) -> Confirmed | None:
        """The first recorded one that was noticed from ``after`` on; under other thresholds, a close one."""
        found = self._recorded.confirmed.get(number, [])
        place = bisect_left(found, (after, 0))
        if place == len(found) or (self._changed and found[place].noticed > after + _WAITED_MS):
            return None
        return found[place]

    def _await_check(self, probe: WatchedProbe, look: TapeLook) -> None:
        """Have it confirmed when it was, or else by the self-check that is due within a second."""
        found = self._confirmation(probe.id, look.ended)
        if found is not None and found.happened > look.at:
            due, checked_at = found.noticed / 1000, found.happened / 1000
        else:
            if not self._changed and look.rev == self._rev:
                # As it is configured the record says that it was never confirmed.
                return
            due = checked_at = self._next_check(look.ended / 1000 + CHECK_SECONDS)
            self.assumed += 1
        ripe_at = probe.state.ripe_at
        self.loop.call_later(due - self.clock.at, lambda: self._checked(probe, ripe_at, checked_at))

    def _next_check(self, at: float) -> float:
        """When a self-check could confirm: not while we were offline, nor while most hosts failed."""
        for begun, ended in sorted((*self._recorded.offline, *self._recorded.mass)):
            if begun / 1000 <= at < ended / 1000:
                at = ended / 1000 + CHECK_SECONDS
        return at

    def _checked(self, probe: WatchedProbe, ripe_at: float | None, checked_at: float) -> None:
        if probe.state.ripe_at == ripe_at:
            self._become(probe, *rules.confirm(probe.state, checked_at, self.clock.at))

    def _become(self, probe: WatchedProbe, after: ProbeState, transition: Transition | None) -> None:
        before, probe.state = probe.state, after
        if transition is not None:
            self._turned(Changed(entity="probe", id=probe.id, transition=transition))
        if after.version != before.version:
            self._board.changed(probe.row_id)


def _states(recorded: Recorded, start: float) -> States:
    rows = {
        row: ShownState(since=start, told=Told(announced=Health(after)))
        for row, after in recorded.told.items()
    }
    probes = {number: _state(was, start) for number, was in recorded.was.items()}
    return States(probes=probes, applications=rows, opds={})


def _state(was: Was, start: float) -> ProbeState:
    confirmed = _BARE.get(was.confirmed, Health.PENDING)
    if was.shown is State.OFF:
        nothing: dict[str, Param] = {"by": "", "until": f"{utc(start):%Y-%m-%dT%H:%M:%SZ}", "why": ""}
        return ProbeState(since=start, reason=PAUSED, params=nothing, confirmed=confirmed)
    health = _BARE.get(was.shown)
    if health is None:
        unknown = Health.PENDING if was.shown is State.PENDING else Health.UNKNOWN
        reason = STALE if was.shown is State.STALE else was.shown.value
        return ProbeState(since=start, health=unknown, reason=reason, confirmed=confirmed)
    soft = int(not was.hard)
    return ProbeState(
        since=start, health=health, hard=was.hard, reason=was.shown.value, confirmed=confirmed, last=health,
        failures=soft if health is Health.DOWN else 0, troubles=soft,
    )  # fmt: skip


def _within(at: int, spans: Iterable[tuple[int, int]], around: int) -> bool:
    return any(begun - around <= at <= ended + around for begun, ended in spans)


def _nobody_looks(row: WatchedRow) -> None:
    """The looks that were made then are those that are recorded."""
