"""What an application was like over a while: the query, its answer, and the cells that it is drawn in."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from opsconsole.client.query import Moment, Query
from opsconsole.client.shapes import State
from probes.observation import Param

Window = Literal["1h", "24h", "7d"]
WINDOWS: tuple[Window, ...] = get_args(Window)
SECONDS: dict[Window, int] = {"1h": 3600, "24h": 86_400, "7d": 604_800}
# How long one cell may be, the finest first: whole minutes and hours, so that people can count in them.
_STEPS: dict[Window, tuple[int, ...]] = {
    "1h": (60, 120, 300, 600),
    "24h": (1200, 1800, 3600, 7200),
    "7d": (7200, 10_800, 14_400, 21_600, 43_200),
}
MOST_CELLS = 200
# The reason of a stretch in which we were not there to look.
ENGINE_OFF = "engine_off"


def step_of(window: Window, cells: int) -> int:
    """How many seconds one cell is, where at most ``cells`` of them fit; the coarsest where none does."""
    fitting = [step for step in _STEPS[window] if SECONDS[window] <= step * cells]
    return fitting[0] if fitting else _STEPS[window][-1]


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """One cell. ``state`` is the worst that held in it; ``failures`` are looks that found it down.

    ``p95_ms`` is over the looks that were answered, ``answered`` of them.
    """

    at: datetime
    state: State
    p95_ms: float = 0.0
    looks: int = 0
    answered: int = 0
    failures: int = 0


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in one state, and why."""

    start: datetime
    end: datetime
    state: State
    reason: str = ""
    params: dict[str, Param] = {}


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What held from ``start`` to ``end``, in cells of ``step_s`` seconds and as the stretches themselves.

    The four times are seconds and always add up to the window: up with WARN, down with CUT OFF, unknown
    with PENDING and STALE, and what does not count (MAINT, CLOSED, OFF). ``low_pct`` is the availability
    with all unknown time as down, ``high_pct`` with all of it as up, both None when nothing counts;
    ``coverage_pct`` is how much of what counts is known. ``first_at`` is when it was first configured,
    ``first_look_at`` when the oldest look that is kept was made.
    """

    application: str
    probe: str
    window: Window
    start: datetime
    end: datetime
    step_s: int
    buckets: tuple[Bucket, ...] = ()
    stretches: tuple[Held, ...] = ()
    up_s: float = 0.0
    down_s: float = 0.0
    unknown_s: float = 0.0
    excluded_s: float = 0.0
    low_pct: float | None = None
    high_pct: float | None = None
    coverage_pct: float | None = None
    p95_ms: float = 0.0
    looks: int = 0
    failures: int = 0
    slow_over_s: float = 0.0
    first_at: datetime | None = None
    first_look_at: datetime | None = None


class AskHistory(Query[History], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The history of an application, or of one of its probes, over the window that ends at ``until``.

    ``until`` None is now. ``probe`` empty: what the application showed, and the looks of all its probes.
    ``cells`` is how many cells there is room for; ``stretches`` asks for each stretch of time as well.
    """

    application: str
    probe: str = ""
    window: Window = "24h"
    until: Moment | None = None
    cells: int = 72
    stretches: bool = False
