"""How incidents stood at a moment, and what one shift leaves to the next."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from opsconsole.client.incident_pages import Handover, HandoverChange
from opsconsole.client.incidents import Incident, Severity, Status
from opsconsole.incidents.bodies import opened, subject
from opsconsole.incidents.facts import Ground
from opsconsole.incidents.handover import assemble
from opsconsole.incidents.standing import standing
from opsconsole.incidents.subscriber import IncidentKeeper
from opsconsole.inventory.shifts import Shift
from opsconsole.store import events
from opsconsole.store.database import Store, open_store
from opsconsole.store.events import StoredEvent
from tests.incidents.policies import calendar, incident, policy, wib

MORNING = Shift("pagi", wib("2026-11-24T05:00"), wib("2026-11-24T13:00"))
NEXT = Shift("siang", wib("2026-11-24T13:00"), wib("2026-11-24T21:00"))
LATER = wib("2026-11-25T12:00")
Tell = Callable[..., StoredEvent]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened_store = open_store(tmp_path / "store.db")
    yield opened_store
    opened_store.close()


@pytest.fixture
def tell(store: Store) -> Tell:
    """Store an event at a time on the office's clock, as the engine does."""
    keeper = IncidentKeeper(lambda: Ground({}, policy(), calendar()))

    def append(at: str, kind: str, about: str, body: dict[str, Any], person: str = "") -> StoredEvent:
        with store.writer() as conn:
            event = events.append(
                conn, at=wib(at).timestamp(), uid=1000, person=person, via="console" if person else "engine",
                command_id=None, kind=kind, subject=about, body=body,
            )  # fmt: skip
            keeper(conn, event)
        return event

    return append


def begin(tell: Tell, number: int, at: str, severity: Severity = Severity.MEDIUM) -> None:
    one = incident(number, severity=severity, happened_at=wib(at), opened_at=wib(at))
    tell(at, "incident.opened", subject(number), opened(one))


def on(tell: Tell, at: str, kind: str, number: int, person: str = "budi", **body: Any) -> StoredEvent:
    return tell(at, f"incident.{kind}", subject(number), {"number": number, **body}, person)


def then(store: Store, shift: Shift) -> dict[int, Status]:
    with store.reader() as conn:
        found = standing(conn, shift.start.timestamp(), shift.end.timestamp())
    return {one.number: one.status for one in found}


def test_incidents_are_told_as_they_stood_when_the_shift_ended(store: Store, tell: Tell):
    begin(tell, 1, "2026-11-24T04:00")
    begin(tell, 2, "2026-11-24T06:00")
    begin(tell, 3, "2026-11-24T07:00")
    begin(tell, 4, "2026-11-24T14:00")
    on(tell, "2026-11-24T06:30", "acknowledged", 2)
    on(tell, "2026-11-24T04:30", "resolved", 1, why="asked", cause="network")
    on(tell, "2026-11-24T08:00", "resolved", 3, why="asked", cause="network")
    assert then(store, MORNING) == {2: Status.ACKNOWLEDGED, 3: Status.RESOLVED}
    # What comes later changes nothing of what was.
    on(tell, "2026-11-24T15:00", "resolved", 2, why="asked", cause="network")
    on(tell, "2026-11-24T15:30", "closed", 3)
    assert then(store, MORNING) == {2: Status.ACKNOWLEDGED, 3: Status.RESOLVED}
    assert then(store, NEXT) == {2: Status.RESOLVED, 3: Status.CLOSED, 4: Status.OPEN}


def test_what_stood_at_a_moment_has_what_was_said_by_then(store: Store, tell: Tell):
    begin(tell, 1, "2026-11-24T06:00")
    on(tell, "2026-11-24T07:00", "noted", 1, note="vendor ditelepon")
    on(tell, "2026-11-24T15:00", "noted", 1, note="vendor datang")
    with store.reader() as conn:
        (one,) = standing(conn, MORNING.start.timestamp(), MORNING.end.timestamp())
    assert (one.note, one.version) == ("vendor ditelepon", 2)


def hand_over(*incidents: Incident, done: tuple[StoredEvent, ...] = (), shift: Shift = MORNING) -> Handover:
    return assemble(shift, LATER, incidents, (done, len(done)), (9, bytes(range(32))))


