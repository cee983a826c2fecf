"""Alarms as they are and as they would have been, put side by side."""

from opsconsole.engine.counting import Span, alarms_of, counted, paired, spans_of, untold
from opsconsole.engine.notebook import Said

END = 1000.0


def said(*told: tuple[float, str]) -> list[Said]:
    return [Said(at, "satu", after, "connect_refused") for at, after in told]


def spans(*told: tuple[float, str]) -> list[Span]:
    return spans_of(said(*told), END)


def test_an_alarm_lasts_until_something_else_is_said() -> None:
    first, second = spans((10, "down"), (50, "up"), (90, "warn"))
    assert (first.start, first.end, first.ended, first.recovered) == (10, 50, True, True)
    assert (second.start, second.end, second.ended, second.recovered) == (90, END, False, False)
    assert spans((10, "up"), (END, "down")) == []


def test_a_later_alarm_of_the_same_outage_is_its_counterpart_and_a_vanished_one_was_avoided() -> None:
    are = spans((10, "down"), (100, "up"), (200, "down"), (230, "up"))
    would = spans((70, "down"), (100, "up"))
    alarms = alarms_of(paired(are, would, 0.0))
    assert [(one.at is None, one.would_at is None) for one in alarms] == [(False, False), (False, True)]
    sums = counted(alarms, 2, untold(are, would, 0.0))
    assert (sums.recorded, sums.alarms, sums.would, sums.avoided, sums.recovered, sums.added) == (
        2,
        2,
        1,
        1,
        1,
        0,
    )
    assert sums.delay_median_s == sums.delay_most_s == 60.0
    assert sums.untold_s == 90.0


def test_an_earlier_alarm_has_a_negative_delay_and_a_new_one_is_counted_apart() -> None:
    are = spans((60, "down"), (100, "up"))
    would = spans((20, "down"), (100, "up"), (300, "down"), (320, "up"))
    sums = counted(alarms_of(paired(are, would, 0.0)), 1, untold(are, would, 0.0))
    assert (sums.alarms, sums.would, sums.avoided, sums.added) == (1, 2, 0, 1)
    assert sums.delay_median_s == -40.0 and sums.untold_s == 0.0


def test_a_warning_is_no_counterpart_of_a_down() -> None:
    pairs = paired(spans((10, "down"), (50, "up")), spans((10, "warn"), (50, "up")), 0.0)
    assert [(one is None, other is None) for one, other in pairs] == [(False, True), (True, False)]


def test_what_began_before_the_stretch_is_left_out_with_its_counterpart() -> None:
    are, would = spans((10, "down"), (300, "up")), spans((150, "down"), (300, "up"))
    assert paired(are, would, 100.0) == []
    assert untold(are, would, 100.0) == 50.0
    assert untold(are, [], 100.0) == 200.0


def test_nothing_comes_to_nothing() -> None:
    sums = counted([], 0, 0.0)
    assert sums.delay_median_s is None and sums.delay_most_s is None and sums.alarms == 0
