"""A loop whose time passes only when it is told to: what would have run is run in order, at its moment."""

import heapq
import math
from collections import deque
from collections.abc import Callable

Callback = Callable[[], object]


class StillClock:
    """Wall and monotonic time are one; ``at`` is seconds since the epoch."""

    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return self.at

    def monotonic(self) -> float:
        """The same: nothing steps here."""
        return self.at


class StillTimer:
    """What will be run, unless it is cancelled before."""

    def __init__(self, callback: Callback) -> None:
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        """Do not run it."""
        self.callback = None


class StillLoop:
    """As much of a loop as takes callbacks for soon and for later."""

    def __init__(self, clock: StillClock) -> None:
        self._clock = clock
        self._soon: deque[Callback] = deque()
        self._later: list[tuple[float, int, StillTimer]] = []
        self._number = 0

    @property
    def wake(self) -> float:
        """When the next one is due, seconds since the epoch; infinite for never."""
        return self._later[0][0] if self._later else math.inf

    def run_until(self, at: float) -> None:
        """Let time pass up to ``at`` with all that falls into it."""
        self.run_soon()
        while self._later and self._later[0][0] <= at:
            due = self._later[0][0]
            self._clock.at = max(due, self._clock.at)
            # As in a loop that runs: all that is due at one moment, then what followed from it.
            while self._later and self._later[0][0] <= due:
                _due, _number, timer = heapq.heappop(self._later)
                if timer.callback is not None:
                    timer.callback()
            self.run_soon()
        self._clock.at = max(at, self._clock.at)

    def run_soon(self) -> None:
        """Run what waits for now."""
        while self._soon:
            self._soon.popleft()()

    def call_soon(self, callback: Callback) -> None:
        """Run it once what happens now has happened."""
        self._soon.append(callback)

    def call_later(self, delay: float, callback: Callback) -> StillTimer:
        """Run it ``delay`` seconds from now."""
        timer = StillTimer(callback)
        self._number += 1
        heapq.heappush(self._later, (self._clock.at + delay, self._number, timer))
        return timer
