"""Every short sequence of states under everything that keeps an announcement back.

The rule is Icinga 2's, for what it calls suppressed notifications: nothing while it lasts, and after it
one exactly when the state differs from the one before. Ours is held to it where Icinga 2 is known to
fail, too: at the end of flapping.
"""

from collections.abc import Iterator
from itertools import pairwise, product

import pytest

from opsconsole.health.announce import Standing, announce
from opsconsole.health.model import Health, Policy, Told
from tests.health.town import Town

LEVELS = (Health.UP, Health.WARN, Health.DOWN, Health.UNKNOWN)
KNOWN = LEVELS[:3]
COVERS = ("maint", "closed", "parent")
KINDS = (*COVERS, "flapping")
LONGEST = 5
# Of 1 to 5 states each sequence, 4 + 16 + 64 + 256 + 1,024; and each with every interval of it.
SEQUENCES = 1364
WITH_INTERVALS = 18_356

# Through the whole of it, from looks to announcements: of one to three states, of one to four.
LOOKED_AT, LOOKED_AT_FLAPPING = 436, 340
AT_ONCE = Policy(attempts=1, recoveries=1)
LETTERS = dict(zip(LEVELS, "uwd?", strict=True))

Levels = tuple[Health, ...]
Intervals = list[tuple[Levels, int, int]]


def sequences(longest: int = LONGEST) -> Iterator[Levels]:
    """Every sequence of one to ``longest`` states."""
    for length in range(1, longest + 1):
        yield from product(LEVELS, repeat=length)


def with_intervals(longest: int = LONGEST) -> Intervals:
    """Every sequence with every interval of it: the first and the last state that it covers."""
    return [
        (levels, first, last)
        for levels in sequences(longest)
        for first in range(len(levels))
        for last in range(first, len(levels))
    ]


def seen(level: Health, number: int, kind: str = "") -> Standing:
    """An application whose look of this number, ten seconds after the one before, confirmed ``level``."""
    return Standing(
        health=level,
        since=number * 10.0,
        seen_at=number * 10.0,
        cover=kind if kind in COVERS else "",
        wavers=kind == "flapping",
    )


def tellings(levels: Levels, kind: str, first: int, last: int) -> list[list[Health]]:
    """What is announced at each state, the first of them looked at when UP was announced last.

    One more look at the last state follows, so that each interval ends.
    """
    told, said = Told(announced=Health.UP), []
    for number, level in enumerate((*levels, levels[-1])):
        heard = []
        if number == last + 1 and kind in COVERS:
            # It ends between two looks: what was seen before is not announced.
            told, announcement = announce(told, seen(levels[last], last), number * 10.0 - 5)
            heard += [announcement.after] if announcement else []
        cover = kind if first <= number <= last else ""
        told, announcement = announce(told, seen(level, number, cover), number * 10.0 + 1)
        heard += [announcement.after] if announcement else []
        said.append(heard)
    return said


def test_without_anything_in_the_way_every_change_that_is_known_is_announced_once() -> None:
    checked = 0
    for levels in sequences():
        heard = [after for some in tellings(levels, "", 0, -1) for after in some]
        known = [Health.UP, *(level for level in levels if level in KNOWN)]
        assert heard == [after for before, after in pairwise(known) if after is not before], levels
        checked += 1
    assert checked == SEQUENCES


@pytest.mark.parametrize("kind", KINDS)
def test_what_keeps_announcements_back_ends_in_one_if_the_state_differs_and_in_none_else(kind: str) -> None:
    checked = 0
    for levels, first, last in with_intervals():
        said = tellings(levels, kind, first, last)
        before = ([Health.UP] + [after for some in said[:first] for after in some])[-1]
        assert said[first : last + 1] == [[]] * (last + 1 - first), (levels, first, last)
        at_the_end = (*levels, levels[-1])[last + 1]
        due = at_the_end in KNOWN and at_the_end is not before
        assert said[last + 1] == [at_the_end] * due, (levels, first, last)
        heard = [Health.UP, *(after for some in said for after in some)]
        assert all(one is not next_one for one, next_one in pairwise(heard)), (levels, first, last)
        if levels[-1] in KNOWN:
            assert heard[-1] is levels[-1], (levels, first, last)
        checked += 1
    assert checked == WITH_INTERVALS


