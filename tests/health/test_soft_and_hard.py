"""What a series of looks of one probe means: soft, hard, recovering, unknown."""

from itertools import product

import pytest
from msgspec.structs import replace

from opsconsole.client.shapes import State
from opsconsole.health.model import Health, Policy, ProbeState
from opsconsole.health.rules import step
from tests.health.sequences import look, run, started_at, token, tokens

# attempts, recoveries, looks, the state after each of them
CASES = {
    "a pass is up at once": (3, 2, "uu", "U U"),
    "three failures confirm down": (3, 2, "uddd", "U d1 d2 D"),
    "the first look may fail": (3, 2, "dddd", "d1 d2 D D"),
    "one attempt confirms at once": (1, 2, "ud", "U D"),
    "a pass ends what is not confirmed": (3, 2, "uddudd", "U d1 d2 U d1 d2"),
    "two passes end what is confirmed": (3, 2, "ddduu", "d1 d2 D D U"),
    "a failure starts the passes anew": (3, 2, "dddududuu", "d1 d2 D D D D D D U"),
    "one recovery ends it at once": (3, 1, "dddu", "d1 d2 D U"),
    "slow answers confirm a warning": (3, 2, "uwwww", "U w1 w2 W W"),
    "two passes end a warning": (3, 2, "wwwuu", "w1 w2 W W U"),
    "failures count towards a warning": (3, 2, "udwwu", "U d1 w2 W W"),
    "slow answers do not count towards down": (3, 2, "uwwddd", "U w1 w2 d1 d2 D"),
    "a confirmed warning needs failures of its own to be down": (3, 2, "wwwddd", "w1 w2 W d1 d2 D"),
    "a warning goes on after a failure that passes": (3, 2, "wwwdwu", "w1 w2 W d1 W W"),
    "a pass after a failure keeps a warning": (3, 2, "wwwduu", "w1 w2 W d1 W U"),
    "down eases to a warning": (3, 2, "dddwww", "d1 d2 D D W W"),
    "down eases after a pass and a slow answer": (3, 2, "ddduwuu", "d1 d2 D D W W U"),
    "a slow answer is no pass": (3, 2, "dddwuu", "d1 d2 D D D U"),
    "turns of slow and failing are a warning": (3, 2, "udwdwd", "U d1 w2 d1 W d1"),
    "an unknown look shows at once": (3, 2, "u?", "U ?"),
    "an unknown look keeps the attempts": (3, 2, "ud?d?d", "U d1 ? d2 ? D"),
    "an unknown look keeps what is confirmed": (3, 2, "ddd?du?u", "d1 d2 D ? D D ? U"),
    "an unknown look keeps the warning": (3, 2, "www?w", "w1 w2 W ? W"),
    "offline is unknown whatever was seen": (3, 2, "uooooud", "U ? ? ? ? U d1"),
    "offline does not count": (3, 2, "udodod", "U d1 ? d2 ? D"),
    "a suspect failure counts but confirms nothing": (3, 2, "uddDDd", "U d1 d2 d3 d4 D"),
    "suspect failures alone never confirm": (3, 2, "DDDDD", "d1 d2 d3 d4 d5"),
    "failures with most hosts count but confirm nothing": (3, 2, "ummmmd", "U d1 d2 d3 d4 D"),
    "a pass ends what failed with most hosts": (3, 2, "ummmmu", "U d1 d2 d3 d4 U"),
    "what is confirmed stays so when most hosts fail": (3, 2, "dddmu", "d1 d2 D D D"),
    "unknown looks never confirm": (1, 1, "u????d", "U ? ? ? ? D"),
    "a suspect slow answer confirms no warning": (3, 2, "wwWw", "w1 w2 w3 W"),
}


@pytest.mark.parametrize(("attempts", "recoveries", "looks", "wanted"), CASES.values(), ids=CASES)
def test_a_series_of_looks_means(attempts: int, recoveries: int, looks: str, wanted: str) -> None:
    policy = Policy(attempts=attempts, recoveries=recoveries)
    assert tokens(looks, policy) == wanted


def _icinga(looks: str, attempts: int) -> str:
    """Icinga 2's own table (checkable-check.cpp): OK is hard; a trouble counts until it is hard."""
    ok, hard, attempt = True, True, 1
    found = []
    for letter in looks:
        if letter == "u":
            ok, hard, attempt = True, True, 1
        else:
            if ok:
                hard, attempt = False, 1
            elif not hard:
                attempt += 1
            if attempt >= attempts:
                hard, attempt = True, 1
            ok = False
        found.append("U" if ok else letter.upper() if hard else f"{letter}{attempt}")
    return " ".join(found)


