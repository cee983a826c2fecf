"""DOWN waits for our own self-check; without looks a state is stale; late looks change nothing."""

import math
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.client.shapes import State
from opsconsole.health.model import Health, LookFacts, Policy, ProbeState
from opsconsole.health.rules import confirm, stale, step
from tests.health.sequences import look, run, token, tokens

POLICY = Policy()


@pytest.mark.parametrize(
    ("checked_at", "wanted"),
    [
        (None, "d1 d2 d3 d4"),
        (29.0, "d1 d2 d3 d4"),
        (30.0, "d1 d2 d3 d4"),
        (30.5, "d1 d2 D D"),
        (math.inf, "d1 d2 D D"),
    ],
)
def test_down_is_confirmed_by_a_self_check_after_the_failing_look_began(
    checked_at: float | None, wanted: str
) -> None:
    assert tokens("dddd", POLICY, checked_at) == wanted


def test_a_failure_that_waits_for_the_self_check_says_so_until_it_passes() -> None:
    [*_, waiting], _ = run("ddd", POLICY, checked_at=29.0)
    assert (waiting.word, waiting.hard, waiting.reason) == (State.DOWN, False, "unconfirmed")
    same, nothing = confirm(waiting, 30.0, 32.0)
    assert same is waiting
    assert nothing is None
    down, change = confirm(waiting, 31.5, 32.0)
    assert (token(down), down.reason, down.since, down.confirmed_at) == ("D", "connect_refused", 10.0, 32.0)
    assert change is not None
    assert (change.after, change.hard, change.happened_at, change.noticed_at) == (
        State.DOWN,
        True,
        31.5,
        32.0,
    )


def test_a_self_check_that_is_unset_confirms_at_once() -> None:
    [*_, waiting], _ = run("ddd", POLICY, checked_at=None)
    _, change = confirm(waiting, math.inf, 40.0)
    assert change is not None
    assert change.happened_at == 40.0


@pytest.mark.parametrize("looks", ["u", "dd", "DDDD", "dddu", "ddd?", "ddw"])
def test_a_self_check_confirms_nothing_that_does_not_wait_for_it(looks: str) -> None:
    [*_, state], _ = run(looks, POLICY, checked_at=None)
    assert confirm(state, math.inf, 99.0) == (state, None)


def test_a_failure_after_an_unknown_look_is_confirmed_by_a_check_since_it_was_due() -> None:
    [*_, unknown], _ = run("ddd?", POLICY, checked_at=None)
    down, _ = step(unknown, look("d", 50.0), POLICY, 35.0, 51.0)
    assert token(down) == "D"


def test_a_state_is_stale_after_three_intervals_without_a_look() -> None:
    [state], _ = run("u", Policy(every=60.0))
    assert stale(state, 11.0 + 180.0, POLICY) == (state, None)
    old, change = stale(state, 11.0 + 180.5, POLICY)
    assert (old.word, old.health, old.reason, old.since) == (State.STALE, Health.UNKNOWN, "stale", 191.0)
    assert old.params == {"since": "1970-01-01T00:00:11Z"}
    assert change is not None
    assert (change.before, change.after, change.happened_at, change.noticed_at) == (
        State.UP,
        State.STALE,
        191.0,
        191.5,
    )
    assert stale(old, 500.0, POLICY) == (old, None)


def test_an_interval_is_no_shorter_than_a_look_may_take() -> None:
    [state], _ = run("u", POLICY)
    slow = Policy(every=5.0, timeout=30.0)
    assert stale(state, 11.0 + 90.0, slow) == (state, None)
    assert stale(state, 11.0 + 90.1, slow)[0].word is State.STALE


def test_a_probe_never_looked_at_is_stale_in_the_end() -> None:
    state, _ = stale(ProbeState(since=5.0), 186.0, POLICY)
    assert (state.word, state.params) == (State.STALE, {"since": "1970-01-01T00:00:05Z"})


def test_a_look_ends_staleness_where_it_stopped() -> None:
    [*_, state], _ = run("udd", POLICY)
    old, _ = stale(state, 1000.0, POLICY)
    down, change = step(old, look("d", 1001.0), POLICY, math.inf, 1002.0)
    assert (token(down), down.since) == ("D", 20.0)
    assert change is not None
    assert (change.before, change.happened_at) == (State.STALE, 1001.0)


def test_an_unknown_look_after_staleness_is_a_change() -> None:
    [state], _ = run("u", POLICY)
    old, _ = stale(state, 1000.0, POLICY)
    unknown, change = step(old, look("?", 1001.0), POLICY, math.inf, 1002.0)
    assert change is not None
    assert (change.before, change.after, unknown.since) == (State.STALE, State.UNKNOWN, 1001.0)


