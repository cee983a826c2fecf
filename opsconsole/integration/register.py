"""The OPD register by day: who was in being, who came from whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from opsconsole.inventory.office import OpdEntry
from opsconsole.inventory.road_model import Definition

_DAY = timedelta(days=1)

ChangeKind = Literal["founded", "ended", "renamed", "merged", "split", "rearranged"]


class Change(NamedTuple):
    """What became of OPD on a day: codes that ended the day before or gave a part, codes that began."""

    day: date
    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]


class Register:
    """The agencies of an office, each with its days."""

    def __init__(self, opds: Mapping[str, OpdEntry]) -> None:
        self._opds = opds
        self._codes = {code.casefold(): code for code in opds}

    def code(self, text: str) -> str:
        """A code as its file writes it, however it was typed; as it is where there is none."""
        return self._codes.get(text.casefold(), text)

    def on(self, day: date) -> list[OpdEntry]:
        """The agencies in being on a day."""
        return [one for one in self._opds.values() if one.active_on(day)]

    def scope(self, definition: Definition, day: date) -> list[OpdEntry]:
        """Those of them that a definition counts."""
        return [one for one in self.on(day) if one.kind in definition.kinds]

    def family(self, code: str) -> frozenset[str]:
        """An agency and all below it."""
        return frozenset(one for one in self._opds if code in self._line(one))

    def successors(self, code: str) -> tuple[str, ...]:
        """Who came after it."""
        return tuple(one.code for one in self._opds.values() if code in one.predecessors)

    def changes(self, kinds: Iterable[str], start: date, end: date) -> list[Change]:
        """What changed among agencies of these kinds after ``start`` up to ``end``, by day."""
        counted = {one.code: one for one in self._opds.values() if one.kind in set(kinds)}
        days = {one.valid_from for one in counted.values() if one.valid_from}
        days |= {one.valid_to + _DAY for one in counted.values() if one.valid_to and one.valid_to < date.max}
        return [change for day in sorted(days) if start < day <= end for change in _changes_of(counted, day)]

    def last_change(self, kinds: Iterable[str], day: date) -> date | None:
        """The last day up to ``day`` on which one began or ended."""
        changes = self.changes(kinds, date.min, day)
        return changes[-1].day if changes else None

    def _line(self, code: str) -> Iterator[str]:
        while code:
            yield code
            code = self._opds[code].parent


def _changes_of(opds: Mapping[str, OpdEntry], day: date) -> Iterator[Change]:
    """The groups of agencies that a day ties together, each a change of its own."""
    gone = {
        one.code
        for one in opds.values()
        if one.valid_to is not None and day > date.min and one.valid_to == day - _DAY
    }
    ended = set(gone)
    began = {one.code for one in opds.values() if one.valid_from == day}
    links = {code: {one for one in opds[code].predecessors if one in opds} for code in began}
    left = set(began)
    for code in sorted(began):
        if code not in left:
            continue
        after, before = _group(code, links)
        left -= after
        ended -= before
        yield Change(day, _kind(before, after, before - gone), tuple(sorted(before)), tuple(sorted(after)))
    for code in sorted(ended):
        yield Change(day, "ended", (code,), ())


def _group(code: str, links: Mapping[str, set[str]]) -> tuple[set[str], set[str]]:
    after, before = {code}, set(links[code])
    while True:
        more = {one for one in links if one not in after and links[one] & before}
        if not more:
            return after, before
        after |= more
        before |= {one for code in more for one in links[code]}


def _kind(before: set[str], after: set[str], stay: set[str]) -> ChangeKind:
    """``stay`` are those of ``before`` that only gave a part."""
    if stay and len(before) == 1:
        return "split"
    match min(len(before), 2), min(len(after), 2):
        case 0, _:
            return "founded"
        case 1, 1:
            return "renamed"
        case 2, 1:
            return "merged"
        case 1, _:
            return "split"
    return "rearranged"
