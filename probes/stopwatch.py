"""Where the time of a look went, phase by phase, our own queueing left out."""

import time
from enum import IntEnum

from probes.observation import Phases


class Phase(IntEnum):
    """The phases in their order; after the last one nothing is counted."""

    RESOLVE = 0
    CONNECT = 1
    TLS = 2
    SEND = 3
    WAIT = 4
    RECEIVE = 5
    NONE = 6


class Stopwatch:
    """Adds time to the phase it is in. ``since`` is up to when it has counted (``time.perf_counter``)."""

    __slots__ = ("phase", "since", "spent")

    def __init__(self) -> None:
        self.phase = Phase.NONE
        self.since = time.perf_counter()
        self.spent = [0.0] * 7

    def enter(self, phase: Phase) -> None:
        """Count up to now for the phase that ends, and go on in ``phase``."""
        now = time.perf_counter()
        self.spent[self.phase] += now - self.since
        self.since = now
        self.phase = phase

    def woke(self, happened: float, now: float) -> None:
        """What was waited for happened at ``happened`` and is dealt with from ``now`` on.

        What lies between is our own delay and belongs to no phase.
        """
        waited = (happened if happened < now else now) - self.since
        if waited > 0:
            self.spent[self.phase] += waited
        self.since = now

    def add(self, phase: Phase, seconds: float) -> None:
        """Count a time that was measured elsewhere."""
        self.spent[phase] += seconds

    @property
    def seconds(self) -> float:
        """All phases together."""
        return sum(self.spent[:6])

    def phases(self) -> Phases:
        """The phases in milliseconds."""
        return Phases(*(round(seconds * 1000, 3) for seconds in self.spent[:6]))
