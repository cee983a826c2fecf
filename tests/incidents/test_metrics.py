"""Mean times to acknowledge and to recover, by their definitions."""

from datetime import timedelta

from opsconsole.client.incident_pages import IncidentFigures
from opsconsole.client.incidents import Incident, Member, Status
from opsconsole.incidents.metrics import figures
from tests.incidents.policies import OPENED, incident

DOWN = Member(id="simrs", name="SIMRS", since=OPENED)


def after(minutes: float):
    return OPENED + timedelta(minutes=minutes)


def over(number: int, **changes: object) -> Incident:
    return incident(
        number,
        **{
            "status": Status.RESOLVED,
            "happened_at": after(-2),
            "answered_at": after(6),
            "recovered_at": after(28),
            "resolved_at": after(90),
            "members": (DOWN,),
            **changes,
        },
    )


def test_there_is_nothing_to_go_by():
    assert figures([]) == IncidentFigures()
    assert figures([incident()]) == IncidentFigures(open=1)


def test_the_mean_times_and_how_many_they_are_over():
    found = figures(
        [
            over(1),
            over(2, answered_at=after(2), recovered_at=after(8)),
            over(3, answered_at=None, recovered_at=None, status=Status.MITIGATED),
            incident(4, status=Status.ACKNOWLEDGED, acknowledged_at=after(3), answered_at=after(1)),
        ]
    )
    assert (found.open, found.acknowledged) == (2, 1)
    assert (found.mtta_s, found.mtta_n) == ((6 + 2 + 1) * 60 / 3, 3)
    assert (found.mttr_s, found.mttr_n) == ((30 + 10) * 60 / 2, 2), "from when the trouble began"


def test_false_alarms_and_what_was_merged_count_for_nothing():
    counted = [over(1)]
    rest = [over(2, false_alarm=True), over(3, status=Status.MERGED, merged_into=1)]
    assert figures(counted + rest) == figures(counted)


def test_one_of_nothing_that_is_looked_at_is_over_when_it_is_resolved():
    assert figures([over(1, members=(), recovered_at=None)]).mttr_s == 92 * 60
    assert figures([over(1, recovered_at=None)]).mttr_n == 0


def test_a_clock_that_was_put_back_makes_no_negative_time():
    assert figures([over(1, answered_at=after(-5))]).mtta_s == 0
