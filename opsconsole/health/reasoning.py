"""Every rule behind what an application shows, also where nothing is wrong. Pure.

`explain` gives the few lines that decided; here the rest stands around them, in the order in which the
rules go: what lies over it, what it depends on, its probes, and what people were told. The words are
`base.text.RULE_TEMPLATES`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opsconsole.base.clock import utc
from opsconsole.client.shapes import Why
from opsconsole.health.explain import explain, probe_lines
from opsconsole.health.flapping import percent
from opsconsole.health.model import TROUBLE, Health, Overlay, ProbeView, ShownState

_COVERS = ("off", "maint", "closed")
# What explain says of announcements stands here at the end, with what they were told before.
_HELD = "held_"
_TOLD = {Health.UP: "told_up", Health.WARN: "told_warn", Health.DOWN: "told_down"}


class Answered(NamedTuple):
    """What people were told last: ``at`` is seconds since the epoch, None where it is not recorded."""

    announced: Health
    at: float | None


def reason(
    shown: ShownState,
    probes: Sequence[ProbeView],
    parents: Sequence[Mapping[str, ShownState | None]],
    checked_at: float | None,
    told: Answered,
) -> tuple[Why, ...]:
    """The rules behind ``shown``.

    ``parents`` are its dependencies, each a group of which one suffices; ``checked_at`` is as in
    `rules.step`.
    """
    lines = explain(shown, probes, checked_at)
    held = [one for one in lines if one.code.startswith(_HELD)]
    decided = [one for one in lines if one not in held]
    over = decided[: int(shown.overlay is not Overlay.NONE)]
    return (
        *over,
        *(_parent_line(group) for group in parents if group),
        *decided[len(over) :],
        *_others(shown, probes, checked_at, decided),
        *_changes(probes),
        _told_line(told),
        *(_untold(shown, held)),
    )


def _parent_line(group: Mapping[str, ShownState | None]) -> Why:
    down = sum(state is not None and state.health is Health.DOWN and state.hard for state in group.values())
    names = ", ".join(group)
    if len(group) > 1:
        code = "group_down" if down == len(group) else "group_works"
        return Why(code, {"names": names, "down": down, "count": len(group)})
    [state] = group.values()
    if down:
        return Why("parent_down", {"parent": names})
    fails = state is not None and state.health is Health.DOWN
    return Why("parent_fails" if fails else "parent_works", {"parent": names})


def _others(
    shown: ShownState, probes: Sequence[ProbeView], checked_at: float | None, decided: Sequence[Why]
) -> list[Why]:
    """The probes of which nothing was said, since nothing is wrong with them."""
    said = {one.params.get("probe") for one in decided if one.code != "decides"}
    return [line for probe in probes if probe.name not in said for line in probe_lines(probe, checked_at)]


def _changes(probes: Sequence[ProbeView]) -> list[Why]:
    """How far those that do not flap are from it, where their results changed of late."""
    return [
        Why("changes", {"probe": probe.name, "seen": round(percent(probe.state.history), 1)})
        for probe in probes
        if probe.state.history and not probe.state.flapping
    ]


def _told_line(told: Answered) -> Why:
    code = _TOLD.get(told.announced)
    if code is None:
        return Why("told_nothing")
    if told.at is None:
        return Why(f"{code}_first")
    return Why(code, {"at": f"{utc(told.at):%Y-%m-%dT%H:%M:%SZ}"})


def _untold(shown: ShownState, held: Sequence[Why]) -> list[Why]:
    """Why nothing was announced since."""
    if held:
        return list(held)
    told = shown.told
    if told.held in _COVERS:
        return [Why(f"held_{told.held}")]
    if shown.health in TROUBLE and not shown.hard:
        return [Why("told_soft")]
    if shown.health in (Health.UNKNOWN, Health.PENDING):
        return [Why("told_unknown")]
    return [Why("told_same")] if told.announced is shown.health else []
