"""Evidence as the rules see it: rows, and a book of those that count, by person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import msgspec

# Kinds beside those of `inventory.readiness.EvidenceCode`.
CHANGE: Final = "CH"
MEANS: Final = "MN"
REMINDER: Final = "RM"
VOID: Final = "VO"

PASSED, LATE, MISSED = "pass", "late", "missed"
ANSWERED, NO_ANSWER = "answered", "none"
INSIDE, OUTSIDE = "inside", "outside"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row as `tables.EvidenceRow` keeps it, times in seconds since the epoch.

    ``application`` is one, several with commas between, or empty where it holds for all. ``voids`` are the
    kinds that a change takes away; ``duties`` those of whom it was about.
    """

    id: int
    kind: str
    person: str = ""
    opd: str = ""
    application: str = ""
    at: float
    until: float | None = None
    result: str = ""
    source: str = "seen"
    variant: str = ""
    voids: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()


class Book:
    """The rows that were not taken back, ready to be asked. It never changes.

    Rows are numbered as they were recorded. A change (a transfer, a new number) takes away what was recorded
    before it of the kinds that it names: of its person, of everybody of its OPD where it names none, or for
    its application. ``scoped`` are the people of whom something holds for some applications only, and the
    applications that something was taken away for.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._of_person: dict[str, list[Row]] = defaultdict(list)
        self._of_opd: dict[str, list[Row]] = defaultdict(list)
        self._left: dict[str, list[Row]] = defaultdict(list)
        self._of_application: dict[str, list[Row]] = defaultdict(list)
        self.scoped: set[str] = set()
        for row in rows:
            if row.application:
                self.scoped.add(row.person or row.application)
            if row.kind != CHANGE:
                self._rows[row.person or row.opd, row.kind].append(row)
            elif row.person:
                self._of_person[row.person].append(row)
                self._left[row.opd].append(row)
            elif row.application:
                self._of_application[row.application].append(row)
            else:
                self._of_opd[row.opd].append(row)

    def rows(self) -> Iterator[Row]:
        """All of them, changes left out."""
        return chain.from_iterable(self._rows.values())

    def recorded(self, owner: str, kind: str) -> list[Row]:
        """All rows of a kind about a person, or about an OPD by its code, in the order of their numbers."""
        return self._rows.get((owner, kind), [])

    def changes(self, person: str, opd: str, application: str = "") -> list[Row]:
        """The changes that concern a person of an OPD who answers for an application."""
        return [
            *self._of_person.get(person, ()),
            *self._of_opd.get(opd, ()),
            *self._of_application.get(application, ()),
        ]

    def left(self, opd: str) -> list[Row]:
        """The changes of single people whose OPD this was then."""
        return self._left.get(opd, [])

    def counting(self, person: str, opd: str, kind: str, application: str = "") -> list[Row]:
        """The rows of a kind about a person that no change has taken away, for an application."""
        rows = self._rows.get((person, kind))
        if not rows:
            return []
        taken = [one for one in self.changes(person, opd, application) if kind in one.voids]
        return [
            row
            for row in rows
            if (not row.application or application in row.application.split(","))
            and not any(one.id > row.id for one in taken)
        ]

    def taken_away(self, person: str, opd: str, kind: str, application: str = "") -> Row | None:
        """The last change that took evidence of a kind away, None where none did."""
        rows = self._rows.get((person, kind), ())
        changes = self.changes(person, opd, application)
        taken = [one for one in changes if kind in one.voids and any(row.id < one.id for row in rows)]
        return max(taken, key=lambda one: one.id, default=None)
