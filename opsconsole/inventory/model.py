"""The files of an office as they are written: one model for each, unknown keys refused."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from opsconsole.inventory.fields import (
    ALWAYS,
    Caller,
    ClockTime,
    Code,
    DayKey,
    Days,
    Depends,
    Email,
    Endpoint,
    Hours,
    Id,
    Line,
    Name,
    Network,
    Phone,
    Runbook,
    WorkLength,
    Zone,
)
from probes.spec import Strict

Audience = Literal["public", "internal", "national"]
Dimension = Literal["", "governance", "branding", "economy", "living", "society", "environment"]
Hosting = Literal["kominfo", "opd", "national", "commercial"]
# In the order in which somebody looking for help calls them.
Duty = Literal["admin", "backup", "operator", "vendor", "owner", "cyber", "data", "head"]


class Office(Strict):
    """Who we are and how we speak. ``language`` empty: the one of whoever looks."""

    name: Name = "Kominfo"
    zone: Zone = "Asia/Jakarta"
    language: Literal["", "en", "id"] = ""
    opd_term: Name = "OPD"


class Access(Strict):
    """Which callers have which role; each role includes the ones before it, nobody listed has none."""

    viewer: list[Caller] = []
    operator: list[Caller] = []
    admin: list[Caller] = []


class EngineSettings(Strict):
    """How hard the engine works, and which private networks a redirect from outside may lead to."""

    concurrency: Annotated[int, Field(ge=1, le=5000)] = 200
    per_host: Annotated[int, Field(ge=1, le=100)] = 2
    allow_networks: list[Network] = []


class SelfCheckSettings(Strict):
    """What tells our own trouble from theirs; nothing set means that we can not tell."""

    gateway: Endpoint = ""
    dns: Endpoint = ""
    canaries: list[Endpoint] = []


class Settings(Strict):
    """``settings.toml``."""

    office: Office = Office()
    access: Access = Access()
    engine: EngineSettings = EngineSettings()
    self_check: SelfCheckSettings = SelfCheckSettings()


class Row(Strict):
    """The hours of some days of the week."""

    days: Days
    open: list[Hours]


class NamedHours(Strict):
    """Service hours that applications name. ``ramadan`` empty: the same as ``week``."""

    name: Id
    zone: Zone | None = None
    week: Annotated[list[Row], Field(min_length=1)]
    ramadan: list[Row] = []
    holidays: Literal["closed", "open"] = "closed"


class Period(Strict):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


class RecurringMaintenance(Strict):
    """Planned work that comes again and again, on ``days`` of the week or on a ``day_of_month``.

    ``nth`` is which of those days in the month, 0 for each; -1 is the last, here and as a day of the month.
    """

    name: Name
    applies_to: Annotated[list[str], Field(min_length=1)]
    zone: Zone | None = None
    days: Days | None = None
    nth: Annotated[int, Field(ge=-1, le=5)] = 0
    day_of_month: Annotated[int, Field(ge=-1, le=31)] = 0
    start: ClockTime
    lasts: WorkLength
    first: date | None = None
    last: date | None = None


class CalendarFile(Strict):
    """``calendar.toml``."""

    hours: list[NamedHours] = []
    maintenance: list[RecurringMaintenance] = []
    ramadan: list[Period] = []
    holidays: dict[DayKey, Name] = {}
    collective_leave: dict[DayKey, Name] = {}


class Watched(Strict):
    """What applications and services outside the city have in common."""

    id: Id
    name: Name
    tier: Annotated[int, Field(ge=1, le=4)] = 3
    active: bool = True
    depends_on: list[Depends] = []
    service_hours: str = ALWAYS
    runbook: Runbook = ""
    note: Line = ""
    # Each is checked on its own against the model of its kind, which is known by `probes.registry`.
    probes: list[dict[str, Any]] = []


class Application(Watched):
    """Something an OPD runs."""

    audience: Audience = "public"
    dimension: Dimension = ""
    hosting: Hosting = "kominfo"
    handed_over: bool = False
    personal_data: bool = False
    iiv: bool = False


class Service(Watched):
    """Something outside the city that applications depend on; ``owner`` is who runs it."""

    owner: Name


class ServicesFile(Strict):
    """``services.toml``."""

    services: list[Service] = []


class OpdFile(Strict):
    """``opd/<code>.toml``: one agency, dated, with its applications."""

    code: Code
    name: Name
    short: Name
    kind: Name = "dinas"
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: list[str] = []
    applications: list[Application] = []


class Person(Strict):
    """Somebody to call. ``applications`` empty: they answer for the whole OPD of the file."""

    id: Id
    name: Name
    duty: Duty = "admin"
    phone: Phone = ""
    whatsapp: Phone = ""
    email: Email = ""
    note: Line = ""
    applications: list[str] = []


class PeopleFile(Strict):
    """``people/<code>.toml``: who answers for an OPD and its applications."""

    people: list[Person] = []