@pytest.mark.parametrize("trouble", ["d", "w"])
@pytest.mark.parametrize("attempts", [1, 2, 3, 5])
def test_one_kind_of_trouble_is_judged_as_icinga_2_judges_it(trouble: str, attempts: int) -> None:
    policy = Policy(attempts=attempts, recoveries=1)
    for letters in product(f"u{trouble}", repeat=8):
        looks = "".join(letters)
        assert tokens(looks, policy) == _icinga(looks, attempts), looks


def test_a_probe_not_looked_at_is_pending() -> None:
    state = ProbeState(since=5.0)
    assert (state.word, token(state), state.attempt, state.streak) == (State.PENDING, "P", 0, 0)


def test_the_state_tells_passes_while_a_confirmed_trouble_ends() -> None:
    [*_, down, first, second, up], _ = run("ddduuu", Policy(recoveries=3))
    assert [one.streak for one in (down, first, second, up)] == [0, 1, 2, 0]
    assert (first.word, first.reason) == (State.DOWN, "connect_refused")


def test_down_is_since_its_first_failure_and_confirmed_at_the_end_of_the_third() -> None:
    [*_, state], transitions = run("uddd", Policy())
    assert (state.since, state.confirmed_since, state.confirmed_at) == (20.0, 20.0, 41.0)
    assert [(one.after, one.hard, one.happened_at, one.noticed_at) for one in transitions] == [
        (State.UP, True, 10.0, 11.0),
        (State.DOWN, False, 20.0, 21.0),
        (State.DOWN, True, 40.0, 41.0),
    ]


def test_up_is_since_the_first_pass_that_ended_it() -> None:
    [*_, state], transitions = run("ddduu", Policy())
    assert state.since == started_at(4)
    last = transitions[-1]
    assert (last.before, last.after, last.happened_at, last.noticed_at) == (State.DOWN, State.UP, 40.0, 51.0)


def test_a_warning_that_was_down_is_since_the_first_answer() -> None:
    [*_, state], transitions = run("ddduw", Policy())
    assert (state.word, state.since, transitions[-1].happened_at) == (State.WARN, 40.0, 40.0)


def test_a_trouble_keeps_its_beginning_past_an_unknown_look() -> None:
    [*_, down], transitions = run("ddd?d", Policy())
    assert (down.since, down.reason) == (10.0, "connect_refused")
    assert [(one.after, one.happened_at) for one in transitions[-2:]] == [
        (State.UNKNOWN, 40.0),
        (State.DOWN, 50.0),
    ]
    [*_, soft], _ = run("ud?d", Policy())
    assert (token(soft), soft.since) == ("d2", 20.0)
    [*_, warn], _ = run("www?w", Policy())
    assert warn.since == 10.0


def test_up_does_not_claim_what_was_not_seen() -> None:
    [*_, state], _ = run("uu?u", Policy())
    assert state.since == started_at(4)


def test_no_change_is_dated_before_the_one_it_follows() -> None:
    _, transitions = run("dddu?u", Policy())
    unknown, up = transitions[-2:]
    assert (unknown.after, unknown.happened_at) == (State.UNKNOWN, 50.0)
    assert (up.after, up.happened_at) == (State.UP, 50.0)


def test_the_reason_is_the_one_last_seen_for_what_is_shown() -> None:
    states, _ = run("wwwdu", Policy())
    assert [(one.reason, one.params["at"]) for one in states] == [
        ("slow", 10.0),
        ("slow", 20.0),
        ("slow", 30.0),
        ("connect_refused", 40.0),
        ("slow", 30.0),
    ]


def test_the_version_grows_only_when_something_shown_changes() -> None:
    states, _ = run("uuuddddduuu", Policy())
    assert [one.version for one in states] == [1, 1, 1, 2, 3, 4, 4, 4, 4, 5, 5]


def test_times_are_kept_to_the_millisecond() -> None:
    state, change = step(ProbeState(since=0.0), look("u", 10 + 1 / 3), Policy(), None, 20.0)
    assert (state.since, state.looked_at, state.heard_at) == (10.333, 10.333, 11.333)
    assert change is not None
    assert (change.happened_at, change.noticed_at) == (10.333, 11.333)


def test_what_was_last_known_of_the_target_is_kept() -> None:
    policy = Policy()
    first = replace(look("u", 10.0), address="127.0.0.9", fingerprint="ab12")
    state, _ = step(ProbeState(since=0.0), first, policy, None, 11.0)
    state, _ = step(state, look("d", 20.0), policy, None, 21.0)
    assert (state.address, state.fingerprint, state.good_at, state.looked_at) == (
        "127.0.0.9",
        "ab12",
        10.0,
        20.0,
    )
    assert state.health is Health.DOWN
