"""Notices within a second that the loop lagged, the clock was stepped, or the machine slept.

The monotonic clock neither jumps nor counts a suspend, wall time does both: where the two part by more
than half a second between two ticks, one of them happened. Small corrections are slewed by NTP over
both clocks alike and show nothing here.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from opsconsole.base.clock import Clock

TICK_SECONDS = 0.25
STEP_SECONDS = 0.5
# As long as the longest timeout anybody sets for a probe, and then some.
_KEPT = int(120 / TICK_SECONDS)


class ClockWatch:
    """Ticks four times a second. ``stepped(seconds)`` is called in the loop: how far wall time jumped."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, clock: Clock, stepped: Callable[[float], None]
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._stepped = stepped
        self._lags: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._apart = clock.now() - clock.monotonic()
        self._due = loop.time() + TICK_SECONDS
        self._handle = loop.call_at(self._due, self.tick)

    def tick(self) -> None:
        """Compare both clocks, note the lag, and come again."""
        now = self._loop.time()
        self._lags.append((now, max(now - self._due, 0.0)))
        self._due = now + TICK_SECONDS
        self._handle = self._loop.call_at(self._due, self.tick)
        self.compare()

    def compare(self) -> None:
        """Compare both clocks now: before something is done that goes by the one on the wall."""
        apart = self._clock.now() - self._clock.monotonic()
        jumped, self._apart = apart - self._apart, apart
        if abs(jumped) > STEP_SECONDS:
            self._stepped(jumped)

    def lag_since(self, started: float) -> float:
        """The longest the loop was late, in seconds, from ``started`` (monotonic) until now."""
        worst = max(self._loop.time() - self._due, 0.0)
        for at, lag in reversed(self._lags):
            worst = max(worst, lag)
            if at <= started:
                break
        return worst

    def recent_lag(self) -> float:
        """The longest the loop was late within the last second."""
        return self.lag_since(self._loop.time() - 1.0)

    def stop(self) -> None:
        """Tick no more."""
        self._handle.cancel()
