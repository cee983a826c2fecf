"""The clocks of every incident: when they run out, in which time they count, what is left of them."""

from datetime import timedelta

import pytest

from opsconsole.client.incidents import Clock, Severity
from opsconsole.incidents.sla import clocks, left, met, overdue
from tests.incidents.policies import OPENED, calendar, policy, wib

CALENDAR, POLICY = calendar(), policy()


@pytest.mark.parametrize(
    ("severity", "in_season", "opened", "respond", "recover", "counts"),
    [
        ("critical", False, "2026-11-28T03:00", "2026-11-28T03:15", "2026-11-28T07:00", "calendar"),
        ("high", True, "2026-11-28T03:00", "2026-11-28T03:30", "2026-11-28T11:00", "calendar"),
        # A Saturday: 8 working hours are all of Monday's 7.5 and half an hour of Tuesday.
        ("high", False, "2026-11-28T03:00", "2026-11-30T08:00", "2026-12-01T08:00", "working"),
        ("medium", True, "2026-11-27T11:00", "2026-11-27T14:30", "2026-12-01T11:00", "working"),
        ("low", False, "2026-12-23T10:00", "2026-12-28T10:00", "2027-01-04T10:00", "working"),
    ],
)
def test_clocks_by_severity_and_season(
    severity: str, in_season: bool, opened: str, respond: str, recover: str, counts: str
):
    made = clocks(Severity(severity), wib(opened), CALENDAR, POLICY, in_season=in_season)
    assert [(one.id, one.started_at, one.due_at, one.counts) for one in made] == [
        ("respond", wib(opened), wib(respond), counts),
        ("recover", wib(opened), wib(recover), counts),
    ]


def test_an_office_that_names_no_working_hours_counts_around_the_clock():
    respond, recover = clocks(Severity.LOW, OPENED, calendar("shifts = []"), POLICY, in_season=False)
    assert (respond.due_at, recover.due_at) == (OPENED + timedelta(days=1), OPENED + timedelta(days=5))
    assert {respond.counts, recover.counts} == {"calendar"}


def test_a_clock_is_overdue_once_it_ran_out_and_until_it_is_met():
    clock = Clock(id="respond", started_at=OPENED, due_at=OPENED + timedelta(minutes=15))
    due, later = OPENED + timedelta(minutes=15), OPENED + timedelta(minutes=16)
    assert not overdue(clock, due)
    assert overdue(clock, later)
    assert not overdue(met(clock, due), later)
    assert met(clock, due).met_at == due
    assert not overdue(Clock(id="bssn", started_at=OPENED), later), "at once has no moment to be missed"


def test_what_is_left_is_told_in_the_time_that_the_clock_counts():
    clock = Clock(
        id="respond", started_at=wib("2026-11-27T16:00"), due_at=wib("2026-11-30T09:00"), counts="working"
    )
    assert left(clock, wib("2026-11-27T16:00"), CALENDAR) == 7200
    assert left(clock, wib("2026-11-28T16:00"), CALENDAR) == 5400
    assert left(clock, wib("2026-11-30T10:30"), CALENDAR) == -5400
    assert left(met(clock, wib("2026-11-30T08:00")), wib("2026-12-24T08:00"), CALENDAR) == 3600
    around = Clock(id="recover", started_at=OPENED, due_at=OPENED + timedelta(hours=4))
    assert left(around, OPENED + timedelta(hours=5), CALENDAR) == -3600
    assert left(Clock(id="bssn", started_at=OPENED), OPENED, CALENDAR) is None
