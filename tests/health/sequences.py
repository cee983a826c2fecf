"""A series of looks written as letters, and the states after them.

Looks: ``u`` up, ``w`` degraded, ``d`` down, ``?`` unknown, ``o`` down while we were offline, ``m`` down
together with most hosts, ``D`` and ``W`` a suspect one. States: ``U`` up, ``w2`` WARN after two looks, not
yet confirmed, ``W`` confirmed WARN, ``d1`` and ``D`` the same of DOWN, ``?`` unknown, ``P`` pending. One look
every ten seconds.
"""

import math

from opsconsole.health.model import Health, LookFacts, Policy, ProbeState, Transition
from opsconsole.health.rules import step
from probes.observation import Verdict

EVERY = 10.0
_SEEN = {
    "u": (Verdict.UP, "ok"),
    "w": (Verdict.DEGRADED, "slow"),
    "d": (Verdict.DOWN, "connect_refused"),
    "?": (Verdict.UNKNOWN, "internal_error"),
    "o": (Verdict.DOWN, "connect_unreachable"),
    "m": (Verdict.DOWN, "connect_timeout"),
}


def look(letter: str, started: float) -> LookFacts:
    """The look a letter stands for; it takes a second."""
    verdict, reason = _SEEN[letter.lower()]
    return LookFacts(
        started=started,
        ended=started + 1,
        verdict=verdict,
        reason=reason,
        params={"at": started},
        suspect=letter in "DW",
        offline=letter == "o",
        mass=letter == "m",
    )


def started_at(number: int) -> float:
    """When the look of this number begins; the first is number 1."""
    return number * EVERY


def run(
    looks: str, policy: Policy, state: ProbeState | None = None, checked_at: float | None = math.inf
) -> tuple[list[ProbeState], list[Transition]]:
    """The state after each look, and every transition."""
    states, transitions = [], []
    state = state or ProbeState(since=0.0)
    for number, letter in enumerate(looks, 1):
        started = started_at(number)
        state, transition = step(state, look(letter, started), policy, checked_at, started + 1)
        states.append(state)
        transitions += [transition] if transition else []
    return states, transitions


def token(state: ProbeState) -> str:
    """The state in the letters above."""
    letter = {
        Health.PENDING: "P",
        Health.UP: "U",
        Health.WARN: "W",
        Health.DOWN: "D",
        Health.UNKNOWN: "?",
    }[state.health]
    return letter if state.hard else f"{letter.lower()}{state.attempt}"


def tokens(looks: str, policy: Policy, checked_at: float | None = math.inf) -> str:
    """The states after each look, separated by blanks."""
    return " ".join(token(state) for state in run(looks, policy, checked_at=checked_at)[0])
