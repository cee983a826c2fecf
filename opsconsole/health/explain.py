"""Why an application shows what it shows, rule by rule. Pure; the words are `base.text.WHY_TEMPLATES`."""

import math
from collections.abc import Sequence

from opsconsole.client.shapes import State, Why
from opsconsole.health.flapping import percent
from opsconsole.health.model import PAUSED, RESUMED, Health, Overlay, ProbeView, ShownState, Told
from opsconsole.health.rows import contribution, counted

_WAITING = {PAUSED: "probe_paused", RESUMED: "resumed"}


def explain(shown: ShownState, probes: Sequence[ProbeView], checked_at: float | None) -> tuple[Why, ...]:
    """The rules that led to ``shown``: the overlay, the probe that decides, then the others in trouble.

    ``probes`` are those it was judged by; ``checked_at`` is when our self-check last passed, as in
    `rules.step`.
    """
    lines: list[Why] = []
    if shown.overlay is not Overlay.NONE:
        lines.append(Why(shown.reason, shown.params))
    lines += _untold(shown.told)
    if not probes:
        lines.append(Why("no_probe"))
    asked = [probe for probe in probes if not probe.state.paused]
    judged = counted(asked)
    if len(judged) > 1:
        lines.append(Why("decides", {"probe": shown.probe, "count": len(judged)}))
    left_out = [probe for probe in asked if probe not in judged]
    lines += [Why("left_out", {"probe": probe.name}) for probe in left_out]
    for probe in sorted(probes, key=lambda probe: probe.name != shown.probe):
        if probe.name == shown.probe or probe.state.word is not State.UP or probe.state.flapping:
            lines += probe_lines(probe, checked_at)
    return tuple(lines)


def _untold(told: Told) -> list[Why]:
    """Why people do not know of it yet, where an overlay does not say so already."""
    if told.awaits_look:
        return [Why("held_look")]
    return [Why(f"held_{told.held}")] if told.held in ("flapping", "parent") else []


def probe_lines(probe: ProbeView, checked_at: float | None) -> list[Why]:
    """What one probe says, and how far it is from saying something else."""
    state, policy, name = probe.state, probe.policy, probe.name
    lines: list[Why] = []
    if contribution(probe) is not state.word:
        lines.append(Why("not_essential", {"probe": name}))
    lines += _health_lines(probe, checked_at)
    if state.streak:
        lines.append(Why("recovering", {"probe": name, "seen": state.streak, "want": policy.recoveries}))
    if state.flapping:
        lines.append(Why("flapping", {"probe": name, "seen": round(percent(state.history), 1)}))
    return lines


def _health_lines(probe: ProbeView, checked_at: float | None) -> list[Why]:
    state, policy, name = probe.state, probe.policy, probe.name
    match state.health:
        case Health.PENDING:
            return [Why(_WAITING.get(state.reason, "pending"), {**state.params, "probe": name})]
        case Health.UP:
            return [Why("passed", {"probe": name})]
        case Health.UNKNOWN:
            code = state.reason if state.reason in ("stale", "offline") else "unknown"
            was_down = state.confirmed is Health.DOWN
            return [Why(code, {"probe": name})] + [Why("was_down", {"probe": name})] * was_down
        case Health.DOWN if state.hard:
            check = "self_unset" if checked_at == math.inf else "self_checked"
            return [Why("down", {"probe": name, "want": policy.attempts}), Why(check)]
        case Health.WARN if state.hard:
            return [Why("warn", {"probe": name, "want": policy.attempts})]
    return _soft_lines(probe)


def _soft_lines(probe: ProbeView) -> list[Why]:
    state, policy, name = probe.state, probe.policy, probe.name
    if state.reason == "mass_failure":
        return [Why("mass_failure", {"probe": name, "seen": state.attempt})]
    if state.ripe_at is not None:
        return [Why("unconfirmed", {"probe": name, "seen": state.attempt})]
    code = "failing" if state.health is Health.DOWN else "troubled"
    lines = [Why(code, {"probe": name, "seen": state.attempt, "want": policy.attempts})]
    if state.attempt >= policy.attempts:
        lines.append(Why("suspect", {"probe": name}))
    return lines