def test_what_is_open_comes_worst_first_then_oldest():
    numbers = [
        one.number
        for one in hand_over(
            incident(1),
            incident(2, severity=Severity.CRITICAL),
            incident(3, opened_at=wib("2026-11-24T06:00")),
            incident(4, status=Status.MERGED, merged_into=1),
            incident(5, status=Status.MITIGATED, severity=Severity.HIGH),
        ).open
    ]
    assert numbers == [2, 5, 3, 1]


def test_what_ended_did_so_within_the_shift():
    found = hand_over(
        incident(1, status=Status.RESOLVED, resolved_at=wib("2026-11-24T12:59")),
        incident(2, status=Status.CLOSED, resolved_at=wib("2026-11-24T05:00"), closed_at=LATER),
        incident(3, status=Status.RESOLVED, resolved_at=wib("2026-11-24T04:59")),
        incident(4, status=Status.RESOLVED, resolved_at=wib("2026-11-24T13:00")),
        incident(5, status=Status.MERGED, merged_into=1),
        incident(6, status=Status.CLOSED, closed_at=wib("2026-11-24T07:00")),
    )
    assert [one.number for one in found.ended] == [2, 6, 1]


def test_it_carries_the_shift_and_the_head_of_the_chain():
    found = hand_over()
    assert (found.shift, found.start, found.end, found.at) == (*MORNING, LATER)
    assert (found.head_seq, found.head_hash) == (9, bytes(range(32)).hex())


def test_what_people_did_crosses_with_what_they_wrote(store: Store, tell: Tell):
    tell("2026-11-24T04:59:59", "probe.paused", "simrs", {"reason": "terlalu awal"}, "rina")
    begin(tell, 1, "2026-11-24T06:00")
    tell("2026-11-24T06:10", "probe.paused", "simrs", {"reason": "ganti disk", "probes": ["a", "b"]}, "rina")
    on(tell, "2026-11-24T07:00", "noted", 1, person="", note="")
    tell("2026-11-24T12:59", "probe.resumed", "simrs", {"probes": [{"x": 1}], "n": 2}, "budi")
    tell("2026-11-24T13:00", "probe.resumed", "simrs", {}, "budi")
    with store.reader() as conn:
        done = events.by_people(conn, MORNING.start.timestamp(), MORNING.end.timestamp(), 10)
        newest = events.by_people(conn, MORNING.start.timestamp(), MORNING.end.timestamp(), 1)
    assert hand_over(done=tuple(done[0])).changes == (
        HandoverChange(
            at=wib("2026-11-24T06:10").astimezone(UTC), kind="probe.paused", subject="simrs", person="rina",
            params={"reason": "ganti disk", "probes": "a, b"}, text="ganti disk",
        ),
        HandoverChange(
            at=wib("2026-11-24T12:59").astimezone(UTC), kind="probe.resumed", subject="simrs", person="budi",
            params={"n": 2},
        ),
    )  # fmt: skip
    assert (done[1], newest[1], [event.person for event in newest[0]]) == (2, 2, ["budi"])


def test_a_caller_without_a_name_is_told_by_uid(tell: Tell):
    event = tell("2026-11-24T06:10", "probe.paused", "simrs", {})
    assert hand_over(done=(event,)).changes[0].person == "uid 1000"


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_the_first_event_since_a_time_is_found_by_halves(store: Store, tell: Tell, count: int):
    start = wib("2026-11-24T05:00")
    for number in range(count):
        tell(f"2026-11-24T05:0{number}", "x", "x", {})
    with store.reader() as conn:
        for number in range(-1, count + 1):
            at = (start + timedelta(minutes=number)).timestamp()
            assert events.first_since(conn, at) == max(1, number + 1)
            assert events.first_since(conn, at + 0.001) == min(max(1, number + 2), count + 1)


def test_the_head_is_the_newest_event(store: Store, tell: Tell):
    with store.reader() as conn:
        assert events.head(conn) == (0, bytes(32))
    tell("2026-11-24T06:10", "x", "x", {})
    last = tell("2026-11-24T06:11", "x", "x", {})
    with store.reader() as conn:
        assert events.head(conn) == (2, last.hash)
        report = events.verify(conn)
    assert (report.seq, report.head) == (2, last.hash)
