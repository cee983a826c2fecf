"""Why an application shows what it shows, rule by rule. Pure; the words are `base.text.WHY_TEMPLATES`."""

import math
from collections.abc import Sequence

from opsconsole.client.shapes import State, Why
from opsconsole.health.model import Health, Overlay, ProbeView, ShownState
from opsconsole.health.rules import contribution, flapping_weight


def explain(shown: ShownState, probes: Sequence[ProbeView], checked_at: float | None) -> tuple[Why, ...]:
    """The rules that led to ``shown``: the overlay, the probe that decides, then the others in trouble.

    ``probes`` are those it was judged by; ``checked_at`` is when our self-check last passed, as in
    `rules.step`.
    """
    lines: list[Why] = []
    if shown.overlay is not Overlay.NONE:
        lines.append(Why(shown.reason, shown.params))
    if not probes:
        lines.append(Why("no_probe"))
    if len(probes) > 1:
        lines.append(Why("decides", {"probe": shown.probe, "count": len(probes)}))
    for probe in sorted(probes, key=lambda probe: probe.name != shown.probe):
        if probe.name == shown.probe or probe.state.word is not State.UP or probe.state.flapping:
            lines += _probe_lines(probe, checked_at)
    return tuple(lines)


def _probe_lines(probe: ProbeView, checked_at: float | None) -> list[Why]:
    state, policy, name = probe.state, probe.policy, probe.name
    lines: list[Why] = []
    if contribution(probe) is not state.word:
        lines.append(Why("not_essential", {"probe": name}))
    lines += _health_lines(probe, checked_at)
    if state.streak:
        lines.append(Why("recovering", {"probe": name, "seen": state.streak, "want": policy.recoveries}))
    if state.flapping:
        # The weight is in hundredths over 20 slots: a twentieth of it is the percentage.
        lines.append(Why("flapping", {"probe": name, "seen": round(flapping_weight(state.history) / 20, 1)}))
    return lines


def _health_lines(probe: ProbeView, checked_at: float | None) -> list[Why]:
    state, policy, name = probe.state, probe.policy, probe.name
    match state.health:
        case Health.PENDING:
            return [Why("pending", {"probe": name})]
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
    if state.ripe_at is not None:
        return [Why("unconfirmed", {"probe": name, "seen": state.attempt})]
    code = "failing" if state.health is Health.DOWN else "troubled"
    lines = [Why(code, {"probe": name, "seen": state.attempt, "want": policy.attempts})]
    if state.attempt >= policy.attempts:
        lines.append(Why("suspect", {"probe": name}))
    return lines
