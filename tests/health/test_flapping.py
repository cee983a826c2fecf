"""Flapping, held against the figures of Icinga 2."""

from opsconsole.client.shapes import State
from opsconsole.health.model import Health, Policy
from opsconsole.health.rules import flapping_weight
from tests.health.sequences import run

POLICY = Policy(attempts=3, recoveries=2)


def _percent(looks: str) -> float:
    return flapping_weight(run(looks, POLICY)[0][-1].history) / 20


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


def test_what_is_announced_waits_until_the_flapping_ends() -> None:
    states, transitions = run("udududu" + "d" * 19, POLICY)
    flapping = [state for state in states if state.flapping]
    assert {state.announced for state in flapping} == {Health.UP}
    assert flapping[-1].confirmed is Health.DOWN
    calm = states[len(states) - 1]
    assert (calm.flapping, calm.announced) == (False, Health.DOWN)
    assert (transitions[-1].before, transitions[-1].after, transitions[-1].flapping) == (
        State.DOWN,
        State.DOWN,
        False,
    )


def test_what_came_and_went_while_flapping_is_never_announced() -> None:
    states, _ = run("udududu" + "ddd" + "u" * 19, POLICY)
    assert {state.announced for state in states} == {Health.UP}
    assert Health.DOWN in {state.confirmed for state in states}
    assert not states[-1].flapping
