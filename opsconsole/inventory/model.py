"""The files of an office as they are written: one model for each, unknown keys refused."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from opsconsole.inventory.fields import (
    ALWAYS,
    BackupRhythm,
    Caller,
    ClockTime,
    Code,
    DayKey,
    Days,
    Depends,
    Email,
    Endpoint,
    Folder,
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
Duty = Literal[
    "admin", "backup", "operator", "pic", "vendor", "developer", "owner", "cyber", "data", "ppid", "head"
]  # fmt: skip
MeansKind = Literal["link", "hosting", "device", "account"]
Claimed = Annotated[int, Field(ge=0, le=5)]
"""The level of readiness that an OPD says it has; what is proven is computed."""


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


class BackupSettings(Strict):
    """Backups that the engine makes by itself: how often, how many it keeps, and in which folder.

    ``dir`` empty: ``backups`` beside the store.
    """

    active: bool = True
    every: BackupRhythm = 86_400.0
    keep: Annotated[int, Field(ge=1, le=1000)] = 7
    dir: Folder = ""


class Settings(Strict):
    """``settings.toml``."""

    office: Office = Office()
    access: Access = Access()
    engine: EngineSettings = EngineSettings()
    self_check: SelfCheckSettings = SelfCheckSettings()
    backup: BackupSettings = BackupSettings()


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


class ShiftRow(Strict):
    """When a shift of the people on duty begins; it ends when the next one does."""

    name: Name
    start: ClockTime


class Season(Strict):
    """A peak: days from ``first`` to ``last``, both included, and whose. ``*`` is everything's."""

    name: Name
    first: date
    last: date
    applies_to: Annotated[list[str], Field(min_length=1)]


class CalendarFile(Strict):
    """``calendar.toml``. ``sla_hours`` are the hours that targets count in where they count working time."""

    sla_hours: str = ALWAYS
    hours: list[NamedHours] = []
    shifts: list[ShiftRow] = []
    seasons: list[Season] = []
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


class Earlier(Strict):
    """Whose an application was before, until the end of a day."""

    opd: Code
    until: date


class Application(Watched):
    """Something an OPD runs; ``earlier`` are the OPD that ran it before, the oldest first.

    ``live_since`` is the first day on which people could use it. ``domain_until`` and ``hosting_until`` are
    the last days of its domain and of its hosting.
    """

    audience: Audience = "public"
    dimension: Dimension = ""
    hosting: Hosting = "kominfo"
    handed_over: bool = False
    personal_data: bool = False
    iiv: bool = False
    live_since: date | None = None
    domain_until: date | None = None
    hosting_until: date | None = None
    claimed: Claimed | None = None
    earlier: list[Earlier] = []


class Service(Watched):
    """Something outside the city that applications depend on; ``owner`` is who runs it."""

    owner: Name


class ServicesFile(Strict):
    """``services.toml``."""

    services: list[Service] = []


class Means(Strict):
    """Something that people need to work with.

    ``proven_by`` is an application or service whose probes show it; empty: dated evidence does.
    """

    id: Id
    kind: MeansKind
    name: Name
    proven_by: str = ""


class OpdFile(Strict):
    """``opd/<code>.toml``: one agency, dated, with its means and its applications."""

    code: Code
    name: Name
    short: Name
    kind: Name = "dinas"
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: list[str] = []
    claimed: Claimed | None = None
    means: list[Means] = []
    applications: list[Application] = []


class Person(Strict):
    """Somebody to call. ``applications`` empty: they answer for the whole OPD of the file.

    ``also`` are further duties; ``backup_of`` are the ids of those for whom they stand in, empty for a backup
    of everybody with the same applications.
    """

    id: Id
    name: Name
    duty: Duty = "admin"
    also: list[Duty] = []
    backup_of: list[str] = []
    phone: Phone = ""
    whatsapp: Phone = ""
    email: Email = ""
    note: Line = ""
    applications: list[str] = []


class PeopleFile(Strict):
    """``people/<code>.toml``: who answers for an OPD and its applications."""

    people: list[Person] = []