@pytest.mark.parametrize("kind", COVERS)
def test_a_recovery_that_nobody_heard_a_failure_of_is_never_announced(kind: str) -> None:
    assert tellings((Health.DOWN, Health.DOWN, Health.UP), kind, 0, 1) == [[], [], [], []]
    # Icinga 2 (#5713) sends nothing when flapping ends in CRITICAL, and then a recovery of it.
    assert tellings((Health.DOWN, Health.DOWN, Health.UP), "flapping", 0, 0) == [
        [],
        [Health.DOWN],
        [Health.UP],
        [],
    ]


@pytest.mark.parametrize("kind", COVERS)
def test_one_thing_that_follows_another_is_one(kind: str) -> None:
    told = Told(announced=Health.UP)
    for number, cover in enumerate((kind, "maint", "flapping", kind)):
        told, announcement = announce(told, seen(Health.DOWN, number, cover), number * 10.0 + 1)
        assert announcement is None
    told, announcement = announce(told, seen(Health.DOWN, 9), 91.0)
    assert announcement is None
    told, announcement = announce(told, seen(Health.DOWN, 10), 101.0)
    assert announcement is not None and announcement.after is Health.DOWN
    assert announce(told, seen(Health.DOWN, 11), 111.0) == (told, None)


class Watched:
    """An application and its parent, looked at one after the other; what is told of the application."""

    def __init__(self) -> None:
        self.town = Town({"parent": [AT_ONCE], "app": [AT_ONCE]}, {"app": [["parent"]]})
        self.at = 0.0
        self.look("parent", "u")
        self.look("app", "u")

    def look(self, row: str, letter: str) -> list[Health]:
        """One look, and what it made people hear of the application."""
        self.at += 10
        before = len(self.town.said)
        self.town.look(row, 0, letter, self.at)
        return [after for of, _, after in self.town.said[before:] if of == "app"]

    def turn(self, kind: str) -> list[Health]:
        """Let what keeps announcements back begin, or end."""
        before = len(self.town.said)
        if kind == "parent":
            return self.look("parent", "u" if self.town.shown["parent"].state == "down" else "d")
        self.town.maintained ^= {"app"}
        self.town.settle(self.at + 5)
        return [after for _, _, after in self.town.said[before:]]


@pytest.mark.parametrize("kind", ["parent", "maint"])
def test_the_same_holds_from_the_looks_on(kind: str) -> None:
    checked = 0
    for levels, first, last in with_intervals(longest=3):
        watched, said = Watched(), []
        for number, level in enumerate((*levels, levels[-1])):
            if number in (first, last + 1):
                assert watched.turn(kind) == [], (levels, first, last)
            said.append(watched.look("app", LETTERS[level]))
        before = ([Health.UP] + [after for some in said[:first] for after in some])[-1]
        at_the_end = (*levels, levels[-1])[last + 1]
        due = at_the_end in KNOWN and at_the_end is not before
        assert said[first : last + 2] == [[]] * (last + 1 - first) + [[at_the_end] * due], (
            levels,
            first,
            last,
        )
        checked += 1
    assert checked == LOOKED_AT


def test_whatever_follows_while_it_flaps_ends_in_one_announcement_or_none() -> None:
    checked = 0
    for levels in sequences(longest=4):
        watched = Watched()
        for letter in "dudud":
            watched.look("app", letter)
        known = watched.town.shown["app"].told.announced
        assert watched.look("app", "u") == [] and watched.town.shown["app"].flapping
        said = [watched.look("app", LETTERS[level]) for level in levels]
        last = next((level for level in reversed(levels) if level in KNOWN), Health.UP)
        said += [watched.look("app", LETTERS[last]) for _ in range(21)]
        assert not watched.town.shown["app"].flapping
        assert [after for some in said for after in some] == [last] * (last is not known), levels
        checked += 1
    assert checked == LOOKED_AT_FLAPPING
