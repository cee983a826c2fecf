"""What people are told of an application, in single cases; `test_suppression` has them all."""

from itertools import product

import pytest
from msgspec.structs import replace

from opsconsole.health.announce import Standing, announce, standing
from opsconsole.health.model import Health, Overlays, Policy, ProbeState, ProbeView, Told
from opsconsole.health.rules import pause, resume
from tests.health.sequences import run
from tests.health.town import Town

DOWN = Standing(
    health=Health.DOWN,
    reason="connect_refused",
    params={"address": "a"},
    probe="http",
    since=5.0,
    seen_at=20.0,
)
UP = Standing(health=Health.UP, reason="ok", probe="http", since=5.0, seen_at=20.0)
KNOWN_UP = Told(announced=Health.UP)


def probe(name: str, looks: str, *, essential: bool = True) -> ProbeView:
    """A probe that saw these looks."""
    policy = Policy(essential=essential)
    return ProbeView(name, run(looks, policy)[0][-1] if looks else ProbeState(since=0.0), policy)


def test_an_announcement_tells_the_change_and_both_times() -> None:
    told, announcement = announce(KNOWN_UP, DOWN, 21.23456)
    assert told == Told(announced=Health.DOWN)
    assert announcement is not None
    assert (announcement.before, announcement.after) == (Health.UP, Health.DOWN)
    assert (announcement.reason, announcement.params, announcement.probe) == (
        "connect_refused",
        {"address": "a"},
        "http",
    )
    assert (announcement.happened_at, announcement.noticed_at, announcement.held) == (5.0, 21.235, "")


def test_a_first_up_is_no_news_and_a_first_down_is() -> None:
    assert announce(Told(), UP, 21.0) == (KNOWN_UP, None)
    told, announcement = announce(Told(), DOWN, 21.0)
    assert announcement is not None and announcement.before is Health.PENDING
    assert told.announced is Health.DOWN


@pytest.mark.parametrize("health", [Health.UNKNOWN, Health.PENDING])
@pytest.mark.parametrize("last", [Health.UP, Health.DOWN])
def test_not_to_know_is_nothing_to_tell(health: Health, last: Health) -> None:
    told = Told(announced=last)
    assert announce(told, replace(DOWN, health=health), 21.0) == (told, None)


def test_what_is_not_confirmed_is_not_told() -> None:
    assert announce(KNOWN_UP, replace(DOWN, hard=False), 21.0) == (KNOWN_UP, None)


@pytest.mark.parametrize(
    ("overlays", "held"),
    [
        (Overlays(off=True, maintenance=True, hours="office", parents_fail=True), "off"),
        (Overlays(maintenance=True, hours="office", parents_fail=True), "maint"),
        (Overlays(hours="office", parents_fail=True), "closed"),
        (Overlays(parents_fail=True), "parent"),
        (Overlays(via="sso"), ""),
    ],
)
def test_what_holds_it_back_is_named_the_strongest_first(overlays: Overlays, held: str) -> None:
    now_is = standing([probe("http", "ddd")], overlays)
    assert now_is.cover == held
    told, announcement = announce(KNOWN_UP, now_is, 31.0)
    assert (announcement is None) == bool(held)
    assert told.held == held


def test_what_held_it_back_is_told_with_it() -> None:
    told, _ = announce(KNOWN_UP, replace(DOWN, cover="maint"), 21.0)
    assert (told.covered, told.awaits_look) == (True, False)
    told, announcement = announce(told, DOWN, 30.0)
    assert announcement is None
    assert (told.held, told.awaits_look, told.lifted_at) == ("maint", True, 30.0)
    told, announcement = announce(told, replace(DOWN, seen_at=30.0), 32.0)
    assert announcement is None
    told, announcement = announce(told, replace(DOWN, seen_at=30.5), 32.0)
    assert announcement is not None and announcement.held == "maint"
    assert announcement.happened_at == 5.0
    assert told == Told(announced=Health.DOWN)


def test_while_it_is_held_back_nothing_changes_that_would_have_to_be_kept() -> None:
    told, _ = announce(KNOWN_UP, replace(DOWN, cover="maint"), 21.0)
    assert announce(told, replace(DOWN, cover="maint", seen_at=99.0), 100.0) == (told, None)


def test_nothing_is_due_any_more_when_it_recovered_meanwhile() -> None:
    told, _ = announce(KNOWN_UP, replace(DOWN, cover="maint"), 21.0)
    told, _ = announce(told, DOWN, 30.0)
    told, announcement = announce(told, replace(UP, seen_at=31.0), 32.0)
    assert announcement is None
    assert (told.announced, told.held) == (Health.UP, "")


def test_what_was_confirmed_after_it_ended_by_a_look_from_before_waits_too() -> None:
    told, _ = announce(KNOWN_UP, replace(UP, cover="parent"), 21.0)
    told, announcement = announce(told, UP, 25.0)
    told, announcement = announce(told, DOWN, 26.0)
    assert announcement is None
    assert told.held == "look"


