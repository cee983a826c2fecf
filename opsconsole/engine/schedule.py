"""When each probe is looked at next. Pure: every time is passed in.

Due times lie on the monotonic clock, so that a step of the wall clock neither delays nor repeats a
look. Wall time is asked only where a phase is set: a stable hash spreads the probes over their
interval, the same way in every run, so that a restart keeps the spread.
"""

import hashlib
import heapq
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count
from math import floor
from typing import Generic, NamedTuple, TypeVar

# Probes never looked at have their first look within ten seconds of a start, few of them sooner.
FIRST_SWEEP_SECONDS = 10.0
FIRST_PER_SECOND = 50.0
# Looks that fell due while nothing ran are made up for at this pace: a long pause ends in no flood.
CATCH_UP_PER_SECOND = 100.0
# Looks at one probe are at least so much of its interval apart. A little under half, so that half an
# interval, which `Rhythm.after` may leave, is enough whatever rounding does.
_LEAST_SHARE = 0.49
# Few as they may be, they do not all start at once.
_LEAST_SECONDS = 0.3


SCHEDULE = "schedule"
RETRY = "retry"
RECHECK = "recheck"
SWEEP = "sweep"


class Turn(NamedTuple):
    """When a probe is due and what for: a trigger of `store.looks.TRIGGERS`.

    ``in_phase``: the time is the probe's own phase, so it goes on from there by whole intervals.
    """

    due: float
    in_phase: bool
    trigger: str = SCHEDULE


def spread(key: str) -> float:
    """A number in [0, 1) that is the same for the same key in every run."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


class Windows(NamedTuple):
    """Over how many seconds first looks and overdue looks are spread."""

    first: float
    overdue: float


def windows(first: int, overdue: int) -> Windows:
    """The windows for so many looks of each."""
    return Windows(
        min(max(first / FIRST_PER_SECOND, _LEAST_SECONDS), FIRST_SWEEP_SECONDS),
        max(overdue / CATCH_UP_PER_SECOND, _LEAST_SECONDS),
    )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often one probe is looked at, in seconds; ``share`` in [0, 1) places it within the interval."""

    every: float
    retry: float
    share: float

    def after(self, started: float, *, soft: bool) -> Turn:
        """The turn after a look that started at wall time ``started``, as wall time.

        ``soft``: a failure is unconfirmed, so it is one ``retry`` later. Otherwise the probe finds to
        its phase in one step or two, each between about half an interval and a whole one.
        """
        if soft:
            return Turn(started + self.retry, False, RETRY)
        ahead = (self.share * self.every - started) % self.every or self.every
        if ahead >= self.every * _LEAST_SHARE:
            return Turn(started + ahead, True)
        return Turn(started + (self.every + ahead) / 2, False)

    def next(self, turn: Turn, started: float, now: float, wall: float, *, soft: bool) -> Turn:
        """The turn after ``turn``, whose look started at ``started`` and ended at ``now``.

        All but ``wall``, the wall time at ``now``, are monotonic. Turns that passed meanwhile are left
        out; a turn is never in the past.
        """
        if not soft and turn.in_phase:
            behind = max(now - turn.due, 0.0)
            return Turn(turn.due + self.every * (behind // self.every + 1), True)
        ahead = self.after(wall - now + started, soft=soft)
        return ahead._replace(due=max(now, ahead.due - wall + now))

    def resume(self, started: float | None, now: float, wall: float, within: Windows, *, soft: bool) -> Turn:
        """The first turn (monotonic) after a start, a pause or a change of configuration.

        ``started`` is the wall time of the last look, None where there was none. First and overdue looks
        are spread over the windows of ``within``.
        """
        if started is None:
            return Turn(now + self.share * within.first, False, SWEEP)
        planned = self.after(min(started, wall), soft=soft)
        if planned.due < wall:
            return Turn(now + self.share * min(within.overdue, self.every), False, SWEEP)
        return planned._replace(due=now + planned.due - wall)

    def turns(self, since: float, until: float) -> tuple[int, float]:
        """How many turns it has after ``since`` and up to ``until`` (wall time), and the first after it."""
        phase = self.share * self.every
        before, last = (floor((at - phase) / self.every) for at in (since, until))
        return max(last - before, 0), phase + self.every * (before + 1)

    def overdue(self, started: float | None, wall: float, *, soft: bool) -> bool:
        """Whether a probe last looked at at wall time ``started`` should have been looked at again."""
        return started is not None and self.after(min(started, wall), soft=soft).due < wall


K = TypeVar("K", bound=Hashable)


class Schedule(Generic[K]):
    """Turns in the order in which they are due; each key has one at most."""

    def __init__(self) -> None:
        self._turns: dict[K, tuple[Turn, int]] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._turns)

    def put(self, key: K, turn: Turn) -> None:
        """Plan ``key`` for ``turn``, instead of any turn it had."""
        number = next(self._numbers)
        self._turns[key] = (turn, number)
        heapq.heappush(self._heap, (turn.due, number, key))

    def remove(self, key: K) -> None:
        """Forget ``key``."""
        self._turns.pop(key, None)

    def take(self, until: float) -> list[tuple[Turn, K]]:
        """Remove and return what is due up to ``until``, in order."""
        taken = []
        heap, turns = self._heap, self._turns
        while heap and heap[0][0] <= until:
            _, number, key = heapq.heappop(heap)
            planned = turns.get(key)
            if planned is not None and planned[1] == number:
                del turns[key]
                taken.append((planned[0], key))
        return taken
