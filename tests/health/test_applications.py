"""What an application and an OPD show."""

from collections.abc import Sequence
from itertools import product

import pytest
from msgspec.structs import replace

from opsconsole.client.shapes import State
from opsconsole.health.model import (
    Health,
    OpdState,
    Overlay,
    Overlays,
    Policy,
    ProbeState,
    ProbeView,
    ShownState,
)
from opsconsole.health.rows import application_state, opd_state, settle
from opsconsole.health.rules import stale, step
from tests.health.sequences import look, run

CLEAR = Overlays()


def probe(name: str, looks: str, *, essential: bool = True) -> ProbeView:
    """A probe that saw these looks."""
    policy = Policy(essential=essential)
    states, _ = run(looks, policy) if looks else ([], [])
    return ProbeView(name, states[-1] if states else ProbeState(since=0.0), policy)


# What the probes saw, in the order of the files, and what their application shows: state, hard, which decided
CASES: dict[str, tuple[list[ProbeView], tuple[State, bool, str]]] = {
    "one that passes": ([probe("a", "u")], (State.UP, True, "a")),
    "one not looked at": ([probe("a", "")], (State.PENDING, True, "a")),
    "one failing": ([probe("a", "ud")], (State.DOWN, False, "a")),
    "one down": ([probe("a", "ddd")], (State.DOWN, True, "a")),
    "the worst decides": ([probe("a", "u"), probe("b", "www"), probe("c", "ddd")], (State.DOWN, True, "c")),
    "what is confirmed decides": ([probe("a", "ud"), probe("b", "ddd")], (State.DOWN, True, "b")),
    "of equals the first": ([probe("a", "u"), probe("b", "u")], (State.UP, True, "a")),
    "failing goes before a confirmed warning": (
        [probe("a", "www"), probe("b", "ud")],
        (State.DOWN, False, "b"),
    ),
    "one not essential warns": (
        [probe("a", "u"), probe("b", "ddd", essential=False)],
        (State.WARN, True, "b"),
    ),
    "one not essential failing warns softly": ([probe("b", "ud", essential=False)], (State.WARN, False, "b")),
    "one not essential may pass": ([probe("b", "u", essential=False)], (State.UP, True, "b")),
    "unknown is worse than up": ([probe("a", "u"), probe("b", "?")], (State.UNKNOWN, True, "b")),
    "one not essential and unknown hides no essential one": (
        [probe("a", "u"), probe("b", "u?", essential=False)],
        (State.UP, True, "a"),
    ),
    "nor that an essential one fails": (
        [probe("b", "?", essential=False), probe("a", "ddd")],
        (State.DOWN, True, "a"),
    ),
    "nor does one that is offline": (
        [probe("b", "o", essential=False), probe("a", "u")],
        (State.UP, True, "a"),
    ),
    "one not essential in trouble before is not taken for well": (
        [probe("a", "u"), probe("b", "ddd?", essential=False)],
        (State.UNKNOWN, True, "b"),
    ),
    "an essential one that is unknown counts": (
        [probe("a", "?"), probe("b", "?", essential=False), probe("c", "u")],
        (State.UNKNOWN, True, "a"),
    ),
    "with none essential unknown is unknown": (
        [probe("a", "u", essential=False), probe("b", "?", essential=False)],
        (State.UNKNOWN, True, "b"),
    ),
    "a warning is worse than unknown": ([probe("a", "?"), probe("b", "ww")], (State.WARN, False, "b")),
    "pending is worse than up": ([probe("a", "u"), probe("b", "")], (State.PENDING, True, "b")),
}


@pytest.mark.parametrize(("probes", "wanted"), CASES.values(), ids=CASES)
def test_an_application_is_the_worst_of_its_probes(
    probes: Sequence[ProbeView], wanted: tuple[State, bool, str]
) -> None:
    shown = application_state(probes, CLEAR, 99.0)
    assert (shown.state, shown.hard, shown.probe) == wanted


def test_an_application_tells_the_reason_and_the_attempts_of_the_probe_that_decides() -> None:
    shown = application_state([probe("a", "u"), probe("b", "udd")], CLEAR, 99.0)
    assert (shown.reason, shown.params, shown.attempt, shown.attempts) == (
        "connect_refused",
        {"at": 30.0},
        2,
        3,
    )
    assert shown.since == 20.0


def test_an_application_with_a_stale_probe_is_stale() -> None:
    view = probe("a", "u")
    old, _ = stale(view.state, 1000.0, view.policy)
    assert application_state([replace(view, state=old)], CLEAR, 1000.0).state is State.STALE


def test_an_application_without_a_probe_is_pending_and_says_why() -> None:
    shown = application_state([], CLEAR, 99.0)
    assert (shown.state, shown.reason, shown.since) == (State.PENDING, "no_probe", 99.0)


