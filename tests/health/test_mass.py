"""Most hosts fail at once: when that is, and when it is shown otherwise."""

import math

import pytest

from opsconsole.health.mass import LEAST_HOSTS, LIMIT_SECONDS, HostLook, MassWatch

UNSET = math.inf


def looks(
    watch: MassWatch, text: str, at: float, checked_at: float | None = UNSET, *, known: bool = False
) -> None:
    """One look at each host, a second apart: ``d`` it fails, ``u`` it answers, ``.`` none."""
    for number, letter in enumerate(text):
        if letter != ".":
            started = at + number
            look = HostLook(f"host-{number}", letter == "d", known, started, started + 0.1)
            watch.look(look, checked_at)


def failing(text: str, checked_at: float | None = UNSET) -> MassWatch:
    """What a watch makes of these looks."""
    watch = MassWatch()
    looks(watch, text, 100.0, checked_at)
    return watch


CASES = {
    "five of five": ("ddddd", True),
    "four are no storm": ("dddd", False),
    "four of many are none either": ("uuuuuudddd", False),
    "half of them is not most": ("uuuuuddddd", False),
    "more than half is": ("uuuudddddd", True),
    "what passed longer than ten seconds ago counts no more": ("uuuuu.....ddddd", True),
    "what failed longer than ten seconds ago neither": ("dddd........d", False),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_most_hosts_fail_within_ten_seconds(text: str, wanted: bool) -> None:
    assert (failing(text).failure is not None) is wanted


def test_it_tells_how_many_and_since_when() -> None:
    watch = failing("uuddddd")
    assert watch.failure is not None
    # Those that answered before the first failure say nothing of it.
    assert (watch.failure.since, watch.failure.noticed_at) == (102.0, 106.1)
    assert (watch.failure.failed, watch.failure.hosts) == (5, 5)
    looks(watch, "uddddddd", 110.0)
    assert (watch.failure.failed, watch.failure.hosts) == (7, 8)
    assert watch.failure.noticed_at == 106.1


def test_a_host_is_as_its_newest_look_found_it() -> None:
    watch = MassWatch()
    for _ in range(LEAST_HOSTS):
        looks(watch, "d", 100.0)
    assert watch.failure is None
    looks(watch, "dddu", 100.0)
    looks(watch, "uuudd", 101.0)
    assert watch.failure is None


def test_hosts_that_were_known_to_be_down_say_nothing_new() -> None:
    watch = MassWatch()
    looks(watch, "ddddddd", 100.0, known=True)
    assert watch.failure is None


@pytest.mark.parametrize(
    ("checked_at", "begins"), [(None, True), (99.0, True), (UNSET, True), (100.5, False)]
)
def test_a_self_check_that_passed_since_the_first_failure_shows_that_it_is_not_us(
    checked_at: float | None, begins: bool
) -> None:
    assert (failing("ddddd", checked_at).failure is not None) is begins


@pytest.mark.parametrize(("checked_at", "ends"), [(104.0, False), (104.2, True), (UNSET, False)])
def test_a_self_check_that_begins_later_and_passes_ends_it(checked_at: float, ends: bool) -> None:
    watch = failing("ddddd")
    watch.passed(checked_at, 105.0)
    assert (watch.failure is None) is ends
    assert watch.why == ("self_check" if ends else "")


def test_a_self_check_ends_it_too_when_the_clock_was_set_back_meanwhile() -> None:
    watch = failing("ddddd")
    watch.passed(50.0, 49.0)
    assert watch.failure is None


def test_a_self_check_ends_nothing_where_nothing_is() -> None:
    watch = MassWatch()
    watch.passed(100.0, 101.0)
    assert (watch.failure, watch.why) == (None, "")


def test_it_ends_when_as_many_answer_as_fail() -> None:
    watch = failing("dddddd")
    looks(watch, "uu", 120.0)
    assert watch.failure is not None
    looks(watch, "..u", 120.0)
    assert (watch.failure, watch.why) == (None, "answers")


def test_silence_does_not_end_it() -> None:
    watch = failing("ddddd")
    looks(watch, "d", 100.0 + 10 * LIMIT_SECONDS)
    assert watch.failure is not None


def test_some_that_answer_all_the_while_end_it_after_five_minutes() -> None:
    watch = failing("ddddd")
    looks(watch, "......uu", 110.0)
    looks(watch, "d", 103.0 + LIMIT_SECONDS)
    assert watch.failure is not None
    looks(watch, "d", 105.0 + LIMIT_SECONDS)
    assert (watch.failure, watch.why) == (None, "time")


def test_what_failed_in_one_that_is_over_makes_no_second_one_until_it_has_answered() -> None:
    watch = failing("ddddd")
    watch.passed(200.0, 201.0)
    looks(watch, "ddddd", 210.0)
    looks(watch, ".....dddd", 210.0)
    assert watch.failure is None
    looks(watch, "uuuuu", 230.0)
    looks(watch, "ddddd", 250.0)
    assert watch.failure is not None


def test_it_goes_on_after_a_restart() -> None:
    watch = MassWatch()
    watch.resume({}, 300.0)
    assert watch.failure is None
    watch.resume({"host-0": 100.0, "host-1": 101.0, "host-2": 99.0}, 300.0)
    assert watch.failure is not None
    assert (watch.failure.since, watch.failure.failed, watch.failure.hosts) == (99.0, 3, 3)
    looks(watch, "u", 310.0)
    assert watch.failure is not None
    looks(watch, "uu", 320.0)
    assert (watch.failure, watch.why) == (None, "answers")


def test_hosts_that_are_watched_no_more_are_forgotten() -> None:
    watch = failing("ddddddd")
    watch.keep({"host-0", "host-1"})
    looks(watch, "..u", 120.0)
    assert watch.failure is not None
    looks(watch, "...u", 120.0)
    assert (watch.failure, watch.why) == (None, "answers")


def test_a_host_that_was_away_from_the_files_begins_anew() -> None:
    watch = failing("ddddd")
    watch.passed(200.0, 201.0)
    watch.keep(set())
    looks(watch, "ddddd", 210.0)
    assert watch.failure is not None


def test_looks_that_a_clock_dated_ahead_are_forgotten() -> None:
    watch = MassWatch()
    looks(watch, "dddd", 3700.0)
    looks(watch, "....d", 100.0)
    assert watch.failure is None
