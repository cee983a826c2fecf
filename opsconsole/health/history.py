"""What was shown over a stretch of the past, and what that adds up to. Pure.

Times are whole milliseconds since the epoch, so that what is added up is exact.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from opsconsole.client.history import ENGINE_OFF
from opsconsole.client.shapes import State
from probes.observation import Param

_UP = (State.UP, State.WARN)
_DOWN = (State.DOWN, State.UNREACHABLE)
_EXCLUDED = (State.MAINT, State.CLOSED, State.OFF)

Interval = tuple[int, int]


class Turn(NamedTuple):
    """A change of what is shown, at ``at``."""

    at: int
    before: State
    after: State
    reason: str = ""
    params: dict[str, Param] = {}


class Stretch(NamedTuple):
    """From ``start`` to ``end`` one state held, for one reason."""

    start: int
    end: int
    state: State
    reason: str = ""
    params: dict[str, Param] = {}


class Account(NamedTuple):
    """Milliseconds by what they count as; they add up to the time that was asked about."""

    up: int
    down: int
    unknown: int
    excluded: int

    @property
    def counted(self) -> int:
        """What availability is a part of."""
        return self.up + self.down + self.unknown

    def percentages(self) -> tuple[float, float, float] | None:
        """Availability with unknown as down, with unknown as up, and how much is known; None for nothing."""
        if not self.counted:
            return None
        share = 100 / self.counted
        return self.up * share, (self.up + self.unknown) * share, (self.up + self.down) * share


def held(
    turns: Sequence[Turn], now_shown: State, first: int, runs: Iterable[Interval], window: Interval
) -> list[Stretch]:
    """What held in ``window``, without a gap.

    ``turns`` are in order of time: those in the window, and the last one before it where there is one.
    ``now_shown`` is what is shown now, for something that never changed; before ``first``, when it was
    first configured, it is pending. Outside the engine's ``runs`` nothing is known.
    """
    start, end = window
    shown = list(_shown(turns, now_shown, first, window))
    stretches: list[Stretch] = []
    at = start
    for begin, finish in (*_joined(runs, window), (end, end)):
        if at < begin:
            stretches.append(Stretch(at, begin, State.UNKNOWN, ENGINE_OFF))
        stretches += [
            one._replace(start=max(one.start, begin), end=min(one.end, finish))
            for one in shown
            if one.start < finish and one.end > begin
        ]
        at = finish
    return stretches


def _shown(turns: Sequence[Turn], now_shown: State, first: int, window: Interval) -> Iterable[Stretch]:
    start, end = window
    at = min(max(first, start), end)
    if start < at:
        yield Stretch(start, at, State.PENDING)
    state, reason = turns[0].before if turns else now_shown, ""
    params: dict[str, Param] = {}
    for turn in turns:
        if at < (until := min(turn.at, end)):
            yield Stretch(at, until, state, reason, params)
            at = until
        state, reason, params = turn.after, turn.reason, turn.params
    if at < end:
        yield Stretch(at, end, state, reason, params)


def _joined(runs: Iterable[Interval], window: Interval) -> list[Interval]:
    """The runs inside the window, those that touch made one."""
    start, end = window
    joined: list[Interval] = []
    for begin, finish in sorted((max(one[0], start), min(one[1], end)) for one in runs):
        if begin >= finish:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(finish, joined[-1][1]))
        else:
            joined.append((begin, finish))
    return joined


def account(stretches: Iterable[Stretch]) -> Account:
    """Their time by what it counts as."""
    up = down = unknown = excluded = 0
    for one in stretches:
        length = one.end - one.start
        if one.state in _UP:
            up += length
        elif one.state in _DOWN:
            down += length
        elif one.state in _EXCLUDED:
            excluded += length
        else:
            unknown += length
    return Account(up, down, unknown, excluded)


def worst(stretches: Sequence[Stretch], start: int, step: int, count: int) -> list[State]:
    """The worst state that held in each of ``count`` cells of ``step`` from ``start`` on."""
    cells = [State.UP] * count
    known = [False] * count
    for one in stretches:
        begin, finish = (one.start - start) // step, -(-(one.end - start) // step)
        for number in range(max(begin, 0), min(finish, count)):
            if not known[number] or one.state.severity < cells[number].severity:
                cells[number], known[number] = one.state, True
    return cells


def p95(values: Iterable[float]) -> float:
    """The value that 95 % do not exceed, by nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else 0.0
