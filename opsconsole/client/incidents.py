"""An incident as it crosses the socket: the row that lists show, and what it is made of.

An incident is a cause that took something down, with its members, owner and clocks. It is a projection of
the events ``incident.*``; nothing in it is a sentence but what a person wrote.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from probes.observation import Param


class Status(StrEnum):
    """Where an incident stands, in the order in which it goes through them; ``merged`` stands beside."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about the outage."""
        return self in (Status.OPEN, Status.ACKNOWLEDGED, Status.MITIGATED)


class Severity(StrEnum):
    """How bad it is, worst first: kritis, tinggi, sedang, rendah."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Severity).index(self)


Kind = Literal["outage", "cyber"]
"""gangguan, insiden siber."""
Category = Literal["", "defacement", "leak", "malware", "intrusion", "complaint", "expiry", "other"]
Source = Literal["probe", "call", "complaint", "letter", "opd", "bssn", "media"]
"""How it came to be known; all but ``probe`` are told by a person."""
Cause = Literal[
    "", "application", "server", "database", "network", "power", "certificate", "dns", "hosting", "vendor",
    "national", "capacity", "change", "attack", "human", "unknown",
]  # fmt: skip
Attribution = Literal["", "inside", "outside"]
"""Within the city's control or outside of it; empty: nobody has said."""
Answer = Literal["", "yes", "no", "checking"]
Because = Literal["self", "parent", "address", "certificate", "mass", "person"]
"""Why a member belongs: it is the cause, is cut off by it, shares an address or a certificate with it, fell
in the same mass failure, or a person put it there."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An application or service that an incident took down. ``via`` is what cut it off or is shared.

    ``state`` is what it shows (down, warn, unreachable); ``recovered_at`` is when it was confirmed UP
    again, None while it is not.
    """

    id: str
    name: str
    opd: str = ""
    opd_short: str = ""
    tier: int = 3
    because: Because = "self"
    via: str = ""
    since: datetime
    state: str = "down"
    reason: str = ""
    recovered_at: datetime | None = None


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A time within which something is to be done: ``respond``, ``recover``, or the id of a rule of law.

    ``due_at`` is None where the rule gives no number (at once). ``met_at`` is when it was done, which
    stops the clock; ``source`` the reference behind the number; ``counts`` working or calendar time.
    ``overdue_at`` is when it was told to have run out.
    """

    id: str
    started_at: datetime
    due_at: datetime | None = None
    met_at: datetime | None = None
    counts: Literal["calendar", "working"] = "calendar"
    source: str = ""
    overdue_at: datetime | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question of triage: ``personal_data`` or ``iiv``, and its answer; empty: to be answered.

    ``since`` is when what it asks about was known, None for when the incident was opened: it came from
    another one that was opened before.
    """

    id: Literal["personal_data", "iiv"]
    answer: Answer = ""
    by: str = ""
    at: datetime | None = None
    since: datetime | None = None


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident.

    ``subject`` is the row that is its cause, empty for one that a person reported of none, and for a mass
    failure; ``title`` is a person's words, empty where ``reason`` and ``params`` say what is wrong.
    ``happened_at`` is when the trouble began, ``opened_at`` when it became an incident, ``recovered_at``
    when all members were up again. ``acknowledged_at``, ``acknowledged_by`` and ``ack_until`` (when it ends
    by itself) are of the acknowledgement that holds, ``answered_at`` is when the first was given.
    ``claims`` is what it takes for its cause beside its members: ``address:IP``, ``certificate:FP`` or
    ``mass``. ``severity_why`` is empty while the suggested severity holds, else the person's reason.
    ``version`` grows with each event.
    """

    number: int
    kind: Kind = "outage"
    category: Category = ""
    source: Source = "probe"
    status: Status = Status.OPEN
    severity: Severity = Severity.MEDIUM
    severity_why: str = ""
    subject: str = ""
    title: str = ""
    opd: str = ""
    opd_short: str = ""
    tier: int = 3
    state: str = ""
    reason: str = ""
    params: dict[str, Param] = {}
    probe: str = ""
    address: str = ""
    fingerprint: str = ""
    claims: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    happened_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    ack_until: datetime | None = None
    answered_at: datetime | None = None
    owner: str = ""
    mitigated_at: datetime | None = None
    recovered_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    snoozed_until: datetime | None = None
    snooze_reason: str = ""
    merged_into: int = 0
    reopened: int = 0
    false_alarm: bool = False
    cause: Cause = ""
    attribution: Attribution = ""
    reporter: str = ""
    questions: tuple[Question, ...] = ()
    clocks: tuple[Clock, ...] = ()
    note: str = ""
    note_by: str = ""
    note_at: datetime | None = None
    changed_at: datetime
    version: int = 0

    @property
    def code(self) -> str:
        """Its number as the office's papers write it: ``INS-2026-000123``."""
        return f"INS-{self.opened_at:%Y}-{self.number:06d}"

    @property
    def down(self) -> int:
        """How many of its members are not up again."""
        return sum(member.recovered_at is None for member in self.members)

    @property
    def asks(self) -> tuple[str, ...]:
        """The questions of triage that nobody has answered."""
        return tuple(question.id for question in self.questions if not question.answer)
