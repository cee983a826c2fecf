"""What people did before and after a Bimtek, with how many cases it is over."""

from opsconsole.readiness.figures import Case, figures
from tests.readiness.town import DAY, NOW


def of(what: str, *cases: tuple[float, float], least: int = 5):
    """Cases as (days from the session, value)."""
    told = {what: [Case(NOW + at * DAY, value) for at, value in cases]}
    return next(one for one in figures(told, NOW, 60, least) if one.what == what)


def test_a_median_for_drills_and_a_share_for_the_rest():
    drills = of(
        "drill_seconds", *((-day, 600.0 + day) for day in range(1, 6)), *((day, 100.0) for day in range(5))
    )
    assert (drills.before, drills.before_n, drills.after, drills.after_n) == (603.0, 5, 100.0, 5)
    share = of("announced", *((-day, float(day % 2)) for day in range(1, 11)), (1, 1.0), least=1)
    assert (share.before, share.after) == (0.5, 1.0)


def test_below_five_cases_there_is_no_figure_but_how_many_there_are():
    few = of("acknowledged_first", *((-day, 1.0) for day in range(1, 5)))
    assert (few.before, few.before_n, few.after, few.after_n) == (None, 4, None, 0)


def test_only_the_days_on_both_sides_count():
    far = of("in_date", (-60, 1.0), (-60.1, 0.0), (59.9, 1.0), (60, 0.0), least=1)
    assert (far.before, far.before_n, far.after, far.after_n) == (1.0, 1, 1.0, 1)


def test_every_figure_is_there_also_without_a_case():
    assert [one.before_n for one in figures({}, NOW, 60, 5)] == [0] * 5
