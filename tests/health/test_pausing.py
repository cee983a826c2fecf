"""A pause: nothing is known while it lasts, and what was confirmed before is not forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opsconsole.client.shapes import State
from opsconsole.health.model import Health, OpdState, Overlay, Overlays, Policy, ProbeState, ProbeView
from opsconsole.health.rows import application_state, opd_state, settle
from opsconsole.health.rules import pause, resume, stale
from tests.health.sequences import EVERY, run

POLICY = Policy(every=EVERY)
BUDI = {"by": "budi", "until": "2026-11-24T06:00:00Z", "why": "upgrade"}
SARI = {"by": "sari", "until": "2026-11-24T05:00:00Z", "why": "test"}
PAUSED_AT, RESUMED_AT = 500.0, 600.0


def seen(looks: str) -> ProbeState:
    """A probe that saw these looks."""
    return run(looks, POLICY)[0][-1] if looks else ProbeState(since=0.0)


def paused(looks: str, params: dict[str, str] = BUDI, at: float = PAUSED_AT) -> ProbeState:
    """The same, and paused then."""
    return pause(seen(looks), params, at)[0]


def view(name: str, state: ProbeState) -> ProbeView:
    """A probe as its application is judged by it."""
    return ProbeView(name, state, POLICY)


@pytest.mark.parametrize("looks", ["", "u", "www", "ud", "ddd", "?", "udududu"])
def test_a_paused_probe_is_off_whatever_it_saw(looks: str) -> None:
    before = seen(looks)
    after, change = pause(before, BUDI, PAUSED_AT)
    assert (after.word, after.reason, after.params, after.since) == (State.OFF, "paused", BUDI, PAUSED_AT)
    assert (after.attempt, after.streak, after.confirmed) == (0, 0, before.confirmed)
    assert change is not None
    assert (change.before, change.after, change.happened_at) == (before.word, State.OFF, PAUSED_AT)


def test_a_paused_probe_never_becomes_stale() -> None:
    state = paused("u")
    assert stale(state, 1e9, POLICY) == (state, None)


def test_a_probe_that_is_resumed_waits_for_a_look_and_becomes_stale_without_one() -> None:
    after, change = resume(paused("u"), RESUMED_AT)
    assert (after.word, after.reason, after.params) == (State.PENDING, "resumed", {})
    assert change is not None
    assert (change.before, change.after, change.happened_at) == (State.OFF, State.PENDING, RESUMED_AT)
    assert stale(after, RESUMED_AT + 3 * EVERY, POLICY) == (after, None)
    assert stale(after, RESUMED_AT + 3 * EVERY + 1, POLICY)[0].word is State.STALE


def test_what_is_not_paused_is_not_resumed() -> None:
    state = seen("ddd")
    assert resume(state, RESUMED_AT) == (state, None)


def test_another_pause_in_its_place_is_no_change_of_state() -> None:
    before = paused("u")
    after, change = pause(before, SARI, PAUSED_AT + 50)
    assert change is None
    assert (after.since, after.params) == (PAUSED_AT, SARI)


def shift(state: ProbeState) -> ProbeState:
    """The state as if its looks had been long ago, so that `run` may go on from the start."""
    return replace(state, looked_at=None, heard_at=None)


def test_failures_before_the_pause_do_not_count_after_it() -> None:
    state = shift(resume(paused("udd"), RESUMED_AT)[0])
    assert [(one.word, one.hard) for one in run("ddd", POLICY, state)[0]] == [
        (State.DOWN, False),
        (State.DOWN, False),
        (State.DOWN, True),
    ]


def test_a_trouble_that_outlasts_the_pause_is_no_new_one() -> None:
    before = seen("uddd")
    state = shift(resume(pause(before, BUDI, PAUSED_AT)[0], RESUMED_AT)[0])
    [after], _ = run("d", POLICY, state)
    assert (after.word, after.hard, after.since) == (State.DOWN, True, before.since)


def test_a_trouble_that_ended_meanwhile_is_over_after_as_many_passes_as_ever() -> None:
    state = shift(resume(paused("uddd"), RESUMED_AT)[0])
    assert [one.word for one in run("uu", POLICY, state)[0]] == [State.DOWN, State.UP]


def test_an_application_is_judged_by_the_probes_that_are_not_paused() -> None:
    shown = application_state([view("a", paused("ddd")), view("b", seen("u"))], Overlays(), 700.0)
    assert (shown.state, shown.probe, shown.overlay) == (State.UP, "b", Overlay.NONE)


def test_an_application_whose_probes_are_all_paused_is_off_until_the_first_pause_ends() -> None:
    probes = [view("a", paused("ddd")), view("b", paused("u", SARI, 550.0))]
    shown = application_state(probes, Overlays(maintenance=True, hours="office", via="sso"), 700.0)
    assert (shown.state, shown.overlay, shown.reason) == (State.OFF, Overlay.OFF, "paused")
    assert (shown.params, shown.probe, shown.since) == (SARI, "b", 550.0)
    # It cuts nobody off, for nobody knows how it is.
    assert (shown.health, shown.hard) == (Health.PENDING, True)
    assert opd_state([shown], None, 700.0) == OpdState(state=State.OFF, since=550.0, up=0, total=0)


def test_what_is_switched_off_says_so_and_not_that_it_is_paused() -> None:
    assert application_state([view("a", paused("u"))], Overlays(off=True), 700.0).reason == "off"


def test_the_change_of_the_application_is_dated_by_the_pause_and_its_end() -> None:
    before, _ = settle(None, application_state([view("a", seen("u"))], Overlays(), 20.0), 20.0)
    off, change = settle(before, application_state([view("a", paused("u"))], Overlays(), 501.0), 501.0)
    assert change is not None
    assert (off.state, change.after, off.since) == (State.OFF, State.OFF, 501.0)
    resumed, _ = resume(paused("u"), RESUMED_AT)
    after, change = settle(off, application_state([view("a", resumed)], Overlays(), RESUMED_AT), RESUMED_AT)
    assert change is not None
    assert (after.state, after.reason, change.happened_at) == (State.PENDING, "resumed", RESUMED_AT)


@given(st.text(alphabet="uwd?oDW", max_size=12), st.text(alphabet="uwd?oDW", min_size=1, max_size=12))
def test_after_a_pause_soft_and_hard_go_by_what_was_confirmed_and_by_new_looks(first: str, then: str) -> None:
    before = seen(first)
    after = resume(pause(before, BUDI, PAUSED_AT)[0], RESUMED_AT)[0]
    assert after.confirmed is before.confirmed
    states, _ = run(then, POLICY, shift(after))
    for number, state in enumerate(states, 1):
        assert not state.paused
        if state.word is State.DOWN and state.hard and before.confirmed is not Health.DOWN:
            assert then[:number].count("d") + then[:number].count("D") >= POLICY.attempts
