"""The road to one command: milestones and pace as of a day, stages, what may be switched off.

Days are days in the office's zone; paces are OPD a day of the definition's kind of days.
"""

import datetime as dt
from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.usage import Usage

Span = float | tuple[float, float]
"""A number, or from one to another where a target is a range."""
Measure = Literal["", "connected", "integrated"]
Days = Literal["calendar", "working"]
Phase = Literal["past", "running", "coming"]


class Milestone(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be reached by a day, as seen from the day asked about.

    ``target`` is a number of OPD or from one to another, None for a mark that counts nothing; ``all`` that
    it is every OPD of its scope. ``done`` is what was reached by then, or by its date where that is over;
    ``met`` None while it is open, or where nobody says. ``required_pace`` is needed from then on, or from
    its start.
    """

    id: str
    name: str
    date: dt.date
    start: dt.date | None = None
    measure: Measure = ""
    target: int | tuple[int, int] | None = None
    all: bool = False
    definition: str = ""
    phase: Phase = "running"
    scope: int = 0
    done: int = 0
    met: bool | None = None
    days: int = 0
    days_kind: Days = "calendar"
    required_pace: Span | None = None
    note: str = ""
    source: str = ""


class BurnPoint(msgspec.Struct, frozen=True):
    """From this day on so many OPD are counted (scope), and so many of them are done."""

    day: date
    scope: int
    done: int


class BurnNote(msgspec.Struct, frozen=True, kw_only=True):
    """Why one of the lines moved.

    ``kind``: ``gained`` or ``lost`` an OPD, or a change of the register, which moves both lines: ``founded``,
    ``ended``, ``renamed``, ``merged``, ``split``, ``rearranged``. ``before`` and ``after`` are codes.
    ``why`` is a code or what the history says.
    """

    day: date
    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    measure: Measure = ""
    why: str = ""


class OpdStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One OPD on the road. ``at_risk``: its proof has stopped, and it is lost on ``falls_on``."""

    code: str
    short: str
    kind: str
    connected_since: date | None = None
    integrated_since: date | None = None
    falls_on: date | None = None


class OnPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A service of an OPD that no application carries yet."""

    id: str
    opd: str
    opd_short: str
    name: str
    dimension: str = ""
    since: date | None = None
    application: str = ""
    note: str = ""


class Road(msgspec.Struct, frozen=True, kw_only=True):
    """The whole road as it was on ``at``.

    ``current`` is the milestone that runs (the last one once it is over, the first one while none has begun),
    ``next`` the one it is compared with: the one that begins when it ends, else the one that ended when it
    began. ``required_pace`` is what it takes from now on, None once it is over; ``pace_ratio`` how many times
    the pace of the first of the two the second needs. ``remaining`` is what is lacking of the target.

    ``days_kind`` is what days were counted, ``years_missing`` those for which no working-day calendar is
    there, so that calendar days had to do. ``forecast_why`` is empty, ``thin`` (cannot be projected yet),
    ``far`` (not within ten years) or ``done``. ``definition_seal`` tells two definitions of one version
    apart. ``stages`` counts applications by stage, T0 first. ``recorded_since`` is the first day of which
    files or events tell anything; before it nothing in here is known to have been so.
    """

    at: date
    recorded_since: date | None = None
    definition: str
    definition_seal: str
    definition_source: str = ""
    register_date: date
    register_changed: date | None = None
    opd_term: str = "OPD"
    measure: Measure = ""
    scope: int = 0
    connected: int = 0
    integrated: int = 0
    done: int = 0
    percent: float = 0.0
    remaining: int = 0
    days_left: int | None = None
    days_kind: Days = "calendar"
    years_missing: tuple[int, ...] = ()
    current: str = ""
    next: str = ""
    pace_unit: Literal["opd_per_day"] = "opd_per_day"
    required_pace: Span | None = None
    next_required_pace: Span | None = None
    pace_ratio: Span | None = None
    actual_pace: float = 0.0
    pace_days: int = 90
    gains: int = 0
    falls: int = 0
    forecast_p50: date | None = None
    forecast_p85: date | None = None
    forecast_why: Literal["", "thin", "far", "done"] = ""
    forecast_weeks: int = 0
    forecast_gains: int = 0
    milestones: tuple[Milestone, ...] = ()
    burn_up: tuple[BurnPoint, ...] = ()
    notes: tuple[BurnNote, ...] = ()
    opds: tuple[OpdStanding, ...] = ()
    stages: tuple[int, ...] = ()
    paper: tuple[OnPaper, ...] = ()


class AskRoad(Query[Road], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The road as it was on a day, today where none is given."""

    at: date | None = None


class ProofStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One proof of a stage. ``holds``: it counts now; ``proven``: it is given now, of itself.

    ``since`` is when that began, None where it never held. ``falls_on`` is when it counts no longer if
    nothing is done. ``document`` and ``until`` are those of a paper.
    """

    id: str
    stage: int
    automatic: bool
    holds: bool
    proven: bool
    since: date | None = None
    falls_on: date | None = None
    document: str = ""
    until: date | None = None


class ApplicationStage(msgspec.Struct, frozen=True, kw_only=True):
    """How far one application is. ``exempt`` are the stages that it need not reach, with the reasons."""

    application: str
    name: str
    opd: str
    opd_short: str = ""
    tier: int = 3
    dimension: str = ""
    stage: int = 0
    cleared: int = 0
    since: date | None = None
    falls_on: date | None = None
    exempt: tuple[tuple[int, str], ...] = ()
    proofs: tuple[ProofStanding, ...] = ()


class StagesPage(msgspec.Struct, frozen=True, kw_only=True):
    """The stages of all applications, or of an OPD's; ``evaluated_at`` is when they were looked over last."""

    at: datetime
    evaluated_at: datetime | None = None
    applications: tuple[ApplicationStage, ...] = ()


class AskStages(Query[StagesPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stages now; ``application`` or ``opd`` narrow it."""

    application: str = ""
    opd: str = ""


Verdict = Literal["candidate", "watch", "keep", "not_enough"]


class SwitchOff(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an application may be switched off, by two quarters of evidence.

    ``up_percent`` and ``known_percent`` are of each quarter, the older first. ``interest`` counts what people
    did about its incidents. ``usage`` is the figure of each, None where there is none, and
    ``logins`` their sum, None where they say too little.
    ``reasons`` are codes: ``never_up``, ``no_interest``, ``no_login``, ``up``, ``interest``, ``login``,
    ``login_unknown``, ``watched_too_short``, ``too_little_known``, ``needed_by_others``.
    """

    application: str
    name: str
    opd: str
    tier: int = 3
    verdict: Verdict = "not_enough"
    reasons: tuple[str, ...] = ()
    up_percent: tuple[float | None, float | None] = (None, None)
    known_percent: tuple[float, float] = (0.0, 0.0)
    interest: tuple[int, int] = (0, 0)
    logins: int | None = None
    usage: tuple[Usage | None, Usage | None] = (None, None)
    watched_since: date | None = None


class SwitchOffPage(msgspec.Struct, frozen=True, kw_only=True):
    """Candidates first. ``quarters`` are the first days of the two and the day after the last one."""

    at: datetime
    quarters: tuple[date, date, date]
    applications: tuple[SwitchOff, ...] = ()


class AskSwitchOff(Query[SwitchOffPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By the two whole quarters before today."""
