"""The shapes that cross the socket. Protocol 1: fields may be added, never changed or removed.

Times are aware UTC. States, reasons and errors are codes with parameters; the words are the viewer's.
"""

from datetime import datetime, time
from enum import StrEnum
from typing import Any, Literal

import msgspec

from opsconsole.client.incidents import Incident
from opsconsole.client.maintenance import Maintenance
from probes.observation import Observation, Param, Phases

PROTOCOL = 1
PROTOCOL_HEADER = "opsconsole-protocol"
VIA_HEADER = "opsconsole-via"


class Role(StrEnum):
    """What a caller may do; each includes the ones before it. ``none`` may only say hello."""

    NONE = "none"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Higher may do more."""
        return list(Role).index(self)

    def covers(self, least: "Role") -> bool:
        """Whether this role may do what asks for ``least``."""
        return self.rank >= least.rank


class State(StrEnum):
    """The shown state, in the order in which trouble is listed: worst first."""

    DOWN = "down"
    UNREACHABLE = "unreachable"
    WARN = "warn"
    STALE = "stale"
    UNKNOWN = "unknown"
    PENDING = "pending"
    MAINT = "maint"
    CLOSED = "closed"
    OFF = "off"
    UP = "up"

    @property
    def severity(self) -> int:
        """0 is worst."""
        return _SEVERITY[self]

    @property
    def is_problem(self) -> bool:
        """Whether somebody should look at it."""
        return self.severity <= _SEVERITY[State.UNKNOWN]


_SEVERITY = {state: number for number, state in enumerate(State)}


class Caller(msgspec.Struct, frozen=True):
    """Who asks: the uid the kernel gave, the person's name, how they came, and their role."""

    uid: int
    person: str
    via: str
    role: Role


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """The first answer: who the engine is and who it takes the caller for.

    ``shifts`` are the times of day at which a shift begins, as the clocks of the office's zone show them.
    """

    version: str
    protocol: int
    run: int
    started_at: datetime
    office: str
    zone: str
    language: str
    opd_term: str
    demo: bool
    caller: Caller
    shifts: tuple[time, ...] = ()


class SelfCheck(msgspec.Struct, frozen=True):
    """How we are ourselves: ``unset`` when no gateway, DNS or canary is configured."""

    status: Literal["ok", "offline", "unset", "pending"]
    since: datetime | None = None
    failed: tuple[str, ...] = ()


class Why(msgspec.Struct, frozen=True):
    """One line of an explanation, or a notice of the engine: its code and what it saw."""

    code: str
    params: dict[str, Param] = {}


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    """The engine's own row, published every two seconds and whenever something in it changes.

    ``lag_ms`` is how late the loop was in the last second; ``missed`` and ``overrun`` count looks since
    the run began; ``config_errors`` are lines of the last refused reload, empty once one is accepted.
    ``logged`` grows with what is added to the log in this run: who reads the log reads on when it does.
    ``outbox_waiting`` messages are not sent yet, ``outbox_dead`` could not be.
    """

    run: int
    version: str
    office: str
    started_at: datetime
    heartbeat_at: datetime
    config_rev: int
    config_errors: tuple[str, ...] = ()
    self_check: SelfCheck = SelfCheck("unset")
    probes: int = 0
    running: int = 0
    slow_lane: int = 0
    lag_ms: float = 0.0
    looks: int = 0
    missed: int = 0
    overrun: int = 0
    store: Literal["ok", "full", "failing"] = "ok"
    notices: tuple[Why, ...] = ()
    stopping: bool = False
    logged: int = 0
    outbox_waiting: int = 0
    outbox_dead: int = 0


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the board: an application, or a service outside the city that others depend on.

    It is published when it changes in a way a person would act on, not at every look. ``since`` is
    when the shown state began; ``attempt`` of ``attempts`` failures have been seen while it is soft.
    ``parent`` is the id that made it unreachable. ``status`` is the last HTTP status, 0 where none.
    """

    id: str
    name: str
    kind: Literal["application", "service"] = "application"
    opd: str = ""
    opd_short: str = ""
    tier: int = 3
    state: State = State.PENDING
    hard: bool = True
    since: datetime
    reason: str = "pending"
    params: dict[str, Param] = {}
    attempt: int = 0
    attempts: int = 0
    flapping: bool = False
    parent: str = ""
    probe: str = ""
    status: int = 0
    latency_ms: float = 0.0
    last_at: datetime | None = None
    version: int = 0


class Opd(msgspec.Struct, frozen=True, kw_only=True):
    """One agency: its worst state and how many of its applications are up."""

    code: str
    name: str
    short: str
    kind: str = ""
    state: State = State.PENDING
    since: datetime
    up: int = 0
    total: int = 0


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the board shows, as of change ``seq`` of run ``run``.

    ``incidents`` are those that are not over, and those that ended within the last 24 hours.
    """

    run: int
    seq: int
    engine: Engine
    applications: tuple[Application, ...]
    opds: tuple[Opd, ...]
    incidents: tuple[Incident, ...] = ()


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to call. ``duty`` is what they answer for (admin, backup, vendor …)."""

    name: str
    duty: str
    phone: str = ""
    whatsapp: str = ""
    email: str = ""
    note: str = ""


class Link(msgspec.Struct, frozen=True):
    """Another application or service this one depends on, or that depends on it."""

    id: str
    name: str
    state: State
    since: datetime | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded look. ``late_ms`` is start after due, of which ``queued_ms`` waited for a free slot.

    ``suspect``: our own loop lagged, so it can not confirm DOWN. ``detail`` and ``params`` are kept for
    failures.
    """

    probe: str
    at: datetime
    verdict: str
    reason: str
    params: dict[str, Param] = {}
    status: int = 0
    duration_ms: float = 0.0
    phases_ms: Phases = Phases()
    late_ms: float = 0.0
    queued_ms: float = 0.0
    lag_ms: float = 0.0
    trigger: str = "schedule"
    suspect: bool = False
    offline: bool = False
    excerpt: str = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """A configured probe of an application with its own state and its last observation."""

    id: str
    kind: str
    target: str
    state: State
    hard: bool
    since: datetime
    reason: str
    params: dict[str, Param] = {}
    attempt: int = 0
    attempts: int = 0
    streak: int = 0
    recoveries: int = 0
    essential: bool = True
    every_s: float = 60.0
    retry_s: float = 15.0
    timeout_s: float = 10.0
    slow_over_s: float = 0.0
    next_at: datetime | None = None
    last: Observation | None = None
    last_good_at: datetime | None = None


class ApplicationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one application that its page shows."""

    row: Application
    opd_name: str = ""
    audience: str = ""
    hosting: str = ""
    handed_over: bool = False
    service_hours: str = "always"
    runbook: str = ""
    note: str = ""
    contacts: tuple[Contact, ...] = ()
    parents: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    probes: tuple[Probe, ...] = ()
    looks: tuple[Look, ...] = ()
    why: tuple[Why, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()


Entity = Literal["engine", "application", "opd", "incident", "look", "gap"]


class Change(msgspec.Struct, frozen=True):
    """One line of the change stream. Entity ``gap``: read the board afresh."""

    seq: int
    entity: Entity
    id: str
    row: msgspec.Raw = msgspec.Raw(b"null")


class CommandBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is posted to run a command. ``version`` is the row's version the caller saw."""

    command_id: str
    args: dict[str, object] = {}
    version: int | None = None


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a command. ``repeated``: this command_id was carried out before, nothing was done.

    ``unrecorded``: it was done, and the store does not take that it was.
    """

    command_id: str
    seq: int = 0
    repeated: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    unrecorded: bool = False


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in which the files differ from what runs: ``change`` of ``subject``, key by key.

    ``subject`` is a row's id or a file; ``keys`` are the paths below it that differ, empty when all of it
    was added or removed. ``was`` and ``now`` hold the value of each key as a file writes it, empty where
    it is not written.
    """

    change: Literal["added", "removed", "changed"]
    subject: str
    keys: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


class ProblemBody(msgspec.Struct, frozen=True, kw_only=True):
    """An error as it crosses the socket; `what` and `next` are message templates."""

    code: str
    what: str
    next: str = ""
    params: dict[str, Param] = {}
    lines: tuple[str, ...] = ()


Row = Engine | Application | Opd | Incident | Look
Published = tuple[Entity, str, msgspec.Struct | None]
"""A row to publish after the commit: entity, id and row; None takes the row away."""


def row_of(change: Change) -> Row | None:
    """The row of a change; None for a gap, and for a row that is no longer there."""
    shape = _ROWS.get(change.entity)
    return shape.decode(change.row) if shape else None


_ROWS: dict[str, msgspec.json.Decoder[Any]] = {
    "engine": msgspec.json.Decoder(Engine | None),
    "application": msgspec.json.Decoder(Application | None),
    "opd": msgspec.json.Decoder(Opd | None),
    "incident": msgspec.json.Decoder(Incident | None),
    "look": msgspec.json.Decoder(Look | None),
}
