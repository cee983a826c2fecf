"""The register of what the office watches, and what is wrong with it: query and shapes."""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.shapes import Contact
from probes.observation import Param

Severity = Literal["high", "med", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "med", "low")
Fixer = Literal["us", "opd", "dns", "owner"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the register that somebody should mend.

    ``code`` and ``params`` are put into words by whoever shows them. ``application`` is empty where it is
    about the whole OPD or the files. ``since`` is when it began, None where nothing tells; ``fixer`` is who
    can mend it; ``file`` and ``line`` are where the entry stands.
    """

    severity: Severity
    code: str
    params: dict[str, Param] = {}
    opd: str = ""
    opd_short: str = ""
    application: str = ""
    since: datetime | None = None
    fixer: Fixer = "us"
    file: str = ""
    line: int = 0


class RegisteredProbe(msgspec.Struct, frozen=True, kw_only=True):
    """A configured probe in short."""

    id: str
    kind: str
    target: str
    every_s: float = 60.0
    essential: bool = True
    last_good_at: datetime | None = None


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """One application or service as the files have it. ``depends_on``: of each group any one will do."""

    id: str
    name: str
    kind: Literal["application", "service"] = "application"
    opd: str = ""
    opd_short: str = ""
    owner: str = ""
    tier: int = 3
    active: bool = True
    audience: str = ""
    dimension: str = ""
    hosting: str = ""
    handed_over: bool = False
    personal_data: bool = False
    iiv: bool = False
    depends_on: tuple[tuple[str, ...], ...] = ()
    service_hours: str = "always"
    runbook: str = ""
    note: str = ""
    probes: tuple[RegisteredProbe, ...] = ()
    contacts: tuple[Contact, ...] = ()
    file: str = ""
    line: int = 0


class RegisteredOpd(msgspec.Struct, frozen=True, kw_only=True):
    """One agency as the files have it; ``successors`` are those that name it as predecessor."""

    code: str
    name: str
    short: str
    kind: str = ""
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    file: str = ""


class InventoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is configured, and what is wrong with it, the worst first.

    ``rev`` is the revision that runs, taken over at ``accepted_at``.
    """

    rev: int
    accepted_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    entries: tuple[Registered, ...] = ()
    opds: tuple[RegisteredOpd, ...] = ()


class AskInventory(Query[InventoryPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The register; ``opd`` is the code of the only agency that is wanted, empty for all of them."""

    opd: str = ""
