"""One timer for the moments, by the wall clock, at which something begins or ends."""

from collections.abc import Callable

from opsconsole.base.clock import Clock
from opsconsole.engine.around import Timer, Timers

# The loop's clock may drift from the one on the wall: after so long the two are compared again.
_LONGEST_SECONDS = 600.0


class Edges:
    """Calls ``reached()`` in the loop at each edge. ``next_edge(now)`` is the first one after ``now``.

    A step of the wall clock is not noticed here: whoever does calls `plan` again.
    """

    def __init__(
        self,
        loop: Timers,
        clock: Clock,
        next_edge: Callable[[float], float | None],
        reached: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._next_edge = next_edge
        self._reached = reached
        self._handle: Timer | None = None

    def plan(self) -> None:
        """Wait for the next edge there is now, in place of the one before."""
        self.stop()
        now = self._clock.now()
        edge = self._next_edge(now)
        if edge is not None:
            self._handle = self._loop.call_later(min(edge - now, _LONGEST_SECONDS), self._reached)

    def stop(self) -> None:
        """Wait for none."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
