"""The forecast draws from the weeks that were; too few gains are no forecast, and no line is drawn."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from opsconsole.integration.forecast import MOST_WEEKS, forecast
from opsconsole.integration.road import as_of
from tests.integration.roads import facts, gain, many

weeks = st.lists(st.integers(-1, 3), min_size=1, max_size=60)
left = st.integers(1, 40)


def draw(weekly: list[int], remaining: int, gains: int = 99, seed: int = 1):
    return forecast(weekly, gains, remaining, least_gains=4, seed=seed)


@settings(max_examples=25)
@given(weeks, left, st.integers(0, 3))
def test_fewer_than_four_gains_are_never_projected(weekly: list[int], remaining: int, gains: int):
    assert draw(weekly, remaining, gains) == (None, None, "thin")


@settings(max_examples=25)
@given(weeks, left, st.integers(0, 2**40))
def test_the_same_weeks_give_the_same_dates(weekly: list[int], remaining: int, seed: int):
    one = draw(weekly, remaining, seed=seed)
    assert one == draw(weekly, remaining, seed=seed)
    if one.p50 is not None and one.p85 is not None:
        assert 1 <= one.p50 <= one.p85 <= MOST_WEEKS
    assert (one.p85 is None) == (one.why == "far")


@settings(max_examples=15)
@given(weeks, st.integers(1, 20))
def test_more_that_remains_is_never_sooner(weekly: list[int], remaining: int):
    sooner, later = draw(weekly, remaining), draw(weekly, remaining + 1)
    for one, two in ((sooner.p50, later.p50), (sooner.p85, later.p85)):
        assert two is None or (one is not None and one <= two)


def test_one_a_week_takes_as_many_weeks_as_remain():
    assert draw([1] * 30, 12) == (12, 12, "")


def test_nothing_that_remains_is_done():
    assert draw([1], 0) == (0, 0, "done")


def test_what_never_grows_has_no_date():
    assert draw([1, -1], 40).why in ("", "far")
    assert draw([-1, 0], 1) == (None, None, "far")


def test_half_the_draws_lie_before_the_median():
    # One OPD every second week: eight take about sixteen weeks, and rarely more than twenty.
    found = draw([1, 0] * 10, 8)
    assert found.p50 is not None
    assert found.p85 is not None
    assert 15 <= found.p50 <= 17
    assert 18 <= found.p85 <= 22


def test_the_road_draws_from_its_own_weeks():
    day = date(2026, 11, 24)
    steady = [gain((day - timedelta(days=7 * number)).isoformat(), f"OPD{number}") for number in range(8)]
    road = as_of(facts(many(12), *steady), day)
    assert (road.forecast_gains, road.forecast_why) == (8, "")
    assert road.forecast_p50 is not None
    assert day < road.forecast_p50
    again = as_of(facts(many(12), *steady), day)
    assert (again.forecast_p50, again.forecast_p85) == (road.forecast_p50, road.forecast_p85)
