"""What an application shows of its probes, and an OPD of its applications. Pure.

An application is the worst of its probes, beneath what lies over it; an OPD is the worst of its
applications.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from opsconsole.client.shapes import State
from opsconsole.health.model import (
    PAUSED,
    TROUBLE,
    Health,
    OpdState,
    Overlay,
    Overlays,
    ProbeView,
    ShownState,
    Transition,
    word,
)

# Reasons whose parameters differ a little at every look: not worth a change of the board.
_RESTLESS = frozenset({"slow", "response_truncated", "ping_loss"})
_BROKEN = (State.DOWN, State.UNREACHABLE, State.WARN)


def application_state(probes: Sequence[ProbeView], overlays: Overlays, now: float) -> ShownState:
    """What an application shows: the worst of its probes, under its overlays.

    A probe that is not essential makes it WARN at most, and hides nothing of the others while nothing is
    known of it (`counted`). One that is paused is not asked; where all are paused the application is off
    until the first of them is looked at again. ``since``, ``changed_at`` and ``version`` are those of a
    state just begun; `settle` carries them on.
    """
    at = round(now, 3)
    asked = [probe for probe in probes if not probe.state.paused]
    if asked:
        return _overlaid(bare_state(asked), overlays, at)
    if probes and not overlays.off:
        return _all_paused(probes)
    return _overlaid(ShownState(since=at, changed_at=at, reason="no_probe"), overlays, at)


def _all_paused(probes: Sequence[ProbeView]) -> ShownState:
    # Its health is pending: what nobody looks at cuts nobody off.
    first = min(probes, key=lambda probe: str(probe.state.params["until"]))
    return ShownState(
        since=max(probe.state.since for probe in probes),
        changed_at=max(probe.state.since for probe in probes),
        state=State.OFF,
        overlay=Overlay.OFF,
        reason=PAUSED,
        params=first.state.params,
        probe=first.name,
    )


def contribution(probe: ProbeView) -> State:
    """What a probe makes of its application, were it the only one."""
    shown = probe.state.word
    return State.WARN if shown is State.DOWN and not probe.policy.essential else shown


def counted(probes: Sequence[ProbeView]) -> list[ProbeView]:
    """Those of ``probes`` that their application is judged by.

    Beside an essential one, an unknown one that is not essential is left out: that we can not look with it
    says nothing of those that pass. One that was in confirmed trouble stays, since nobody saw that end.
    """
    if not any(probe.policy.essential for probe in probes):
        return list(probes)
    return [probe for probe in probes if not _says_nothing(probe)]


def _says_nothing(probe: ProbeView) -> bool:
    state = probe.state
    return not probe.policy.essential and state.health is Health.UNKNOWN and state.confirmed not in TROUBLE


def bare_state(probes: Sequence[ProbeView]) -> ShownState:
    """What an application of these probes, at least one and none paused, shows by itself."""
    probes = counted(probes)
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
        return replace(_under(bare, Overlay.MAINT, "maint", now), params=overlays.work)
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
    after = replace(after, since=_shown_since(before, after, now), version=before.version, told=before.told)
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
