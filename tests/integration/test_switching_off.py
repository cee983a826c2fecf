"""What may be switched off: two quarters of evidence, or not enough of it."""

from datetime import date

import pytest

from opsconsole.integration.switchoff import Evidence, Quarter, judge, quarters

START = date(2026, 4, 1)
Figures = tuple[int | None, int | None]
NONE: Figures = (None, None)
DOWN, UP = Quarter(0.0, 90.0, 0), Quarter(99.0, 90.0, 0)


def verdict(
    *two: Quarter, since: date = date(2026, 1, 1), logins: Figures = NONE, needed: bool = False
) -> str:
    return judge(Evidence(since, two, logins, needed), START).verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 11, 24), (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))),
        (date(2026, 1, 1), (date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1))),
        (date(2026, 5, 31), (date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1))),
    ],
)
def test_two_whole_quarters_lie_before_today(today: date, found: tuple[date, ...]):
    assert quarters(today) == found


def test_what_never_answered_and_nobody_missed_is_a_candidate():
    assert verdict(DOWN, DOWN) == "candidate"
    assert verdict(Quarter(None, 90.0, 0), DOWN) == "candidate"


def test_what_somebody_acted_on_or_others_need_is_kept():
    assert verdict(DOWN, DOWN._replace(interest=1)) == "keep"
    assert verdict(DOWN, DOWN, needed=True) == "keep"
    assert verdict(UP, UP, logins=(None, 12)) == "keep"


def test_what_runs_while_nobody_logs_in_is_a_candidate_and_is_only_watched_where_that_is_not_known():
    assert verdict(UP, UP, logins=(0, 0)) == "candidate"
    assert verdict(UP, UP) == "watch"


def test_a_figure_of_one_quarter_says_nothing_of_two():
    assert verdict(UP, UP, logins=(0, None)) == verdict(UP, UP, logins=(None, 0)) == "watch"
    assert verdict(DOWN, DOWN, logins=(0, 5)) == verdict(DOWN, DOWN, logins=(3, None)) == "keep"


def test_too_little_is_no_verdict():
    assert verdict(DOWN, DOWN, since=date(2026, 4, 2)) == "not_enough"
    assert verdict(DOWN, DOWN._replace(known_percent=59.9)) == "not_enough"
    assert judge(Evidence(START, (DOWN, DOWN), NONE, False), START).reasons == (
        "never_up",
        "no_interest",
        "login_unknown",
    )
