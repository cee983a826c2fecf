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

`health.rows` makes an application of its probes and an OPD of its applications, `health.reach` finds who is
cut off, `health.announce` decides what people are told, and `health.explain` puts the rules that decided
into lines.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.shapes import State
from opsconsole.health.flapping import flaps, turned
from opsconsole.health.model import (
    PAUSED,
    RESUMED,
    TROUBLE,
    Health,
    LookFacts,
    Policy,
    ProbeState,
    Transition,
)
from probes.observation import Param, Verdict

STALE_INTERVALS = 3

# What a state holds that is a time.
_DATED = (
    *("since", "changed_at", "confirmed_since", "confirmed_at", "failing_since", "passing_since"),
    *("answering_since", "ripe_at", "looked_at", "heard_at", "good_at"),
)

_LEVEL = {Verdict.UP: Health.UP, Verdict.DEGRADED: Health.WARN, Verdict.DOWN: Health.DOWN}


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
    if state.paused:
        return state, None
    # What is pending waits for a look since it began to: after the start, or after a pause.
    heard = state.heard_at
    if heard is None or state.health is Health.PENDING:
        heard = state.since
    due = heard + STALE_INTERVALS * max(policy.every, policy.timeout)
    if now <= due or state.word is State.STALE:
        return state, None
    params = {"since": f"{utc(heard):%Y-%m-%dT%H:%M:%SZ}"}
    after = replace(state, health=Health.UNKNOWN, hard=True, reason="stale", params=params)
    return _changed(state, after, round(due, 3), round(now, 3))


def pause(state: ProbeState, params: Mapping[str, Param], now: float) -> tuple[ProbeState, Transition | None]:
    """The state while it is paused, for reasons told by ``params``: nothing is known, nothing is counted.

    What was confirmed before stays confirmed, so that a trouble that outlasts the pause is no new one.
    """
    return _forgetting(state, PAUSED, dict(params), now)


def resume(state: ProbeState, now: float) -> tuple[ProbeState, Transition | None]:
    """The state once its pause is over: it waits for a look, whatever the last one saw."""
    return _forgetting(state, RESUMED, {}, now) if state.paused else (state, None)


def _forgetting(
    state: ProbeState, reason: str, params: dict[str, Param], now: float
) -> tuple[ProbeState, Transition | None]:
    after = replace(
        state,
        health=Health.PENDING,
        hard=True,
        reason=reason,
        params=params,
        failures=0,
        troubles=0,
        passes=0,
        answers=0,
        ripe_at=None,
    )
    at = round(now, 3)
    return _changed(state, after, at, at)


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
    history = turned(state.history, differs)
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
        flapping=flaps(history, state.flapping),
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
    if look.mass:
        return replace(state, health=Health.DOWN, hard=False, reason="mass_failure", params={})
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
    """``state`` with its hard health remembered."""
    if state.hard and state.health not in (Health.UNKNOWN, Health.PENDING):
        if state.health is not state.confirmed:
            state = replace(state, confirmed=state.health, confirmed_since=state.since, confirmed_at=noticed)
        state = replace(state, cause=state.reason, cause_params=state.params)
    return state


def _why(state: ProbeState) -> tuple[str, Param]:
    """The reason, and for a secret that can not be used what is wrong with it: that says what to do."""
    return state.reason, state.params.get("why")


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
    if shows or _why(after) != _why(before) or after.attempt != before.attempt:
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
