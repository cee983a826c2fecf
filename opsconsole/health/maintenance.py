"""Which applications are under maintenance, until when, and by which of several windows. Pure.

A window is fixed, from a start to an end; flexible: it begins with the first trouble between the two,
confirmed or not, and lasts from there, past the end if need be; or triggered: it begins when the
maintenance of something else does, and ends with it unless it lasts on its own. Windows that overlap nest:
what they cover is under maintenance until the last of them ends.

Times are seconds since the epoch; a window's end is no longer in it.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from opsconsole.base.clock import utc
from probes.observation import Param

# Subjects beside the id of a row.
OPD, EVERYTHING = "opd:", "*"


class Kind(StrEnum):
    """How a window begins."""

    FIXED = "fixed"
    FLEXIBLE = "flexible"
    TRIGGERED = "triggered"


class Subject(msgspec.Struct, frozen=True):
    """A row that may be covered: its id, and the code of its agency, empty for a service."""

    id: str
    opd: str = ""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One planned window.

    ``key`` tells it from all others; ``subjects`` are row ids, ``opd:CODE`` or ``*``. ``start`` and
    ``end`` are those of a fixed one, else when it may begin. ``lasts`` is how long a flexible one lasts once
    it began, and a triggered one that does not end with ``parent``. ``began`` is when it did; ``ends`` is
    when it will end, known once it began. ``by`` and ``why`` are who planned it, and why.
    """

    key: str
    subjects: tuple[str, ...]
    kind: Kind = Kind.FIXED
    start: float
    end: float
    lasts: float = 0.0
    parent: Subject = Subject("")
    began: float | None = None
    ends: float = 0.0
    by: str = ""
    why: str = ""

    @property
    def runs(self) -> bool:
        """Whether it had begun and not ended when it was last turned."""
        return self.began is not None

    def covers(self, subject: Subject) -> bool:
        """Whether this row is one of its subjects."""
        return any(
            one in (EVERYTHING, subject.id)
            or (subject.opd and one.casefold() == OPD + subject.opd.casefold())
            for one in self.subjects
        )


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """What became of windows: those that still matter, and of them or of the rest what is new."""

    windows: tuple[Window, ...] = ()
    begun: tuple[Window, ...] = ()
    over: tuple[Window, ...] = ()


def turn(windows: Iterable[Window], now: float, in_trouble: Callable[[Window], bool]) -> Turned:
    """The windows at ``now``.

    ``in_trouble(window)`` says whether something that it covers is, by itself; it is asked of flexible
    windows alone. A window that ended leaves the list; one that never began does too once it can not. One
    that began later than ``now``, by a clock that was set back since, has not begun.
    """
    before, at = tuple(windows), round(now, 3)
    standing = {one.key: _by_itself(_set_back(one, at), at, in_trouble) for one in before}
    after = {key: one for key, one in standing.items() if one is not None}
    _follow(after, at)
    return Turned(
        windows=tuple(after[one.key] for one in before if one.key in after),
        begun=tuple(
            after[one.key] for one in before if one.key in after and after[one.key].runs and not one.runs
        ),
        over=tuple(one for one in before if one.key not in after),
    )


def cover(windows: Iterable[Window], subject: Subject) -> Window | None:
    """Of the windows that run over a row the one that ends last, which is what is shown."""
    running = [one for one in windows if one.runs and one.covers(subject)]
    return max(running, key=lambda one: (one.ends, one.start, one.key), default=None)


def next_edge(windows: Iterable[Window], now: float) -> float | None:
    """The first moment after ``now`` at which one of them begins, may begin or ends; None for none."""
    edges = (edge for one in windows for edge in ((one.ends,) if one.runs else (one.start, one.end)))
    return min((edge for edge in edges if edge > now), default=None)


def params(window: Window) -> dict[str, Param]:
    """What the reason of a row says that it covers: until when, by whom, and what for."""
    return {"until": f"{utc(window.ends):%Y-%m-%dT%H:%M:%SZ}", "by": window.by, "why": window.why}


def _set_back(one: Window, now: float) -> Window:
    return one if one.began is None or one.began <= now else replace(one, began=None, ends=0.0)


def _by_itself(one: Window, now: float, in_trouble: Callable[[Window], bool]) -> Window | None:
    """A window at ``now`` for all that does not hang on others; None when it is over."""
    if one.runs:
        return one if _hangs(one) or now < one.ends else None
    if now >= one.end:
        return None
    if now < one.start or one.kind is Kind.TRIGGERED:
        return one
    if one.kind is Kind.FIXED:
        return replace(one, began=now, ends=one.end)
    return replace(one, began=now, ends=round(now + one.lasts, 3)) if in_trouble(one) else one


def _hangs(one: Window) -> bool:
    """Whether it is what others are that decides about it."""
    return one.kind is Kind.TRIGGERED and not (one.runs and one.lasts)


def _follow(after: dict[str, Window], now: float) -> None:
    """Let what hangs on other windows begin, go on and end with them.

    It is found anew from what stands by itself, so that two that are each other's parent do not hold each
    other up.
    """
    hanging = [one for one in after.values() if _hangs(one)]
    for one in hanging:
        del after[one.key]
    waiting = hanging
    while followed := [one for one in waiting if one.start <= now and cover(after.values(), one.parent)]:
        for one in followed:
            above = cover(after.values(), one.parent)
            assert above is not None
            began = now if one.began is None else one.began
            ends = round(now + one.lasts, 3) if one.lasts else above.ends
            after[one.key] = replace(one, began=began, ends=ends)
        waiting = [one for one in waiting if one.key not in after]
    after.update((one.key, one) for one in waiting if not one.runs)
