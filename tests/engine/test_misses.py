"""The day's misses: counted, put together, bounded, begun anew at midnight."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from opsconsole.base.clock import utc
from opsconsole.engine.misses import MOST_PERIODS, Gap, Misses, gap, missed_by
from opsconsole.engine.schedule import Rhythm
from opsconsole.engine.watched import Tally
from opsconsole.health.model import ProbeState
from opsconsole.store.pauses import StoredPause
from tests.engine.looking import HeldProbe

JAKARTA = "Asia/Jakarta"
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo(JAKARTA)).timestamp()
DAY = 86_400


def probe(name: str = "p", looked_at: float | None = NOON - 10, every: float = 60.0) -> HeldProbe:
    made = HeldProbe(name, every=f"{every:g}s")
    made.state = ProbeState(since=0.0, looked_at=looked_at)
    made.rhythm = Rhythm(every, 15.0, 0.5)
    return made


@pytest.mark.parametrize(
    ("due", "started", "ended", "planned", "missed", "overrun"),
    [
        (100, 100, 101, True, 0, 0),
        (100, 100, 159, True, 0, 0),
        (100, 100, 160, True, 1, 1),
        (100, 100, 225, True, 2, 1),
        (100, 170, 171, True, 1, 0),
        (100, 100, 225, False, 0, 1),
        (100, 170, 171, False, 0, 0),
        (101, 100, 101, True, 0, 0),
    ],
)
def test_a_look_costs_the_turns_that_passed_until_it_ended(
    due: float, started: float, ended: float, planned: bool, missed: int, overrun: int
):
    tally, first = missed_by(60.0, due, started, ended, planned=planned)
    assert tally == (missed, overrun)
    assert first == (due + 60 if missed else started)


def test_turns_lie_in_the_phase_of_the_probe():
    rhythm = Rhythm(60.0, 15.0, 0.5)
    assert rhythm.turns(0, 29) == (0, 30)
    assert rhythm.turns(0, 30) == (1, 30)
    assert rhythm.turns(30, 89) == (0, 90)
    assert rhythm.turns(31, 600) == (9, 90)
    assert rhythm.turns(600, 31)[0] == 0


def test_a_gap_counts_what_fell_into_it_and_leaves_out_what_was_not_looked_at():
    paused = probe("paused")
    paused.pause = StoredPause(
        probe_id=1,
        row_id="app",
        probe="p",
        uid=0,
        person="budi",
        reason="r",
        since=NOON - 60,
        until=NOON + 90,
    )
    probes = [probe("a"), probe("b", every=30.0), probe("new", None), probe("gone", NOON - 7 * DAY), paused]
    # Phases at :30 of each minute, and at :15 and :45; the pause ends at +90, so one is left at +90.
    assert gap(probes[:4], NOON, NOON + 120) == Gap(NOON, NOON + 120, 2 + 4, NOON + 15)
    assert gap([paused], NOON, NOON + 120).missed == 0
    assert gap([paused], NOON, NOON + 180).missed == 1
    # A look after the last sign of life was made all the same.
    assert gap([probe("a", NOON + 31)], NOON, NOON + 120).missed == 1
    assert gap([], NOON, NOON + 120).body() == {}


def test_misses_of_one_probe_close_together_are_one_period():
    misses, one, other = Misses(JAKARTA, NOON), probe("a"), probe("b")
    one.id, other.id = 1, 2
    for minute in range(5):
        at = NOON + 60 * minute
        misses.probe(one, "overrun", Tally(1, 1), at, at + 50)
    misses.probe(other, "late", Tally(2, 0), NOON + 100, NOON + 130)
    misses.probe(one, "overrun", Tally(1, 1), NOON + 3600, NOON + 3650)
    told = [(one.cause, one.missed, one.overrun, one.since, one.until) for one in misses.periods.values()]
    assert told == [
        ("overrun", 5, 5, utc(NOON), utc(NOON + 290)),
        ("late", 2, 0, utc(NOON + 100), utc(NOON + 130)),
        ("overrun", 1, 1, utc(NOON + 3600), utc(NOON + 3650)),
    ]
    assert misses.tallies == {1: Tally(6, 6), 2: Tally(2, 0)}


def test_the_list_is_bounded_and_the_counts_are_not():
    misses, one = Misses(JAKARTA, NOON), probe("a")
    for number in range(MOST_PERIODS + 7):
        at = NOON + 1000 * number
        misses.probe(one, "late", Tally(1, 0), at, at)
    assert (len(misses.periods), misses.more) == (MOST_PERIODS, 7)
    assert next(iter(misses.periods.values())).since == utc(NOON + 7000)
    assert misses.tallies == {one.id: Tally(MOST_PERIODS + 7, 0)}


def test_a_day_begins_at_midnight_in_the_offices_zone():
    misses = Misses(JAKARTA, NOON)
    assert (misses.day_began, misses.day_ends) == (NOON - DAY / 2, NOON + DAY / 2)
    misses.all("stopped", Gap(NOON - 100, NOON, 3, NOON - 90))
    misses.turn(NOON + DAY / 2 - 1)
    assert misses.shared == 3
    misses.turn(NOON + DAY / 2)
    assert (misses.shared, misses.periods, misses.tallies) == (0, {}, {})
    assert misses.day_began == NOON + DAY / 2


def test_what_earlier_runs_left_goes_before_and_only_on_the_same_day():
    misses, earlier, one = Misses(JAKARTA, NOON), Misses(JAKARTA, NOON), probe("a")
    earlier.probe(one, "late", Tally(2, 0), NOON - 3600, NOON - 3590)
    misses.probe(one, "late", Tally(1, 0), NOON, NOON + 1)
    misses.all("stopped", Gap(NOON - 100, NOON, 3, NOON - 90))
    misses.recall(earlier)
    assert [period.missed for period in misses.periods.values()] == [2, 1, 3]
    assert misses.tallies == {one.id: Tally(3, 0)}
    tomorrow = Misses(JAKARTA, NOON + DAY)
    tomorrow.recall(misses)
    assert (tomorrow.periods, tomorrow.tallies, tomorrow.shared) == ({}, {}, 0)


def test_a_clock_set_back_to_another_day_begins_that_day():
    misses = Misses(JAKARTA, NOON + DAY)
    misses.probe(probe(), "late", Tally(1, 0), NOON + DAY, NOON + DAY + 1)
    assert not misses.is_of(NOON)
    misses.turn(NOON)
    assert misses.is_of(NOON) and not misses.tallies and not misses.periods


def test_what_another_thread_may_read_is_replaced_and_never_changed():
    misses, earlier = Misses(JAKARTA, NOON), Misses(JAKARTA, NOON)
    for one in (misses, earlier):
        before = one.tallies, one.periods
        one.probe(probe(), "late", Tally(1, 0), NOON, NOON + 1)
        assert before == ({}, {})
    before = misses.tallies
    misses.recall(earlier)
    assert (before, misses.tallies) == ({1: Tally(1, 0)}, {1: Tally(2, 0)})
