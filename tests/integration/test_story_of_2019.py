"""The story that the example office tells: in September 2019 the pace of the second phase could be seen."""

from datetime import date

import pytest

from opsconsole.base.text import choose_language
from opsconsole.client.integration import Road
from opsconsole.console.draw.road import road_lines
from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View
from opsconsole.integration.road import as_of
from probes.observation import utc
from tests.integration.roads import example_facts

DAY_AFTER = date(2019, 9, 24)
FACTS = example_facts()


def seen(day: date) -> Road:
    return as_of(FACTS, day)


def said(day: date, width: int = 80) -> str:
    now = utc(1_795_500_000.0)
    return "\n".join(road_lines(seen(day), View(width, 24, now, Times("Asia/Jakarta"))))


def test_thirty_four_opd_counted_then_and_twenty_eight_after_the_merger():
    assert seen(DAY_AFTER).scope == 34
    assert seen(date(2019, 12, 31)).scope == 34
    assert seen(date(2020, 1, 1)).scope == 28


def test_phase_two_needs_six_to_eight_times_the_pace_of_phase_one():
    road = seen(DAY_AFTER)
    assert (road.definition, road.register_date, road.days_kind) == ("v1", DAY_AFTER, "calendar")
    assert (road.current, road.next) == ("tahap-1", "tahap-2")
    assert road.required_pace == pytest.approx((4 / 99, 5 / 99))
    assert road.next_required_pace == pytest.approx((29 / 91, 30 / 91))
    assert road.pace_ratio == pytest.approx((29 / 91 / (5 / 99), 30 / 91 / (4 / 99)))
    low, high = road.pace_ratio  # type: ignore[misc]
    assert (round(low), round(high)) == (6, 8)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "needs 6 to 8 times the pace of"),
    ],
)
def test_the_screen_says_so(language: str, sentence: str):
    choose_language(language)
    try:
        text = said(DAY_AFTER)
    finally:
        choose_language("en")
    assert sentence in text
    assert "definition v1" in text
    assert "24 Sep 2019" in text


def test_what_happened_later_is_not_known_that_day():
    road = seen(DAY_AFTER)
    assert road.done == road.gains == 0
    assert [one.id for one in road.milestones] == ["fgd", "tahap-1", "tahap-2"]
    assert all(one.met is None for one in road.milestones if one.measure)
    assert road.burn_up[-1].day == DAY_AFTER


def test_three_gains_of_a_year_are_no_forecast():
    road = seen(date(2020, 8, 31))
    assert (road.done, road.scope, road.remaining) == (3, 28, 25)
    assert (road.forecast_p50, road.forecast_p85, road.forecast_why) == (None, None, "thin")
    assert road.required_pace is None
    assert "cannot be projected yet (3 gained" in said(date(2020, 8, 31))


def test_nobody_says_whether_phase_one_was_reached_and_phase_two_was_missed():
    met = {one.id: one.met for one in seen(date(2020, 8, 31)).milestones}
    assert (met["tahap-1"], met["tahap-2"]) == (None, False)


def test_the_merger_moves_the_scope_and_is_noted():
    road = seen(date(2020, 1, 1))
    assert [(one.day, one.scope) for one in road.burn_up] == [(date(2019, 9, 23), 34), (date(2020, 1, 1), 28)]
    merged = {one.after: one.before for one in road.notes if one.kind == "merged"}
    assert merged["DPUPRPKP",] == ("DISPERKIM", "DPUPR")
    rearranged = [one for one in road.notes if one.kind == "rearranged"]
    assert [set(one.after) for one in rearranged] == [{"DISDIKBUD", "DISPORAPAR"}]


def test_today_has_a_forecast_in_the_office_s_working_days():
    road = seen(date(2026, 11, 24))
    assert (road.definition, road.days_kind, road.days_left) == ("v2", "working", 26)
    assert (road.integrated, road.connected, road.scope) == (12, 14, 28)
    assert road.forecast_p50 is not None
    assert road.forecast_p85 is not None
    assert date(2027, 1, 1) < road.forecast_p50 < road.forecast_p85


def test_every_day_of_the_story_can_be_shown():
    for number in range(0, 2700, 53):
        day = date.fromordinal(date(2019, 8, 1).toordinal() + number)
        assert max(map(len, said(day).splitlines())) < 200
