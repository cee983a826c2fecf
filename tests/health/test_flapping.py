"""Flapping, held against the figures of Icinga 2."""

from opsconsole.client.shapes import State
from opsconsole.health.flapping import flaps, percent
from opsconsole.health.model import Health, Policy
from tests.health.sequences import run
from tests.health.town import Town

POLICY = Policy(attempts=3, recoveries=2)


def _percent(looks: str) -> float:
    return percent(run(looks, POLICY)[0][-1].history)


def test_the_newest_change_weighs_most() -> None:
    assert _percent("u") == 0.0
    assert _percent("ud") == 5.9
    assert _percent("ud" + "d" * 19) == 4.0
    assert _percent("ud" + "d" * 20) == 0.0


def test_five_changes_are_not_flapping_and_six_are() -> None:
    states, transitions = run("ududud" + "u", POLICY)
    assert round(_percent("ududud"), 1) == 28.5
    assert round(_percent("udududu"), 1) == 33.9
    assert [state.flapping for state in states] == [False] * 6 + [True]
    assert (transitions[-1].after, transitions[-1].flapping) == (State.UP, True)


def test_after_six_changes_it_takes_fifteen_calm_looks_to_end() -> None:
    states, _ = run("udududu" + "u" * 16, POLICY)
    assert [state.flapping for state in states[6:]] == [True] * 15 + [False] * 2


def test_unknown_looks_are_no_changes() -> None:
    states, _ = run("u?u?u?u?u?u?u?u", POLICY)
    assert states[-1].history == 0


def test_everything_alternating_weighs_ninety_nine_percent() -> None:
    assert _percent("ud" * 20) == 99.0


def _told(looks: str) -> tuple[list[bool], list[tuple[Health, Health]]]:
    """Whether an application flapped after each look, and what was announced of it."""
    town, flapped = Town({"app": [POLICY]}, {}), []
    for number, letter in enumerate(looks, 1):
        town.look("app", 0, letter, number * 10.0)
        flapped.append(town.shown["app"].flapping)
    return flapped, [(before, after) for _, before, after in town.said]


def test_what_is_announced_waits_until_the_flapping_ends() -> None:
    flapping = "udududu" + "d" * 15
    flapped, said = _told(flapping)
    assert (flapped[-1], said) == (True, [])
    flapped, said = _told(flapping + "d")
    assert (flapped[-1], said) == (False, [(Health.UP, Health.DOWN)])
    _, said = _told(flapping + "d" * 9)
    assert said == [(Health.UP, Health.DOWN)]
    # Icinga 2 (#5713) is silent here, and then tells of a recovery.
    _, said = _told(flapping + "ddd" + "uu")
    assert said == [(Health.UP, Health.DOWN), (Health.DOWN, Health.UP)]


def test_what_came_and_went_while_flapping_is_never_announced() -> None:
    flapped, said = _told("udududu" + "ddd" + "u" * 19)
    assert (flapped[9], flapped[-1], said) == (True, False, [])


def test_the_example_of_the_manual_of_icinga_2_flaps_and_is_over_within_seven_calm_results() -> None:
    """Changes that weigh 0.84, 0.86, 0.88, 0.9, 0.98, 1.06, 1.12 and 1.18: 7.82 of 20, or 39.1 %."""
    weighing = {0.84, 0.86, 0.88, 0.9, 0.98, 1.06, 1.12, 1.18}
    looks = "u"
    for slot in range(20):
        changes = round(0.8 + 0.02 * slot, 2) in weighing
        looks += ("d" if looks[-1] == "u" else "u") if changes else looks[-1]
    assert _percent(looks) == 39.1
    flapped, _ = _told(looks + looks[-1] * 7)
    assert flapped[20:] == [True] * 5 + [False] * 3


def test_it_begins_above_thirty_percent_and_ends_at_twenty_five() -> None:
    def changes(*weights: int) -> int:
        return sum(1 << (118 - weight) // 2 for weight in weights)

    thirty, twenty_five = changes(110, 106, 102, 98, 94, 90), changes(104, 102, 100, 98, 96)
    assert (percent(thirty), percent(twenty_five)) == (30.0, 25.0)
    assert [flaps(thirty, was) for was in (False, True)] == [False, True]
    assert [flaps(changes(112, 106, 102, 98, 94, 90), was) for was in (False, True)] == [True, True]
    assert [flaps(twenty_five, was) for was in (False, True)] == [False, False]
    assert [flaps(changes(106, 102, 100, 98, 96), was) for was in (False, True)] == [False, True]
