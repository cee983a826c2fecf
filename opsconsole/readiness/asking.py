"""A recording on its way, and what its arguments mean: people, agencies, times, dates."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_, safe_text
from opsconsole.client.moments import parse_moment
from opsconsole.inventory.office import ApplicationEntry, Inventory, PersonEntry
from opsconsole.readiness.project import PREFIX, Recorded
from opsconsole.store.drafts import Decided, EventDraft

_LONGEST = 500
# Of many at once.
MOST_PEOPLE = 500
Event = Callable[[str, str, Mapping[str, object]], EventDraft]
"""Makes an event of its kind, subject and body, by whoever records."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is recorded, by whose ``event``, at which time, in which office."""

    args: Any
    inventory: Inventory
    event: Event
    at: float
    uid: int

    def person(self, person_id: str) -> PersonEntry:
        """Somebody of the office. Raises NotFound."""
        found = self.inventory.people.get(person_id.strip())
        if found is not None:
            return found
        near = difflib.get_close_matches(person_id, list(self.inventory.people), 1)
        raise NotFound(
            N_("There is no person {id}."),
            N_("Nearest: {near}. `opsconsole readiness show OPD` lists who there is.")
            if near
            else N_("`opsconsole readiness show OPD` lists who there is."),
            id=person_id or "?",
            near=near[0] if near else "",
        )

    def people(self, text: str) -> list[PersonEntry]:
        """Several, with commas between, each once. Raises NotFound, and Invalid for none or too many."""
        named = [one.strip() for one in text.split(",") if one.strip()]
        if not named or len(named) > MOST_PEOPLE:
            raise Invalid(
                N_("Name between 1 and {most} people."),
                N_("Write their ids with commas between."),
                most=MOST_PEOPLE,
            )
        return [self.person(one) for one in dict.fromkeys(named)]

    def opd(self, code: str) -> str:
        """The code of an agency as its file writes it. Raises NotFound."""
        found = next((one for one in self.inventory.opds if one.casefold() == code.strip().casefold()), None)
        if found is None:
            raise NotFound(N_("There is no OPD {code}."), code=code or "?")
        return found

    def application(self, row_id: str) -> ApplicationEntry | None:
        """An application; None for none. Raises NotFound."""
        if not row_id:
            return None
        found = self.inventory.applications.get(row_id)
        if found is None:
            raise NotFound(N_("There is no application {id}."), id=row_id)
        return found

    def answers_for(self, person: PersonEntry) -> list[ApplicationEntry]:
        """The applications that somebody answers for: those named, else all of their OPD."""
        rows = [row for row in self.inventory.applications.values() if row.active]
        if person.applications:
            return [row for row in rows if row.id in person.applications]
        return [row for row in rows if row.opd == person.opd]

    def moment(self, text: str) -> datetime:
        """When it was so: now where nothing is said. Raises Invalid for a time to come."""
        zone = self.inventory.calendar.zone
        return parse_moment(text, zone, utc(self.at)) if text.strip() else utc(self.at)

    def day(self, text: str) -> date:
        """A date. Raises Invalid."""
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise Invalid(N_("{text} is no date."), N_("Write it as 2026-11-24."), text=text or "-") from None

    def midnight(self, day: date, *, end: bool = False) -> datetime:
        """When a day begins in the office's zone, or ends."""
        begin = datetime.combine(day, time(), self.inventory.calendar.zone)
        return (begin + timedelta(days=1) if end else begin).astimezone(UTC)

    def recorded(
        self,
        name: str,
        said: Recorded,
        people: Sequence[PersonEntry] = (),
        more: Mapping[str, object] | None = None,
    ) -> Decided:
        """The event ``readiness.NAME`` that records evidence, and nothing else. The result says of whom."""
        if people:
            said = msgspec.structs.replace(
                said, people=tuple(one.id for one in people), opds=tuple(one.opd for one in people)
            )
        # A digest of nothing: what has its default says nothing in the chain.
        body = {
            key: value for key, value in msgspec.to_builtins(said).items() if value not in ("", {}, [], None)
        }
        for key in ("at", "until"):
            moment = getattr(said, key)
            if moment is not None:
                body[key] = moment.isoformat(timespec="milliseconds")
        draft = self.event(PREFIX + name, self._subject(said, people), {**body, **(more or {})})
        return Decided((draft,), {"kind": said.kind, "people": list(said.people), "opd": said.opd})

    def _subject(self, said: Recorded, people: Sequence[PersonEntry]) -> str:
        """One person, one agency, or the office as a whole."""
        if len(people) == 1:
            return f"person:{people[0].id}"
        opds = {one.opd for one in people} or {said.opd}
        return f"opd:{opds.pop()}" if len(opds) == 1 and "" not in opds else "readiness"


Decision = Callable[[Asking, Connection], Decided]
"""What a command comes to, found in the transaction that will store it."""


def note_of(text: str) -> dict[str, str]:
    """What somebody added, as a parameter; nothing where they did not."""
    found = words(text)
    return {"note": found} if found else {}


def words(text: str, name: str = "") -> str:
    """What somebody wrote, safe to show. With a ``name`` it has to say something, else Invalid is raised."""
    found = safe_text(text.strip(), _LONGEST)
    if name and not found:
        raise Invalid(N_("{name} is missing."), name=name)
    return found


def no_digest(text: str) -> str:
    """A SHA-256 in hexadecimal, or nothing. Raises Invalid."""
    found = text.strip().casefold()
    if found and (len(found) != 64 or not set(found) <= set("0123456789abcdef")):
        raise Invalid(N_("{text} is no SHA-256."), N_("`sha256sum FILE` prints it."), text=text)
    return found


def split(text: str) -> Iterable[str]:
    """The parts of a text with commas between."""
    return (one.strip() for one in text.split(",") if one.strip())