def test_trouble_is_since_its_first_probe_and_calm_since_its_last() -> None:
    down = [probe("a", "uuddd"), probe("b", "uddd")]
    assert application_state(down, CLEAR, 99.0).since == 20.0
    up = [probe("a", "u"), probe("b", "uu")]
    later = replace(up[1], state=replace(up[1].state, since=77.0))
    assert application_state([up[0], later], CLEAR, 99.0).since == 77.0


def test_an_application_flaps_when_a_probe_of_it_does() -> None:
    assert application_state([probe("a", "u"), probe("b", "udududu")], CLEAR, 99.0).flapping


ALL = Overlays(off=True, maintenance=True, hours="office", via="sso")
OVERLAYS = {
    "off goes before all": (ALL, "ddd", State.OFF, "off", {}),
    "then maintenance": (replace(ALL, off=False), "ddd", State.MAINT, "maint", {}),
    "then the service hours": (
        replace(ALL, off=False, maintenance=False),
        "ddd",
        State.CLOSED,
        "closed",
        {"hours": "office"},
    ),
    "then the parent": (Overlays(via="sso"), "ddd", State.UNREACHABLE, "unreachable", {"via": "sso"}),
    "a parent cuts off what fails for the first time": (
        Overlays(via="sso"),
        "ud",
        State.UNREACHABLE,
        "unreachable",
        {"via": "sso"},
    ),
    "a parent cuts off nothing that is up": (Overlays(via="sso"), "u", State.UP, "ok", {"at": 10.0}),
    "a parent cuts off nothing that is slow": (Overlays(via="sso"), "www", State.WARN, "slow", {"at": 30.0}),
    "closed lies over what is up too": (Overlays(hours="h"), "u", State.CLOSED, "closed", {"hours": "h"}),
    "off lies over what was never looked at": (Overlays(off=True), "", State.OFF, "off", {}),
}


@pytest.mark.parametrize(("overlays", "looks", "state", "reason", "params"), OVERLAYS.values(), ids=OVERLAYS)
def test_what_lies_over_an_application(
    overlays: Overlays, looks: str, state: State, reason: str, params: dict[str, object]
) -> None:
    shown = application_state([probe("a", looks)], overlays, 99.0)
    assert (shown.state, shown.reason, shown.params) == (state, reason, params)
    assert shown.health is probe("a", looks).state.health


def test_the_parent_is_named() -> None:
    shown = application_state([probe("a", "ddd")], Overlays(via="sso"), 99.0)
    assert (shown.via, shown.overlay, shown.since) == ("sso", Overlay.UNREACHABLE, 10.0)


def test_the_first_state_is_no_change() -> None:
    shown, change = settle(None, application_state([probe("a", "u")], CLEAR, 99.0), 99.0)
    assert (shown.version, change) == (1, None)


def test_a_look_that_changes_nothing_leaves_the_very_state() -> None:
    before, _ = settle(None, application_state([probe("a", "u")], CLEAR, 20.0), 20.0)
    again = application_state([probe("a", "u")], CLEAR, 90.0)
    assert settle(before, again, 90.0) == (before, None)
    assert settle(before, again, 90.0)[0] is before


def test_a_slow_answer_a_little_slower_is_no_change_but_another_status_is() -> None:
    first, second = (application_state([probe("a", "w" * count)], CLEAR, 99.0) for count in (3, 4))
    before, _ = settle(None, first, 40.0)
    assert first.params != second.params
    assert settle(before, second, 50.0)[0] is before
    first, second = (application_state([probe("a", "d" * count)], CLEAR, 99.0) for count in (3, 4))
    before, _ = settle(None, first, 40.0)
    after, change = settle(before, second, 50.0)
    assert (after.version, after.params, after.since, change) == (2, {"at": 40.0}, 10.0, None)


def test_a_change_is_dated_by_the_probe_that_made_it() -> None:
    view = probe("a", "uddd")
    before, _ = settle(None, application_state([view], CLEAR, 41.0), 41.0)
    state = view.state
    for started in (50.0, 60.0):
        state, _ = step(state, look("u", started), view.policy, None, started + 1)
    after, change = settle(before, application_state([replace(view, state=state)], CLEAR, 61.0), 61.0)
    assert (after.state, after.since, after.changed_at) == (State.UP, 50.0, 50.0)
    assert change is not None
    assert (change.before, change.after, change.happened_at, change.noticed_at) == (
        State.DOWN,
        State.UP,
        50.0,
        61.0,
    )