def test_a_look_older_than_the_newest_changes_nothing() -> None:
    [*_, state], _ = run("uu", POLICY)
    assert step(state, look("d", 15.0), POLICY, math.inf, 30.0) == (state, None)
    assert step(state, look("d", 20.0), POLICY, math.inf, 30.0) == (state, None)


def _ahead(looks: str, checked_at: float | None) -> ProbeState:
    """The state after looks that a clock running an hour ahead dated."""
    state = ProbeState(since=3600.0)
    for number, letter in enumerate(looks, 1):
        started = 3600.0 + number * 10
        state, _ = step(state, look(letter, started), POLICY, checked_at, started + 1)
    return state


def test_a_newest_look_from_the_future_gives_way() -> None:
    """The clock was set back: what was seen before that is later than anything to come."""
    down = _ahead("ddd", math.inf)
    after, _ = step(down, look("u", 100.0), POLICY, math.inf, 101.0)
    assert (token(after), after.looked_at, after.passes, after.since) == ("D", 100.0, 1, 100.0)
    up, change = step(after, look("u", 110.0), POLICY, math.inf, 111.0)
    assert token(up) == "U"
    assert change is not None
    assert (change.happened_at, change.noticed_at) == (100.0, 111.0)
    assert step(down, look("u", 3630.0), POLICY, math.inf, 101.0) == (down, None)


def test_a_failure_from_the_future_is_confirmed_by_a_self_check_of_the_present() -> None:
    waiting = _ahead("ddd", None)
    after, _ = step(waiting, look("d", 100.0), POLICY, 99.0, 101.0)
    assert after.reason == "unconfirmed"
    down, _ = confirm(after, 100.5, 102.0)
    assert token(down) == "D"


LETTERS = st.sampled_from("uwd?oDW")
POLICIES = st.builds(Policy, attempts=st.integers(1, 4), recoveries=st.integers(1, 4), every=st.just(10.0))


@st.composite
def arrivals(draw: st.DrawFn) -> list[LookFacts]:
    """Looks in the order in which they arrive: some twice, some late."""
    times = draw(st.lists(st.integers(1, 40), min_size=1, max_size=40))
    letters = draw(st.lists(LETTERS, min_size=41, max_size=41))
    return [look(letters[time], time * 7.25) for time in times]


@given(arrivals(), POLICIES, st.sampled_from([None, 60.0, math.inf]))
def test_looks_that_come_late_or_twice_leave_no_trace(
    looks: list[LookFacts], policy: Policy, checked_at: float | None
) -> None:
    def judge(these: list[LookFacts]) -> ProbeState:
        state = ProbeState(since=0.0)
        for one in these:
            state, _ = step(state, one, policy, checked_at, 1000.0)
        return state

    in_order: list[LookFacts] = []
    for one in looks:
        if not in_order or one.started > in_order[-1].started:
            in_order.append(one)
    assert judge(looks) == judge(in_order)


@given(st.text("uwd?oDW", max_size=60), POLICIES, st.integers(0, 60), st.sampled_from([None, 60.0, math.inf]))
def test_a_restart_in_the_middle_changes_nothing(
    looks: str, policy: Policy, cut: int, checked_at: float | None
) -> None:
    whole = ProbeState(since=0.0)
    stored = whole
    for number, letter in enumerate(looks):
        # Thirds of a second have no exact form: what is kept must be what is written.
        one = look(letter, number * 10 + 1 / 3)
        whole, change = step(whole, one, policy, checked_at, one.ended)
        stored, same = step(stored, one, policy, checked_at, one.ended)
        assert change == same
        if number == cut:
            stored = msgspec.json.decode(msgspec.json.encode(stored), type=ProbeState)
    assert stored == whole


@given(st.text("uwd?oDW", max_size=60), POLICIES)
def test_changes_follow_each_other_and_only_failures_confirm_down(looks: str, policy: Policy) -> None:
    states, transitions = run(looks, policy)
    times = [one.happened_at for one in transitions]
    assert times == sorted(times)
    assert all(one.happened_at <= one.noticed_at for one in transitions)
    for before, after in pairwise(transitions):
        assert before.after is after.before
    for letters, state in zip(_prefixes(looks), states, strict=True):
        assert state.attempt <= max(state.failures, state.troubles)
        if state.hard and state.health is Health.DOWN:
            known = letters.replace("?", "").replace("o", "").lower()
            assert "d" * policy.attempts in known


def _prefixes(text: str) -> list[str]:
    return [text[: end + 1] for end in range(len(text))]
