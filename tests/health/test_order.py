"""Arrivals in any order, twice, and restarts in between: the same state, and nothing told twice."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.health.model import Health, Policy
from tests.health.town import Town

PROBES = {
    "gateway": [Policy(attempts=2, recoveries=2)],
    "sso": [Policy(attempts=1, recoveries=1)],
    "portal": [Policy(attempts=2, recoveries=1), Policy(attempts=1, recoveries=2, essential=False)],
    "mirror": [Policy(attempts=1, recoveries=1)],
}
LINKS = {"sso": [["gateway"]], "portal": [["sso", "mirror"]]}
KEYS = [(row, n) for row, some in PROBES.items() for n in range(len(some))]

LETTERS = st.sampled_from("uuwddd?oD")
# Whose look, what it saw.
Looks = list[tuple[tuple[str, int], str]]
LOOKS = st.lists(st.tuples(st.sampled_from(KEYS), LETTERS), max_size=40)


def town(looks: Looks) -> Town:
    """A town that was looked at, one look a second."""
    made = Town(PROBES, LINKS)
    for number, ((row, n), letter) in enumerate(looks):
        made.look(row, n, letter, float(number + 1))
    return made


def standing(made: Town) -> dict[str, tuple[object, ...]]:
    """What is shown of each application, apart from since when."""
    return {
        row: (one.state, one.health, one.hard, one.overlay, one.reason, one.params, one.probe, one.via)
        for row, one in made.shown.items()
    }


@given(LOOKS, st.randoms(use_true_random=False))
def test_what_arrives_first_does_not_matter(looks: Looks, random: Random) -> None:
    """The looks of one probe follow each other; those of two may end in either order."""
    timed = [(key, letter, float(number + 1)) for number, (key, letter) in enumerate(looks)]
    waiting = {key: [one for one in timed if one[0] == key] for key in KEYS}
    other = Town(PROBES, LINKS)
    while any(waiting.values()):
        key = random.choice([key for key, some in waiting.items() if some])
        (row, n), letter, at = waiting[key].pop(0)
        other.look(row, n, letter, at)
    first = Town(PROBES, LINKS)
    for (row, n), letter, at in timed:
        first.look(row, n, letter, at)
    assert standing(first) == standing(other)
    assert first.states == other.states


@settings(max_examples=40)
@given(LOOKS, st.data())
def test_looks_that_arrive_twice_or_late_change_nothing_and_tell_nobody(
    looks: Looks, data: st.DataObject
) -> None:
    once, again = town(looks), Town(PROBES, LINKS)
    for number, ((row, n), letter) in enumerate(looks):
        again.look(row, n, letter, float(number + 1))
        before, old = again.states, data.draw(st.integers(0, number))
        (its_row, its_n), saw = looks[old]
        again.look(its_row, its_n, saw, float(old + 1), now=float(number + 2))
        assert again.states == before
    assert standing(again) == standing(once)
    assert again.said == once.said


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.sampled_from(KEYS), LETTERS),
        st.tuples(st.just("maintain"), st.sampled_from(sorted(PROBES))),
        st.tuples(st.just("restart")),
    ),
    max_size=60,
)


def lived(acts: list[tuple[object, ...]], *, restarts: bool) -> Town:
    """A town to which all this happened, one thing every ten seconds."""
    made = Town(PROBES, LINKS)
    for number, act in enumerate(acts, 1):
        match act:
            case ("look", (str(row), int(n)), str(letter)):
                made.look(row, n, letter, number * 10.0)
            case ("maintain", str(row)):
                made.maintained ^= {row}
                made.settle(number * 10.0)
            case _ if restarts:
                made.restart()
    return made


@given(ACTS)
def test_a_restart_changes_nothing_and_nothing_is_told_twice(acts: list[tuple[object, ...]]) -> None:
    whole, cut = lived(acts, restarts=False), lived(acts, restarts=True)
    assert cut.said == whole.said
    assert (cut.shown, cut.states) == (whole.shown, whole.states)
    for row in PROBES:
        heard = [(before, after) for of, before, after in whole.said if of == row]
        assert all(before is not after for before, after in heard)
        assert all(one[1] is other[0] for one, other in pairwise(heard))
        assert not heard or heard[0] != (Health.PENDING, Health.UP)


@settings(max_examples=15)
@given(ACTS)
def test_in_the_end_people_know_what_is(acts: list[tuple[object, ...]]) -> None:
    made = lived(acts, restarts=True)
    made.maintained.clear()
    at = len(acts) * 10.0
    for _ in range(25):
        for row, n in KEYS:
            made.look(row, n, "d" if row == "mirror" else "u", at := at + 10)
    assert {row: shown.told.announced for row, shown in made.shown.items()} == {
        "gateway": Health.UP,
        "sso": Health.UP,
        "portal": Health.UP,
        "mirror": Health.DOWN,
    }
    assert all(not shown.told.held for shown in made.shown.values())
