"""Who has to answer for what, as the files say it and the evidence allows."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from opsconsole.inventory.office import ApplicationEntry, Inventory, OpdEntry, PersonEntry
from opsconsole.inventory.readiness import ReadinessRules
from opsconsole.readiness.evidence import Book
from opsconsole.readiness.validity import stretch, turning_points

T = TypeVar("T")

# What an application that is none is measured as: that of an OPD which runs nothing.
NO_TIER = 4
# Above it, applications alone decide where an OPD stands.
_COUNTING_TIER = 2
# What is found of an office of 60 OPD and 200 people fits ten times.
_MOST_REMEMBERED = 20_000


class Post(NamedTuple):
    """What somebody answers for: an application of a tier, or an OPD as a whole."""

    opd: str
    application: str = ""
    tier: int = NO_TIER


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a level is found from, but the time.

    ``late`` are the OPD with an action after an incident that is late. ``alike`` is, for each tier, the first
    one of which the same is asked. ``turns`` are the `turning_points` of the book.
    """

    rules: ReadinessRules
    zone: ZoneInfo
    book: Book
    opds: Mapping[str, OpdEntry]
    people: Mapping[str, PersonEntry]
    applications: Mapping[str, list[ApplicationEntry]]
    late: frozenset[str] = frozenset()
    by_opd: dict[str, list[PersonEntry]] = field(default_factory=dict)
    by_row: dict[str, list[PersonEntry]] = field(default_factory=dict)
    alike: dict[int, int] = field(default_factory=dict)
    stands_in: dict[str, list[PersonEntry]] = field(default_factory=dict)
    turns: Sequence[float] = ()
    # What was found already: most applications of an OPD are answered for by the same people, and most
    # questions are asked again before anything has changed.
    _memo: dict[Hashable, Any] = field(default_factory=dict)

    def remembered(self, key: Hashable, now: float, find: Callable[[], T]) -> T:
        """What is found under this key at ``now``, or was at a moment that nothing lies between."""
        whole = (key, self.late, stretch(self.turns, now, self.zone))
        found: T | None = self._memo.get(whole)
        if found is None:
            if len(self._memo) >= _MOST_REMEMBERED:
                self._memo.clear()
            found = self._memo[whole] = find()
        return found


def make_ground(inventory: Inventory, book: Book, late: frozenset[str] = frozenset()) -> Ground:
    """What an inventory says, with the evidence that there is."""
    applications: dict[str, list[ApplicationEntry]] = {}
    for row in inventory.applications.values():
        if row.active:
            applications.setdefault(row.opd, []).append(row)
    ground = Ground(
        rules=inventory.readiness,
        zone=inventory.calendar.zone,
        book=book,
        opds=inventory.opds,
        people=inventory.people,
        applications=applications,
        late=late,
        alike=_alike(inventory.readiness),
        turns=turning_points(book.rows(), inventory.readiness.evidence, inventory.calendar.zone),
    )
    for person in inventory.people.values():
        if _has_left(ground, person):
            continue
        if not person.applications:
            ground.by_opd.setdefault(person.opd, []).append(person)
        for row_id in person.applications:
            ground.by_row.setdefault(row_id, []).append(person)
        for other in person.backup_of:
            ground.stands_in.setdefault(other, []).append(person)
    return ground


def _alike(rules: ReadinessRules) -> dict[int, int]:
    first: dict[object, int] = {}
    found = {}
    for tier in range(1, NO_TIER + 1):
        needs = [need.what for level in rules.levels for need in level.needs if tier in need.tiers]
        valid = [one.valid_for(tier) for one in rules.evidence.values()]
        found[tier] = first.setdefault((*needs, *valid), tier)
    return found


def _has_left(ground: Ground, person: PersonEntry) -> bool:
    """Whether they retired, though the files still name them."""
    return any(one.variant == "retirement" for one in ground.book.changes(person.id, "") if one.person)


def holders(ground: Ground, duty: str, post: Post) -> list[PersonEntry]:
    """Who holds a duty: those named for the application, else those of its OPD, else of the one above."""
    named, opd = _with(ground.by_row.get(post.application, ()), duty), post.opd
    while not named and opd:
        named = _with(ground.by_opd.get(opd, ()), duty)
        opd = ground.opds[opd].parent
    return named


def backups(ground: Ground, person: PersonEntry, post: Post) -> list[PersonEntry]:
    """Who stands in for a person: those who say so, and the backups of all that this person answers for."""
    of_all = holders(ground, "backup", post._replace(opd=person.opd))
    return [
        *ground.stands_in.get(person.id, ()),
        *(one for one in of_all if not one.backup_of and one.id != person.id),
    ]


def scope(ground: Ground, person: PersonEntry, post: Post) -> str:
    """The application where it makes a difference which one it is, else empty."""
    known = ground.book.scoped
    if person.id in known or post.application in known or post.application in ground.by_row:
        return post.application
    return ""


def counted(ground: Ground, opd: str) -> list[ApplicationEntry]:
    """The applications that decide where an OPD stands: those of tiers 1 and 2, all where it has none."""
    rows = ground.applications.get(opd, [])
    return [row for row in rows if row.tier <= _COUNTING_TIER] or rows


def _with(people: Iterable[PersonEntry], duty: str) -> list[PersonEntry]:
    return [one for one in people if duty in one.duties]
