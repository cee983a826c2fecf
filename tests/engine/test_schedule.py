"""When probes are due: spread, retries, restarts, pauses. All times are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.engine.schedule import RETRY, SCHEDULE, SWEEP, Rhythm, Schedule, Turn, spread, windows

NOON = 1_795_520_000.0
UPTIME = 5_000.0


def test_probes_are_spread_over_their_interval_and_a_restart_keeps_the_spread():
    keys = [f"app-{number}/http" for number in range(1000)]
    seconds = [int(spread(key) * 60) for key in keys]
    assert max(seconds.count(second) for second in range(60)) < 40
    rhythm = Rhythm(60.0, 15.0, spread(keys[0]))
    looked = NOON + (rhythm.share * 60 - NOON) % 60
    before = rhythm.resume(looked, UPTIME, looked + 10, windows(0, 0), soft=False)
    after = rhythm.resume(looked, 17.0, looked + 20, windows(0, 0), soft=False)
    assert before.due - UPTIME + 10 == pytest.approx(60)
    assert after.due - 17.0 + 20 == pytest.approx(60)
    assert before.in_phase and after.in_phase


def test_a_steady_probe_goes_by_whole_intervals_however_long_its_looks_take():
    rhythm = Rhythm(60.0, 15.0, 0.3)
    turn = Turn(UPTIME, True)
    following = rhythm.next(turn, UPTIME + 0.2, UPTIME + 9.0, NOON, soft=False)
    assert following == Turn(UPTIME + 60.0, True, SCHEDULE)


def test_turns_that_passed_while_a_look_ran_are_left_out():
    rhythm = Rhythm(10.0, 5.0, 0.3)
    following = rhythm.next(Turn(UPTIME, True), UPTIME, UPTIME + 25.0, NOON, soft=False)
    assert following.due == UPTIME + 30.0


def test_a_step_of_the_wall_clock_moves_no_turn():
    rhythm = Rhythm(60.0, 15.0, 0.3)
    turn = Turn(UPTIME, True)
    for wall in (NOON, NOON - 3600, NOON + 3600):
        assert rhythm.next(turn, UPTIME, UPTIME + 1, wall, soft=False).due == UPTIME + 60.0


def test_an_unconfirmed_failure_is_looked_at_again_after_retry_and_never_in_the_past():
    rhythm = Rhythm(60.0, 15.0, 0.3)
    soon = rhythm.next(Turn(UPTIME, True), UPTIME, UPTIME + 2, NOON, soft=True)
    assert soon == Turn(UPTIME + 15.0, False, RETRY)
    late = rhythm.next(Turn(UPTIME, True), UPTIME, UPTIME + 20, NOON, soft=True)
    assert late.due == UPTIME + 20


@given(
    every=st.floats(1, 3600),
    share=st.floats(0, 0.999),
    started=st.floats(NOON, NOON + 86400),
)
def test_a_probe_out_of_phase_finds_back_in_two_looks_without_a_long_gap(every, share, started):
    rhythm = Rhythm(every, every / 4, share)
    at, looks = started, 0
    while True:
        turn = rhythm.after(at, soft=False)
        assert every * 0.49 - 1e-3 <= turn.due - at <= every + 1e-3
        at, looks = turn.due, looks + 1
        if turn.in_phase:
            break
    assert looks <= 2
    off = (at - share * every) % every
    assert min(off, every - off) < 1e-3


def test_probes_never_looked_at_are_swept_within_ten_seconds_and_few_within_one():
    rhythms = [Rhythm(3600.0, 15.0, spread(str(number))) for number in range(2000)]
    dues = [r.resume(None, UPTIME, NOON, windows(len(rhythms), 0), soft=False) for r in rhythms]
    assert all(UPTIME <= turn.due <= UPTIME + 10 and turn.trigger == SWEEP for turn in dues)
    assert max(turn.due for turn in dues) > UPTIME + 9
    assert rhythms[0].resume(None, UPTIME, NOON, windows(1, 0), soft=False).due <= UPTIME + 1


def test_a_long_pause_ends_in_no_flood():
    count = 1000
    rhythms = [Rhythm(60.0, 15.0, spread(str(number))) for number in range(count)]
    within = windows(0, count)
    dues = [r.resume(NOON - 7200, UPTIME, NOON, within, soft=False).due - UPTIME for r in rhythms]
    assert max(dues) <= 10
    for second in range(10):
        assert sum(second <= due < second + 1 for due in dues) < 150


def test_a_last_look_from_the_future_does_not_stop_a_probe():
    rhythm = Rhythm(60.0, 15.0, 0.5)
    turn = rhythm.resume(NOON + 86400, UPTIME, NOON, windows(0, 0), soft=False)
    assert UPTIME <= turn.due <= UPTIME + 60


def test_the_schedule_gives_what_is_due_in_order_and_each_key_once():
    schedule: Schedule[str] = Schedule()
    schedule.put("b", Turn(2.0, True))
    schedule.put("a", Turn(1.0, True))
    schedule.put("c", Turn(9.0, True))
    schedule.put("b", Turn(3.0, True))
    schedule.put("d", Turn(2.0, True))
    schedule.remove("d")
    assert [key for _turn, key in schedule.take(5.0)] == ["a", "b"]
    assert schedule.take(5.0) == []
    assert len(schedule) == 1
