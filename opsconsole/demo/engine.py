"""The demo's engine: spawned before there is an office, it reads its code while that is written.

``python -m opsconsole.demo.engine`` waits for one line on standard input, when the city opened and the demo's
home, and then is an engine like any other, but for ending with its last console, and for a wall clock that
the story puts wrong.
"""

import sys
from pathlib import Path

from opsconsole.base.clock import SystemClock
from opsconsole.base.paths import home_place
from opsconsole.demo.story import ahead
from opsconsole.engine.run import run_engine


class StoryClock(SystemClock):
    """The machine's clock as the story has it. ``opened_at`` is when the city opened, monotonic."""

    def __init__(self, opened_at: float) -> None:
        self._opened_at = opened_at

    def now(self) -> float:
        """Seconds since the epoch, UTC, wrong while the story says so."""
        return super().now() + ahead(self.monotonic() - self._opened_at)


def main() -> int:
    """Run the engine; 0 as well when standard input ends before a home is named."""
    opened_at, _blank, home = sys.stdin.readline().rstrip("\n").partition(" ")
    if not home:
        return 0
    return run_engine(home_place(Path(home)), demo=True, clock=StoryClock(float(opened_at)))


if __name__ == "__main__":
    sys.exit(main())