def test_an_overlay_begins_and_ends_when_it_is_noticed() -> None:
    view = probe("a", "u")
    before, _ = settle(None, application_state([view], CLEAR, 20.0), 20.0)
    closed, change = settle(before, application_state([view], Overlays(hours="office"), 70.0), 70.0)
    assert (closed.state, closed.since) == (State.CLOSED, 70.0)
    assert change is not None
    assert change.happened_at == 70.0
    still, _ = settle(closed, application_state([view], Overlays(hours="office"), 80.0), 80.0)
    assert still is closed
    opened, change = settle(closed, application_state([view], CLEAR, 90.0), 90.0)
    assert (opened.state, opened.since) == (State.UP, 90.0)
    assert change is not None
    assert change.happened_at == 90.0


def test_trouble_that_comes_out_from_under_an_overlay_keeps_its_beginning() -> None:
    view = probe("a", "uddd")
    closed, _ = settle(None, application_state([view], Overlays(hours="office"), 50.0), 50.0)
    opened, change = settle(closed, application_state([view], CLEAR, 90.0), 90.0)
    assert (opened.state, opened.since) == (State.DOWN, 20.0)
    assert change is not None
    assert change.happened_at == 90.0


def test_another_configuration_does_not_rewrite_the_past() -> None:
    view = probe("a", "uddd")
    before, _ = settle(None, application_state([view], CLEAR, 41.0), 41.0)
    lenient = replace(view, policy=Policy(essential=False))
    _, change = settle(before, application_state([lenient], CLEAR, 90.0), 90.0)
    assert change is not None
    assert (change.before, change.after, change.happened_at) == (State.DOWN, State.WARN, 90.0)


def test_down_by_another_probe_is_one_outage() -> None:
    a, b = probe("a", "ddduu"), probe("b", "uuuddd")
    first = application_state([probe("a", "ddd"), probe("b", "uuu")], CLEAR, 31.0)
    before, _ = settle(None, first, 31.0)
    after, change = settle(before, application_state([a, b], CLEAR, 61.0), 61.0)
    assert (after.state, after.probe, after.since, change) == (State.DOWN, "b", 10.0, None)


def shown(state: State, since: float = 1.0) -> ShownState:
    """An application that shows ``state``."""
    overlay = Overlay(state.value) if state.value in list(Overlay) else Overlay.NONE
    return ShownState(since=since, state=state, health=Health.UP, overlay=overlay)


OPDS = {
    "all up": ([State.UP, State.UP], State.UP, 2, 2),
    "the worst": ([State.UP, State.WARN, State.DOWN], State.DOWN, 1, 3),
    "cut off counts": ([State.UP, State.UNREACHABLE], State.UNREACHABLE, 1, 2),
    "closed, off and maintenance do not": ([State.UP, State.CLOSED, State.OFF, State.MAINT], State.UP, 1, 1),
    "all closed": ([State.CLOSED, State.CLOSED], State.CLOSED, 0, 0),
    "closed and off": ([State.OFF, State.CLOSED], State.CLOSED, 0, 0),
    "none": ([], State.PENDING, 0, 0),
}


@pytest.mark.parametrize(("states", "wanted", "up", "total"), OPDS.values(), ids=OPDS)
def test_an_opd_is_the_worst_of_its_applications(
    states: list[State], wanted: State, up: int, total: int
) -> None:
    opd = opd_state([shown(state) for state in states], None, 99.0)
    assert (opd.state, opd.up, opd.total) == (wanted, up, total)


def test_an_opd_keeps_its_beginning_while_its_state_lasts() -> None:
    before = opd_state([shown(State.DOWN, 5.0), shown(State.DOWN, 3.0)], None, 9.0)
    assert before.since == 3.0
    assert opd_state([shown(State.DOWN, 7.0)], before, 9.0) == OpdState(
        state=State.DOWN, since=3.0, up=0, total=1
    )
    assert opd_state([shown(State.UP, 8.0)], before, 9.0).since == 8.0
    assert opd_state([], before, 9.0).since == 9.0


def test_of_all_that_lies_over_an_application_the_strongest_is_shown() -> None:
    """Off, then maintenance, then service hours, then the parent, which only cuts off what is down."""
    for off, maintenance, closed, cut in product((False, True), repeat=4):
        overlays = Overlays(
            off=off, maintenance=maintenance, hours="office" if closed else "", via="sso" if cut else ""
        )
        for looks in ("", "u", "www", "ud", "ddd", "?"):
            view = probe("a", looks)
            lying = [
                state
                for state, lies in (
                    (State.OFF, off),
                    (State.MAINT, maintenance),
                    (State.CLOSED, closed),
                    (State.UNREACHABLE, cut and view.state.health is Health.DOWN),
                )
                if lies
            ]
            shown = application_state([view], overlays, 99.0)
            assert shown.state is (lying or [view.state.word])[0], (overlays, looks)
            # What lies over it changes nothing of what its children are judged by.
            assert (shown.health, shown.hard) == (view.state.health, view.state.hard)
