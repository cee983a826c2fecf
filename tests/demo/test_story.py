"""The story: something is confirmed DOWN and something else WARN at every moment from second 25 on."""

from collections.abc import Callable

import pytest

from opsconsole.demo.office import EVERY, RETRY, TIMEOUT
from opsconsole.demo.stagehand import cues
from opsconsole.demo.story import (
    CYCLE,
    EVERYWHERE,
    OUR_CANARIES,
    OUR_RESOLVER,
    STEPS,
    STORY,
    WORKS,
    Fault,
    Ill,
    Scene,
    ahead,
    faults,
)
from probes.spec import parse_duration

# An engine is up this long after its city at the latest, and sweeps every probe within this time.
START, FIRST_SWEEP = 4.0, 10.0
# The self-check that must pass after a failing look began runs each second while something fails.
SELF_CHECK = 1.0
ATTEMPTS = 3
WARNING = {Ill.SLOW, Ill.EXPIRING}
STEP = 0.5


def look_takes(fault: Fault) -> float:
    """The longest that a look at something with this fault takes."""
    if fault.ill is Ill.SILENT:
        return parse_duration(TIMEOUT)
    return 0.5 + (fault.value if fault.ill is Ill.SLOW else 0.0)


def confirming_takes(fault: Fault, first_look: float) -> float:
    """How long after its begin a fault is confirmed at the latest."""
    retries = (ATTEMPTS - 1) * (parse_duration(RETRY) + look_takes(fault))
    return first_look + retries + look_takes(fault) + SELF_CHECK


def unconfirmed_moments(of_this_kind: Callable[[Fault], bool], until: float) -> list[float]:
    """The moments from second 25 on at which no such fault has been there long enough to be confirmed."""
    confirmed_from: dict[str, float] = {}
    missing = []
    for step in range(int(until / STEP)):
        t = step * STEP
        wrong = {where: fault for where, fault in faults(t).items() if of_this_kind(fault)}
        confirmed_from = {where: at for where, at in confirmed_from.items() if where in wrong}
        for where, fault in wrong.items():
            steady = parse_duration(EVERY)
            first_look = max(START + FIRST_SWEEP - t, steady)
            confirmed_from.setdefault(where, t + confirming_takes(fault, first_look))
        if t >= 25 and not any(at <= t for at in confirmed_from.values()):
            missing.append(t)
    return missing


def test_from_second_25_on_something_is_confirmed_down_at_every_moment() -> None:
    assert unconfirmed_moments(lambda fault: fault.ill not in WARNING, 3 * CYCLE) == []


def test_from_second_25_on_something_is_confirmed_warn_at_every_moment() -> None:
    assert unconfirmed_moments(lambda fault: fault.ill in WARNING, 3 * CYCLE) == []


def test_only_while_our_own_link_is_down_is_that_not_seen_and_it_lasts_half_a_minute() -> None:
    ours = [scene for scene in STORY if scene.where in (OUR_RESOLVER, *OUR_CANARIES)]
    [(start, end)] = {(scene.start, scene.end) for scene in ours}
    assert len(ours) == 3 and end - start <= 30
    # The rest of the city is out of reach only once we know that it is us: the calm rhythm is ten seconds.
    [city] = [scene for scene in STORY if scene.where == EVERYWHERE]
    assert start + 10 < city.start < city.end < end


def test_planned_work_is_announced_before_it_and_over_after_it_in_every_turn() -> None:
    for work in WORKS:
        [scene] = [scene for scene in STORY if scene.where == work.row]
        assert work.start < scene.start and scene.end + 2 * parse_duration(EVERY) < work.start + work.seconds
    coming = cues()
    told = [next(coming) for _ in range(2 * len(WORKS))]
    assert told == [(turn * CYCLE + work.start, work) for turn in range(2) for work in WORKS]


def test_the_clock_is_put_right_again_within_the_turn() -> None:
    assert [ahead(t) for t in (0.0, STEPS[0][0] - 0.1, STEPS[-1][0], CYCLE - 0.1)] == [0.0] * 4
    assert ahead(STEPS[0][0]) == ahead(CYCLE + STEPS[0][0] + 1) == STEPS[0][1]


def test_the_story_is_told_again_and_again() -> None:
    for t in range(int(CYCLE)):
        assert faults(t) == faults(t + CYCLE) == faults(t + 7 * CYCLE)


def test_every_ill_has_its_scene() -> None:
    assert {scene.fault.ill for scene in STORY} == set(Ill)


def test_every_fault_that_begins_within_the_story_ends_within_it() -> None:
    passing = [scene for scene in STORY if scene.end < CYCLE]
    assert len(passing) >= 8
    last = faults(CYCLE - 1)
    assert not any(scene.where in last for scene in passing)


def test_a_fault_that_passes_lasts_long_enough_to_be_confirmed() -> None:
    for scene in STORY:
        if not scene.every and scene.where not in (EVERYWHERE, OUR_RESOLVER, *OUR_CANARIES):
            needed = confirming_takes(scene.fault, parse_duration(EVERY))
            assert scene.end - scene.start > needed + 10, scene.where


def test_nothing_and_nobody_has_two_scenes_at_once() -> None:
    wheres = [scene.where for scene in STORY]
    assert len(wheres) == len(set(wheres))


def test_a_flapping_scene_comes_and_goes() -> None:
    scene = Scene("a", Fault(Ill.RESET), 10, 30, every=8, wrong=3)
    plays = [t for t in range(40) if scene.plays(t)]
    assert plays == [10, 11, 12, 18, 19, 20, 26, 27, 28]


@pytest.mark.parametrize(("t", "there"), [(-0.0, True), (9.99, True), (10.0, False)])
def test_a_scene_includes_its_start_and_not_its_end(t: float, there: bool) -> None:
    assert Scene("a", Fault(Ill.SLOW, 2), 0, 10).plays(t) is there
