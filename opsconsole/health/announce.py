"""What people are told of an application, and when. Pure.

Announced is what is confirmed, when it differs from what people were told last. That is Icinga 2's rule
of suppressed notifications, held against what was *said* instead of what was there when the silence
began, so that its known failure cannot happen: a DOWN at the end of flapping never told, and then an UP
of which nobody knows the DOWN.

- Unknown, stale and pending are nothing to tell, and a first UP is no news.
- Off, in maintenance, outside the service hours, or while something that it depends on fails: nothing is
  announced, a recovery neither. When that ends, the first look that began afterwards decides, once.
- While it flaps nothing is announced; when that ends, the look that ended it decides, once. A probe that
  flaps does not hide what a steady one confirms, as bad as all that the other could bring.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from opsconsole.client.shapes import State
from opsconsole.health.model import TROUBLE, Announcement, Health, Overlays, ProbeView, Told
from opsconsole.health.rows import bare_state, contribution, counted
from probes.observation import Param

_TOLD = (Health.UP, *TROUBLE)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an application stands beneath what lies over it.

    ``since`` is when that began; ``seen_at`` is when the newest look began that all of it was seen by,
    None before one. ``address`` and ``fingerprint`` are the last that ``probe`` saw.
    ``cover`` is what keeps announcements back, as in `Told.held`, empty for nothing;
    ``wavers``: it flaps, so what it shows now need not be so for long.
    """

    health: Health = Health.PENDING
    hard: bool = True
    reason: str = "no_probe"
    params: dict[str, Param] = {}
    probe: str = ""
    address: str = ""
    fingerprint: str = ""
    since: float = 0.0
    seen_at: float | None = None
    cover: str = ""
    wavers: bool = False


def standing(probes: Sequence[ProbeView], overlays: Overlays) -> Standing:
    """How an application of these probes stands. Those that are paused say nothing."""
    asked = [probe for probe in probes if not probe.state.paused]
    if not asked:
        return Standing(cover="off" if probes else _cover(overlays))
    bare = bare_state(asked)
    decided = next(probe.state for probe in asked if probe.name == bare.probe)
    return Standing(
        health=bare.health,
        hard=bare.hard and (bare.health is Health.DOWN or not _hides_trouble(probes)),
        reason=bare.reason,
        params=bare.params,
        probe=bare.probe,
        address=decided.address,
        fingerprint=decided.fingerprint,
        since=bare.since,
        seen_at=_seen_at(asked, bare.state),
        cover=_cover(overlays),
        wavers=_wavers(counted(asked)),
    )


def announce(told: Told, now_is: Standing, now: float) -> tuple[Told, Announcement | None]:
    """What people know afterwards, and what they are told of ``now_is``, if anything.

    ``told`` is what they knew, ``now`` seconds since the epoch. Call it whenever something may have
    changed, and at every look while `Told.awaits_look`.
    """
    at = round(now, 3)
    level = now_is.health
    if told.announced is Health.PENDING and level is Health.UP:
        told = replace(told, announced=level)
    due = now_is.hard and level in _TOLD and level is not told.announced
    if now_is.cover:
        return replace(told, covered=True, lifted_at=None, held=now_is.cover if due else ""), None
    told = _lifted(told, at)
    if not due:
        return replace(told, held=""), None
    if now_is.wavers:
        return replace(told, held="flapping"), None
    if told.lifted_at is not None and (now_is.seen_at is None or now_is.seen_at <= told.lifted_at):
        return replace(told, held=told.held or "look"), None
    return replace(told, announced=level, lifted_at=None, held=""), Announcement(
        before=told.announced,
        after=level,
        reason=now_is.reason,
        params=now_is.params,
        probe=now_is.probe,
        address=now_is.address,
        fingerprint=now_is.fingerprint,
        happened_at=now_is.since,
        noticed_at=at,
        held=told.held,
    )


def _lifted(told: Told, at: float) -> Told:
    """``told`` with nothing over it; a time that lies ahead is of a clock that was set back since."""
    if told.covered or (told.lifted_at is not None and told.lifted_at > at):
        return replace(told, covered=False, lifted_at=at)
    return told


def _cover(overlays: Overlays) -> str:
    if overlays.off:
        return "off"
    if overlays.maintenance:
        return "maint"
    if overlays.hours:
        return "closed"
    return "parent" if overlays.parents_fail else ""


def _hides_trouble(probes: Sequence[ProbeView]) -> bool:
    """Whether a probe was paused in trouble: who is not asked has not recovered."""
    return any(probe.state.paused and probe.state.confirmed in TROUBLE for probe in probes)


def _seen_at(probes: Sequence[ProbeView], shown: State) -> float | None:
    """One probe is enough to see trouble; that all is well all of them must have seen."""
    equals = [probe.state.looked_at for probe in probes if contribution(probe) is shown]
    looked = [at for at in equals if at is not None]
    if shown is State.UP:
        return min(looked) if len(looked) == len(equals) else None
    return max(looked, default=None)


def _wavers(probes: Sequence[ProbeView]) -> bool:
    flapping = [probe for probe in probes if probe.state.flapping]
    worst = State.DOWN if any(probe.policy.essential for probe in flapping) else State.WARN
    steady = [contribution(one) for one in probes if one.state.hard and not one.state.flapping]
    return bool(flapping) and all(state.severity > worst.severity for state in steady)
