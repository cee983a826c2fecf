"""The rules of health: pure functions from looks to states. No clock, no disk.

Soft and hard are Icinga 2's (a first trouble is soft, `Policy.attempts` looks in a row make it hard, a
pass before that ends it at once; WARN is a trouble like DOWN), except where an operator's night is at
stake:

- DOWN is confirmed by failures alone. Icinga counts a slow answer as one of them and lets a confirmed WARN
  become a confirmed DOWN by a single failure; ours starts a count of its own.
- A confirmed trouble is shown until `Policy.recoveries` passes in a row end it, so that it does not blink.
  DOWN eases to WARN when as many looks in a row were answered, the last of them slowly.
- DOWN waits for our own self-check, and a look that we took badly ourselves confirms no trouble.
- An unknown look shows at once and counts for nothing: every run goes on where it was.

An application is the worst of its probes and an OPD the worst of its applications; `health.reach` finds who
is cut off and `health.explain` puts the rules that decided into lines.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.shapes import State
from opsconsole.health.model import (
    TROUBLE,
    Health,
    LookFacts,
    OpdState,
    Overlay,
    Overlays,
    Policy,
    ProbeState,
    ProbeView,
    ShownState,
    Transition,
    word,
)
from probes.observation import Verdict

# Flapping as Icinga 2 finds it: of the last 20 results those that differ from the one before, the newest
# weighing 1.18 and the oldest 0.80; above 30 % it starts, at 25 % it ends. In hundredths, so that the
# limits are exact: 30 % of 20 slots is 600, 25 % is 500.
SLOTS = 20
_FLAPPING_ABOVE, _FLAPPING_UNTIL = 600, 500

STALE_INTERVALS = 3

# Reasons whose parameters differ a little at every look: not worth a change of the board.
_RESTLESS = frozenset({"slow", "response_truncated"})
_BROKEN = (State.DOWN, State.UNREACHABLE, State.WARN)

# What a state holds that is a time.
_DATED = (
    *("since", "changed_at", "confirmed_since", "confirmed_at", "failing_since", "passing_since"),
    *("answering_since", "ripe_at", "looked_at", "heard_at", "good_at"),
)

_LEVEL = {Verdict.UP: Health.UP, Verdict.DEGRADED: Health.WARN, Verdict.DOWN: Health.DOWN}


def flapping_weight(history: int) -> int:
    """The weighted sum of the changes in ``history``, in hundredths: 20 times the percentage."""
    return sum(118 - 2 * age for age in range(SLOTS) if history >> age & 1)


def step(
    state: ProbeState, look: LookFacts, policy: Policy, checked_at: float | None, now: float
) -> tuple[ProbeState, Transition | None]:
    """The state after one more look, and the change of what is shown, if there is one.

    ``checked_at`` is when our self-check last passed: ``None`` never, ``math.inf`` when none is set. A
    look that is not newer than the newest one changes nothing, unless that one lies after ``now``: then
    the clock was set back, and the look counts.
    """
    started, ended = round(look.started, 3), round(look.ended, 3)
    newest = state.looked_at
    if newest is not None and started <= newest:
        if started == newest or newest <= now:
            return state, None
        state = _set_back(state, started)
    after = replace(state, looked_at=started, heard_at=ended)
    if look.offline:
        after = replace(after, health=Health.UNKNOWN, hard=True, reason="offline", params={})
    elif look.verdict is Verdict.UNKNOWN:
        after = replace(after, health=Health.UNKNOWN, hard=True, reason=look.reason, params=look.params)
    else:
        level = _LEVEL[look.verdict]
        after = _counted(after, look, level, started)
        after = _judged(after, look, level, policy, checked_at)
    return _changed(state, after, started, ended)


def confirm(state: ProbeState, checked_at: float, now: float) -> tuple[ProbeState, Transition | None]:
    """The state once a self-check passed at ``checked_at``: DOWN becomes hard if it waited for that."""
    waits = state.health is Health.DOWN and not state.hard
    if not waits or not _is_checked(state.ripe_at, checked_at):
        return state, None
    after = replace(state, hard=True, reason=state.seen, params=state.seen_params)
    at = round(min(checked_at, now), 3)
    return _changed(state, after, at, round(now, 3))


def stale(state: ProbeState, now: float, policy: Policy) -> tuple[ProbeState, Transition | None]:
    """The state at ``now``: stale when three intervals have gone by without a look."""
    heard = state.since if state.heard_at is None else state.heard_at
    due = heard + STALE_INTERVALS * max(policy.every, policy.timeout)
    if now <= due or state.word is State.STALE:
        return state, None
    params = {"since": f"{utc(heard):%Y-%m-%dT%H:%M:%SZ}"}
    after = replace(state, health=Health.UNKNOWN, hard=True, reason="stale", params=params)
    return _changed(state, after, round(due, 3), round(now, 3))


def _set_back(state: ProbeState, at: float) -> ProbeState:
    """``state`` with nothing in it that lies after ``at``: the clock that dated it ran ahead."""
    dated = {name: getattr(state, name) for name in _DATED}
    return replace(state, **{name: min(time, at) for name, time in dated.items() if time is not None})


def _is_checked(ripe_at: float | None, checked_at: float | None) -> bool:
    return ripe_at is not None and checked_at is not None and checked_at > ripe_at


def _counted(state: ProbeState, look: LookFacts, level: Health, started: float) -> ProbeState:
    """``state`` with its runs and its flapping brought up to a look that was not unknown."""
    down, passed = level is Health.DOWN, level is Health.UP
    differs = state.last not in (Health.PENDING, level)
    history = (state.history << 1 | differs) & ((1 << SLOTS) - 1)
    limit = _FLAPPING_UNTIL if state.flapping else _FLAPPING_ABOVE
    return replace(
        state,
        failures=state.failures + 1 if down else 0,
        troubles=0 if passed else state.troubles + 1,
        passes=state.passes + 1 if passed else 0,
        answers=0 if down else state.answers + 1,
        failing_since=started if down and not state.failures else state.failing_since,
        passing_since=started if passed and not state.passes else state.passing_since,
        answering_since=started if not down and not state.answers else state.answering_since,
        seen=look.reason,
        seen_params=look.params,
        ripe_at=state.ripe_at if down else None,
        last=level,
        history=history,
        flapping=flapping_weight(history) > limit,
        good_at=started if passed else state.good_at,
        address=look.address or state.address,
        fingerprint=look.fingerprint or state.fingerprint,
    )


def _judged(
    state: ProbeState, look: LookFacts, level: Health, policy: Policy, checked_at: float | None
) -> ProbeState:
    """``state`` with the health that a look of ``level``, already counted, leaves it with."""
    if level is Health.DOWN:
        return _failing(state, look, policy, checked_at)
    eases = state.answers if level is Health.WARN else state.passes
    if state.confirmed is Health.DOWN and eases < policy.recoveries:
        return _holding(state)
    if level is Health.WARN:
        hard = state.confirmed in TROUBLE or (state.troubles >= policy.attempts and not look.suspect)
        return _showing(state, Health.WARN, hard)
    if state.confirmed is Health.WARN and state.passes < policy.recoveries:
        return _holding(state)
    return _showing(state, Health.UP, True)


def _failing(state: ProbeState, look: LookFacts, policy: Policy, checked_at: float | None) -> ProbeState:
    if state.confirmed is Health.DOWN:
        return _showing(state, Health.DOWN, True)
    if state.ripe_at is None and state.failures >= policy.attempts and not look.suspect:
        state = replace(state, ripe_at=state.looked_at)
    if _is_checked(state.ripe_at, checked_at):
        return _showing(state, Health.DOWN, True)
    if state.ripe_at is not None:
        return replace(state, health=Health.DOWN, hard=False, reason="unconfirmed", params={})
    return _showing(state, Health.DOWN, False)


def _showing(state: ProbeState, health: Health, hard: bool) -> ProbeState:
    return replace(state, health=health, hard=hard, reason=state.seen, params=state.seen_params)


def _holding(state: ProbeState) -> ProbeState:
    """The confirmed trouble goes on, for the reason it was last seen with."""
    return replace(state, health=state.confirmed, hard=True, reason=state.cause, params=state.cause_params)


def _began(state: ProbeState, at: float) -> float:
    """When what ``state`` shows began, as far as looks tell; a confirmed trouble ends with its first pass."""
    if state.health is Health.UP and state.confirmed in TROUBLE:
        return state.passing_since
    if state.health is Health.WARN and state.confirmed is Health.DOWN:
        return state.answering_since
    return at


def _since(state: ProbeState, at: float) -> float:
    """When the shown word began; a trouble keeps its first look, also past an unknown one."""
    if state.health in TROUBLE and state.health is state.confirmed:
        return state.confirmed_since
    return state.failing_since if state.health is Health.DOWN else _began(state, at)


def _confirmed(state: ProbeState, noticed: float) -> ProbeState:
    """``state`` with its hard health remembered, and announced unless it flaps."""
    if state.hard and state.health is not Health.UNKNOWN:
        if state.health is not state.confirmed:
            state = replace(state, confirmed=state.health, confirmed_since=state.since, confirmed_at=noticed)
        state = replace(state, cause=state.reason, cause_params=state.params)
    return state if state.flapping else replace(state, announced=state.confirmed)


def _changed(
    before: ProbeState, after: ProbeState, at: float, noticed: float
) -> tuple[ProbeState, Transition | None]:
    """``after`` with what follows from the change, and the change itself, if it shows."""
    happened = _began(after, at)
    if before.changed_at is not None:
        happened = max(happened, before.changed_at)
    if after.word is not before.word:
        after = replace(after, since=_since(after, at))
    after = _confirmed(after, noticed)
    shows = (after.word, after.hard, after.flapping) != (before.word, before.hard, before.flapping)
    if shows or after.reason != before.reason or after.attempt != before.attempt:
        after = replace(after, version=before.version + 1)
    if not shows:
        return after, None
    return replace(after, changed_at=happened), Transition(
        happened_at=happened,
        noticed_at=noticed,
        before=before.word,
        after=after.word,
        hard=after.hard,
        reason=after.reason,
        params=after.params,
        flapping=after.flapping,
    )


def application_state(probes: Sequence[ProbeView], overlays: Overlays, now: float) -> ShownState:
    """What an application shows: the worst of its probes, under its overlays.

    A probe that is not essential makes it WARN at most. ``since``, ``changed_at`` and ``version`` are
    those of a state just begun; `settle` carries them on.
    """
    at = round(now, 3)
    bare = _worst_of(probes) if probes else ShownState(since=at, changed_at=at, reason="no_probe")
    return _overlaid(bare, overlays, at)


def contribution(probe: ProbeView) -> State:
    """What a probe makes of its application, were it the only one."""
    shown = probe.state.word
    return State.WARN if shown is State.DOWN and not probe.policy.essential else shown


def _worst_of(probes: Sequence[ProbeView]) -> ShownState:
    # A confirmed trouble goes before one that is not yet; of equals the one configured first decides.
    worst = min(probes, key=lambda probe: (contribution(probe).severity, not probe.state.hard))
    shown, state = contribution(worst), worst.state
    equals = [probe.state.since for probe in probes if contribution(probe) is shown]
    return ShownState(
        since=min(equals) if shown in (State.DOWN, State.WARN) else max(equals),
        changed_at=max((p.state.changed_at for p in probes if p.state.changed_at is not None), default=None),
        state=shown,
        health=Health.WARN if shown is State.WARN else state.health,
        hard=state.hard,
        reason=state.reason,
        params=state.params,
        probe=worst.name,
        attempt=state.attempt,
        attempts=worst.policy.attempts,
        flapping=any(probe.state.flapping for probe in probes),
    )


def _overlaid(bare: ShownState, overlays: Overlays, now: float) -> ShownState:
    if overlays.off:
        return _under(bare, Overlay.OFF, "off", now)
    if overlays.maintenance:
        return _under(bare, Overlay.MAINT, "maint", now)
    if overlays.hours:
        return replace(_under(bare, Overlay.CLOSED, "closed", now), params={"hours": overlays.hours})
    if overlays.via and bare.health is Health.DOWN:
        cut_off = _under(bare, Overlay.UNREACHABLE, "unreachable", bare.since)
        return replace(cut_off, params={"via": overlays.via}, via=overlays.via)
    return bare


def _under(bare: ShownState, overlay: Overlay, reason: str, since: float) -> ShownState:
    shown = word(bare.health, overlay, reason)
    return replace(bare, state=shown, overlay=overlay, reason=reason, params={}, since=since)


def settle(before: ShownState | None, after: ShownState, now: float) -> tuple[ShownState, Transition | None]:
    """``after`` with what was shown before carried on, and the change, if there is one.

    When nothing differs that a person would act on, it is ``before`` itself: compare with ``is`` to know
    whether to publish and to store.
    """
    if before is None:
        return replace(after, version=1), None
    after = replace(after, since=_shown_since(before, after, now), version=before.version)
    params = before.params if after.reason == before.reason in _RESTLESS else after.params
    if replace(after, params=params, changed_at=before.changed_at) == before:
        return before, None
    after = replace(after, version=before.version + 1)
    if (after.state, after.hard, after.flapping) == (before.state, before.hard, before.flapping):
        return replace(after, changed_at=before.changed_at), None
    happened = _shown_at(before, after, now)
    return replace(after, changed_at=happened), Transition(
        happened_at=happened,
        noticed_at=round(now, 3),
        before=before.state,
        after=after.state,
        hard=after.hard,
        reason=after.reason,
        params=after.params,
        flapping=after.flapping,
    )


def _shown_since(before: ShownState, after: ShownState, now: float) -> float:
    if after.state is before.state:
        return before.since
    # A trouble that comes out from under an overlay began when it began; calm only begins to be shown.
    uncovered = before.overlay is not after.overlay and after.state not in _BROKEN
    return round(now, 3) if uncovered else after.since


def _shown_at(before: ShownState, after: ShownState, now: float) -> float:
    # Only a probe's own change can lie before the moment it was noticed; an overlay or the configuration
    # must not rewrite the past.
    at = after.changed_at
    own = before.overlay is after.overlay and at is not None and at > (before.changed_at or 0.0)
    return at if own and at is not None else round(now, 3)


def opd_state(applications: Sequence[ShownState], before: OpdState | None, now: float) -> OpdState:
    """What an OPD shows: the worst of its applications; those off, closed or in maintenance do not count.

    When none counts it shows the best of them, and pending when it has none.
    """
    counted = [shown for shown in applications if shown.overlay in (Overlay.NONE, Overlay.UNREACHABLE)]
    among = counted or applications
    worst = min((shown.state for shown in among), key=lambda state: state.severity, default=State.PENDING)
    if before is not None and before.state is worst:
        since = before.since
    else:
        since = min((shown.since for shown in among if shown.state is worst), default=round(now, 3))
    return OpdState(
        state=worst,
        since=since,
        up=sum(shown.state is State.UP for shown in counted),
        total=len(counted),
    )