def test_a_clock_that_was_set_back_does_not_hold_it_back_for_long() -> None:
    told, _ = announce(KNOWN_UP, replace(DOWN, cover="maint"), 3600.0)
    told, _ = announce(told, DOWN, 3605.0)
    told, announcement = announce(told, DOWN, 21.0)
    assert announcement is None
    told, announcement = announce(told, replace(DOWN, seen_at=25.0), 26.0)
    assert announcement is not None


def test_without_a_look_nothing_that_was_covered_is_told() -> None:
    told = Told(announced=Health.UP, covered=True)
    told, announcement = announce(told, replace(DOWN, seen_at=None), 30.0)
    assert announcement is None
    told, announcement = announce(told, replace(DOWN, seen_at=None), 90.0)
    assert announcement is None


def test_an_application_without_a_probe_has_nothing_to_tell() -> None:
    assert standing([], Overlays()) == Standing()
    assert standing([], Overlays(off=True)) == Standing(cover="off")


def test_one_probe_sees_trouble_and_all_of_them_see_that_it_is_over() -> None:
    down = [probe("a", "ddd"), probe("b", "uuuuu"), probe("c", "dddd")]
    assert standing(down, Overlays()).seen_at == 40.0
    up = [probe("a", "uu"), probe("b", "uuuuu")]
    assert standing(up, Overlays()).seen_at == 20.0
    silent = replace(up[0], state=replace(up[0].state, looked_at=None))
    assert standing([silent, up[1]], Overlays()).seen_at is None


FLAPPING = "udududu"
WAVERS = {
    "one that flaps": ([probe("a", FLAPPING)], True),
    "one that is steady": ([probe("a", "ddd")], False),
    "one flaps beside one that passes": ([probe("a", FLAPPING), probe("b", "u")], True),
    "one flaps beside one that is down": ([probe("a", FLAPPING), probe("b", "ddd")], False),
    "beside one that is not yet down": ([probe("a", FLAPPING), probe("b", "udd")], True),
    "beside a warning": ([probe("a", FLAPPING), probe("b", "www")], True),
    "it can not bring more than the warning": (
        [probe("a", FLAPPING, essential=False), probe("b", "www")],
        False,
    ),
    "it can bring a warning": ([probe("a", FLAPPING, essential=False), probe("b", "u")], True),
    "one that nothing is known of can not": (
        [probe("a", FLAPPING + "?", essential=False), probe("b", "u")],
        False,
    ),
    "one that is not essential hides no outage": (
        [probe("a", FLAPPING, essential=False), probe("b", "ddd")],
        False,
    ),
}


@pytest.mark.parametrize(("probes", "wanted"), WAVERS.values(), ids=WAVERS)
def test_a_probe_that_flaps_hides_only_what_it_could_change(probes: list[ProbeView], wanted: bool) -> None:
    assert standing(probes, Overlays()).wavers is wanted


def paused(view: ProbeView) -> ProbeView:
    """The same, paused."""
    state, _ = pause(view.state, {"by": "budi", "until": "2026-11-24T06:00:00Z", "why": "upgrade"}, 500.0)
    return replace(view, state=state)


def test_a_pause_is_no_recovery() -> None:
    told = Told(announced=Health.DOWN)
    down = paused(probe("a", "ddd"))
    for probes in ([down], [down, probe("b", "u")], [down, probe("b", "www")]):
        assert announce(told, standing(probes, Overlays()), 501.0)[1] is None
    resumed = replace(down, state=resume(down.state, 600.0)[0])
    assert announce(told, standing([resumed], Overlays()), 601.0)[1] is None


def test_a_pause_hides_no_other_outage() -> None:
    probes = [paused(probe("a", "ddd")), probe("b", "ddd")]
    assert announce(KNOWN_UP, standing(probes, Overlays()), 501.0)[1] is not None
    probes = [paused(probe("a", "u")), probe("b", "u")]
    assert announce(Told(announced=Health.DOWN), standing(probes, Overlays()), 501.0)[1] is not None


def test_all_paused_is_off() -> None:
    assert standing([paused(probe("a", "ddd"))], Overlays()).cover == "off"


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_without_anything_in_the_way_icinga_2_would_notify_of_the_same(attempts: int) -> None:
    """Of its source: on a change of a hard state, and on one that becomes hard, but not from soft to OK.

    Six looks, so that nothing flaps.
    """
    for letters in product("ud", repeat=6):
        town = Town({"app": [Policy(attempts=attempts, recoveries=1)]}, {})
        ok, hard, count, notified = True, True, 1, []
        for number, letter in enumerate(letters, 1):
            town.look("app", 0, letter, number * 10.0)
            was_ok, was_hard = ok, hard
            ok = letter == "u"
            count = 1 if ok or was_ok or was_hard else count + 1
            hard = ok or (not was_ok and was_hard) or count >= attempts
            changes = (hard and not was_hard) or (ok is not was_ok and was_hard and hard)
            if changes and not (ok and not was_hard):
                notified.append(Health.UP if ok else Health.DOWN)
        assert [after for _, _, after in town.said] == notified, letters
