"""The inventory: everything the files say about an office, checked, typed, ready to be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.shapes import Contact
from opsconsole.inventory.calendar import Calendar
from opsconsole.inventory.indices import IndexFile
from opsconsole.inventory.model import Audience, Dimension, Duty, Hosting, Means, Settings
from opsconsole.inventory.notify import Notify
from opsconsole.inventory.policy import IncidentPolicy
from opsconsole.inventory.readiness import ReadinessRules
from opsconsole.inventory.references import Reference
from opsconsole.inventory.road_model import RoadFile
from probes.spec import ProbeSpec
from probes.target import Target

_DUTIES = get_args(Duty)


@dataclass(frozen=True, slots=True)
class Dependency:
    """What a row needs: one other row, or any one of a redundancy group."""

    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpdEntry:
    """One agency. Its parent and predecessors are codes of other entries; days are inclusive."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    predecessors: tuple[str, ...]
    claimed: int | None
    means: tuple[Means, ...]
    file: str

    def active_on(self, day: date) -> bool:
        """Whether the agency exists on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class ConfiguredProbe:
    """A probe of a row, ready to look. ``name`` is unique within the row."""

    row_id: str
    name: str
    spec: ProbeSpec
    target: Target


@dataclass(frozen=True, slots=True)
class ApplicationEntry:
    """One row of the board: an application, or a service outside the city.

    ``id`` is the row's id everywhere (``service:ID`` for a service). ``opd`` is empty for a service,
    ``owner`` for an application. One that is not ``active`` is shown as off and never looked at.
    """

    id: str
    kind: Literal["application", "service"]
    name: str
    opd: str
    owner: str
    tier: int
    active: bool
    audience: Audience
    dimension: Dimension
    hosting: Hosting
    handed_over: bool
    personal_data: bool
    iiv: bool
    claimed: int | None
    depends_on: tuple[Dependency, ...]
    service_hours: str
    runbook: str
    note: str
    probes: tuple[ConfiguredProbe, ...]
    file: str
    earlier: tuple[tuple[str, date], ...] = ()
    live_since: date | None = None
    domain_until: date | None = None
    hosting_until: date | None = None

    def opd_on(self, day: date) -> str:
        """The code of the agency that ran it on a day; ``earlier`` are (code, last day), the oldest first."""
        return next((code for code, until in self.earlier if day <= until), self.opd)


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody to call. ``applications`` are row ids; empty: they answer for all of ``opd``."""

    id: str
    name: str
    duty: Duty
    also: tuple[Duty, ...]
    backup_of: tuple[str, ...]
    phone: str
    whatsapp: str
    email: str
    note: str
    opd: str
    applications: tuple[str, ...]

    @property
    def duties(self) -> tuple[Duty, ...]:
        """All of their duties, the first one first."""
        return (self.duty, *self.also)

    def contact(self) -> Contact:
        """The person as the console shows them."""
        return Contact(
            name=self.name,
            duty=self.duty,
            phone=self.phone,
            whatsapp=self.whatsapp,
            email=self.email,
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class Inventory:
    """One accepted set of files.

    ``applications`` and ``services`` are keyed by row id, ``opds`` by code, ``people`` by id, ``files``
    (the whole set, byte for byte) by relative path. ``digest`` is equal when the files are.
    """

    settings: Settings
    opds: Mapping[str, OpdEntry]
    applications: Mapping[str, ApplicationEntry]
    services: Mapping[str, ApplicationEntry]
    calendar: Calendar
    incidents: IncidentPolicy
    readiness: ReadinessRules
    road: RoadFile
    notify: Notify
    references: Mapping[str, Reference]
    indices: Mapping[str, IndexFile]
    people: Mapping[str, PersonEntry]
    files: Mapping[str, bytes]
    digest: str

    def entry(self, row_id: str) -> ApplicationEntry:
        """The application or service of this id. Raises NotFound."""
        found = self.applications.get(row_id) or self.services.get(row_id)
        if found is None:
            raise NotFound(N_("There is no application {id}."), id=row_id)
        return found

    def rows(self) -> Iterator[ApplicationEntry]:
        """Every row: applications in the order of the files, then services."""
        yield from self.applications.values()
        yield from self.services.values()

    def probes(self) -> Iterator[ConfiguredProbe]:
        """Every probe to be run, in the order of the rows: those of active rows."""
        for row in self.rows():
            if row.active:
                yield from row.probes

    def parents(self, row_id: str) -> list[Dependency]:
        """What the row depends on, as the files list it. Raises NotFound."""
        return list(self.entry(row_id).depends_on)

    def contacts(self, row_id: str) -> list[Contact]:
        """Whom to call: those named for the row, then those of its agency, else of the one above it.

        The owner of a service comes last, without a number. Raises NotFound.
        """
        contacts = [one.contact() for one in self.called(row_id)]
        if owner := self.entry(row_id).owner:
            contacts.append(Contact(name=owner, duty="owner"))
        return contacts

    def called(self, row_id: str) -> list[PersonEntry]:
        """The people among them, in the same order. Raises NotFound."""
        named = [one for one in self.people.values() if row_id in one.applications]
        return [*_by_duty(named), *_by_duty(self._of_opd(self.entry(row_id).opd))]

    def contacts_of_opd(self, code: str) -> list[Contact]:
        """Who answers for an agency as a whole, or for the one above it where it names nobody."""
        return [one.contact() for one in _by_duty(self._of_opd(code))]

    def _of_opd(self, code: str) -> list[PersonEntry]:
        while code:
            found = [one for one in self.people.values() if one.opd == code and not one.applications]
            if found:
                return found
            code = self.opds[code].parent
        return []


def _by_duty(people: list[PersonEntry]) -> list[PersonEntry]:
    return sorted(people, key=lambda one: _DUTIES.index(one.duty))
