"""Incidents kept in memory by the rules and the projection alone, on a clock that the test moves."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsconsole.base.clock import utc
from opsconsole.client.incidents import Incident, Member, Status
from opsconsole.incidents import mass, rules
from opsconsole.incidents.claims import claims
from opsconsole.incidents.facts import Ground, RowFacts
from opsconsole.incidents.ledger import CutOff, Next, Seen
from opsconsole.incidents.projection import apply
from opsconsole.inventory.calendar import make_calendar
from opsconsole.inventory.model import CalendarFile
from opsconsole.inventory.policy import IncidentsFile, make_policy
from opsconsole.store.events import StoredEvent, canonical_json

NOON = 1_795_520_000.0
CALENDAR = make_calendar(CalendarFile(), "Asia/Jakarta")
POLICY = make_policy(IncidentsFile())
ZONE = ZoneInfo("Asia/Jakarta")


def ground(*rows: RowFacts) -> Ground:
    """An office of these rows, with the usual policy and shifts."""
    return Ground({row.id: row for row in rows}, POLICY, CALENDAR)


class Book:
    """A ledger of incidents. ``events`` is the chain; ``cut`` says who cuts off whom now."""

    def __init__(self, *rows: RowFacts) -> None:
        self.now = NOON
        self.ground = ground(*rows)
        self.incidents: dict[int, Incident] = {}
        self.events: list[StoredEvent] = []
        self.cut: dict[str, str] = {}

    def next_number(self) -> int:
        return max(self.incidents, default=0) + 1

    def holder(self, claim: str) -> Incident | None:
        return next((one for one in self.incidents.values() if claim in claims(one)), None)

    def over(self, row_id: str) -> Sequence[Incident]:
        over = [one for one in self.incidents.values() if one.status in (Status.RESOLVED, Status.CLOSED)]
        had = [one for one in over if row_id in ("mass" in one.claims and "", *(m.id for m in one.members))]
        return sorted(had, key=lambda one: -one.number)

    def begun_since(self, moment: datetime) -> Sequence[Incident]:
        return [one for one in self.incidents.values() if one.status.is_open and one.happened_at >= moment]

    def cut_off_by(self, row_id: str) -> Sequence[CutOff]:
        return [CutOff(child, row_id, utc(self.now)) for child, via in self.cut.items() if via == row_id]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @property
    def at(self) -> datetime:
        return utc(self.now)

    def write(self, following: Iterable[Next], person: str = "") -> list[str]:
        """Chain what follows and apply it; the kinds. No two that are open claim the same."""
        kinds = []
        for one in following:
            canonical_json(one.body)
            event = StoredEvent(
                seq=len(self.events) + 1, at=self.now, uid=0, person=person, via="engine", command_id=None,
                kind=one.kind, subject=f"incident:{one.number}", body=dict(one.body), hash=b"",
            )  # fmt: skip
            self.events.append(event)
            after = apply(self.incidents.get(one.number), event)
            others = [other for number, other in self.incidents.items() if number != one.number]
            assert not any(claims(after) & claims(other) for other in others), (one, after)
            self.incidents[one.number] = after
            kinds.append(one.kind.removeprefix("incident."))
        return kinds

    def fails(
        self, row: str, reason: str = "status_unexpected", *, state: str = "down", since: float = 0.0,
        address: str = "", fingerprint: str = "",
    ) -> list[str]:  # fmt: skip
        """It is told to fail, and has for ``since`` seconds; what follows."""
        seen = Seen(
            row=row, state=state, reason=reason, params={"seen": 503}, probe="http", address=address,
            fingerprint=fingerprint, happened_at=self.at - timedelta(seconds=since), at=self.at,
        )  # fmt: skip
        return self.write(rules.failed(seen, self, self.ground))

    def up(self, row: str) -> list[str]:
        """It is told to be up; what follows."""
        return self.write(rules.up(row, self))

    def cut_off(self, row: str, via: str) -> list[str]:
        """It is cut off; what follows."""
        self.cut[row] = via
        return self.write(rules.cut_off(CutOff(row, via, self.at), self.at, self, self.ground))

    def reached(self, row: str, state: str = "up", told: str = "up") -> list[str]:
        """It is cut off no longer; what follows."""
        del self.cut[row]
        return self.write(rules.cut_off_ended(row, state, told, self))

    def mass(self, since: float = 5.0) -> list[str]:
        """Most hosts fail; what follows."""
        counted = {"failed": 9, "hosts": 12}
        began = self.at - timedelta(seconds=since)
        return self.write(mass.mass_failed(counted, began, self.at, self, self.ground))

    def mass_ended(self, why: str = "answers") -> list[str]:
        """They do no longer; what follows."""
        return self.write(mass.mass_ended({"failed": 9, "hosts": 12, "why": why}, self))

    def members(self, number: int = 1) -> dict[str, str]:
        """Its members and why they are: the state of those that fail, up of those that do not."""
        return {one.id: f"{one.because} {_shown(one)}" for one in self.incidents[number].members}


def _shown(member: Member) -> str:
    return "up" if member.recovered_at else member.state


def replayed(events: Iterable[StoredEvent]) -> dict[int, Incident]:
    """The incidents that these events make."""
    made: dict[int, Incident] = {}
    for event in events:
        number = int(event.subject.removeprefix("incident:"))
        made[number] = apply(made.get(number), event)
    return made
