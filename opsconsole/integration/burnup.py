"""The two lines of the road by day: how many OPD are counted, and how many of them are done. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from opsconsole.client.integration import BurnNote, BurnPoint, Measure
from opsconsole.integration.register import Register
from opsconsole.inventory.road_model import Definition

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Move(NamedTuple):
    """An OPD reached a measure on a day, or lost it; ``why`` is a code or what the history says."""

    day: date
    opd: str
    measure: Measure
    gained: bool
    why: str = ""


def held(moves: Iterable[Move], day: date) -> dict[tuple[str, Measure], date]:
    """Since when each OPD has had each measure, on a day."""
    found: dict[tuple[str, Measure], date] = {}
    for move in sorted(moves, key=lambda move: move.day):
        if move.day > day:
            break
        if move.gained:
            found.setdefault((move.opd, move.measure), move.day)
        else:
            found.pop((move.opd, move.measure), None)
    return found


class Lines:
    """The done lines of one definition. ``moves`` are those up to the day that is asked about."""

    def __init__(self, register: Register, definition: Definition, moves: Iterable[Move]) -> None:
        self._register = register
        self._definition = definition
        self._moves = tuple(moves)

    def scope(self, day: date) -> frozenset[str]:
        """The OPD that are counted on a day."""
        return frozenset(one.code for one in self._register.scope(self._definition, day))

    def since(self, measure: Measure, day: date) -> dict[str, date]:
        """Since when each OPD in scope has had a measure; whoever is integrated is connected too."""
        scope = self.scope(day)
        found: dict[str, date] = {}
        for (code, has), began in held(self._moves, day).items():
            if code in scope and has in (measure, "integrated"):
                found[code] = min(began, found.get(code, began))
        return found

    def done(self, measure: Measure, day: date) -> frozenset[str]:
        """The OPD in scope that have a measure on a day."""
        return frozenset(self.since(measure, day))

    def steps(self, measure: Measure, after: date, until: date) -> list[tuple[date, int, int]]:
        """Gains and falls of each day on which there were any, after one day up to another.

        What a change of the register adds or takes away is neither.
        """
        steps = []
        for day in sorted({move.day for move in self._moves if after < move.day <= until}):
            both = self.scope(day) & self.scope(day - _DAY)
            was, now = self.done(measure, day - _DAY), self.done(measure, day)
            new = {code for code in now - was if code in both or code not in self.scope(day - _DAY)}
            gone = {code for code in was - now if code in both}
            if new or gone:
                steps.append((day, len(new), len(gone)))
        return steps

    def weekly(self, measure: Measure, day: date, weeks: int) -> tuple[list[int], int]:
        """Gains minus falls of each of the weeks up to and with a day, the oldest first; and all gains."""
        start = day - weeks * _WEEK
        net, gains = [0] * weeks, 0
        for when, gained, fell in self.steps(measure, start, day):
            net[((when - start).days - 1) // 7] += gained - fell
            gains += gained
        return net, gains

    def burn_up(self, measure: Measure, start: date, end: date) -> list[BurnPoint]:
        """Both lines as steps, from a day to another."""
        changes = self._register.changes(self._definition.kinds, start, end)
        days = {start, end, *(change.day for change in changes)}
        days |= {move.day for move in self._moves if start < move.day <= end}
        points: list[BurnPoint] = []
        for day in sorted(days):
            point = BurnPoint(day, len(self.scope(day)), len(self.done(measure, day)))
            if day in (start, end) or (points[-1].scope, points[-1].done) != (point.scope, point.done):
                points.append(point)
        return points

    def notes(self, measure: Measure, start: date, end: date) -> list[BurnNote]:
        """What moved the lines, in order of days."""
        notes = [
            BurnNote(day=change.day, kind=change.kind, before=change.before, after=change.after)
            for change in self._register.changes(self._definition.kinds, start, end)
        ]
        notes += [
            BurnNote(
                day=move.day,
                kind="gained" if move.gained else "lost",
                after=(move.opd,) if move.gained else (),
                before=() if move.gained else (move.opd,),
                measure=move.measure,
                why=move.why,
            )
            for move in self._moves
            if start < move.day <= end and move.measure in (measure, "integrated")
        ]
        return sorted(notes, key=lambda note: note.day)


def first_day(starts: Sequence[date], moves: Iterable[Move], fallback: date) -> date:
    """Where the road begins: its first milestone, or the first that happened before it."""
    return min([*starts, *(move.day - _DAY for move in moves)], default=fallback)
