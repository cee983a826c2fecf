"""``road.toml`` as it is written: what is counted, by when, what is exempt, what was so before."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from opsconsole.base.text import _
from opsconsole.inventory.fields import Code, Id, Line, Name
from opsconsole.inventory.model import Audience, Dimension
from probes.spec import Strict

HIGHEST_STAGE, HIGHEST_LEVEL = 6, 5
# Days are counted one by one, and a day before and after each has to be there.
_EARLIEST, _LATEST = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
Stage = Annotated[int, Field(ge=0, le=HIGHEST_STAGE)]
Level = Annotated[int, Field(ge=0, le=HIGHEST_LEVEL)]
Measure = Literal["connected", "integrated"]
"""terkoneksi, terintegrasi."""
ManualProof = Literal["owner_signed", "api_document", "agreement", "handover"]
RegisterField = Literal["dimension", "runbook", "contact", "probe", "note"]
Category = Literal[
    "policy", "people", "application", "data", "infrastructure", "budget", "coordination"
]  # fmt: skip
Standing = Literal[
    "recorded", "analysed", "agreed", "bimtek_planned", "bimtek_done", "shown", "closed", "cancelled"
]  # fmt: skip


def _check_day(value: dt.date) -> dt.date:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(_("want a day between 1970 and 2199"))
    return value


def _check_target(value: Any) -> Any:
    match value:
        case "all":
            return value
        case int() if not isinstance(value, bool) and value > 0:
            return value
        case [int() as low, int() as high] if 0 < low <= high:
            return value
    raise ValueError(_('want a number of OPD, a range such as [4, 5], or "all"'))


RoadDay = Annotated[dt.date, AfterValidator(_check_day)]
Target = Annotated[
    Any,
    AfterValidator(_check_target),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2},
                {"const": "all"},
            ]
        }
    ),
]


class Definition(Strict):
    """What a percentage counts: frozen from the day it is used. What changes is a new version.

    Connected is an OPD with a priority application (of ``tiers``; any where it has none) at
    ``connected_stage`` or above, reachable, its people at ``connected_level``. Integrated is one all of
    whose priority applications are at ``integrated_stage``, watched here, their people at
    ``integrated_level``.
    """

    version: Id
    kinds: Annotated[list[Name], Field(min_length=1)]
    days: Literal["calendar", "working"] = "calendar"
    tiers: Annotated[list[Annotated[int, Field(ge=1, le=4)]], Field(min_length=1)] = [1, 2]
    connected_stage: Stage = 3
    connected_level: Level = 2
    integrated_stage: Stage = 5
    integrated_level: Level = 3
    source: Line = ""


class Milestone(Strict):
    """What is to be reached by a day. Without a ``measure`` it is a mark on the road and counts nothing.

    ``start`` is when work towards it begins: the day of the milestone before it where it is not given.
    Before ``announced`` nobody knew of it. ``result`` unknown: no source says whether it was reached.
    """

    id: Id
    name: Name
    date: RoadDay
    start: RoadDay | None = None
    announced: RoadDay | None = None
    measure: Literal["", "connected", "integrated"] = ""
    target: Target | None = None
    definition: str = ""
    result: Literal["", "unknown"] = ""
    note: Line = ""
    source: Line = ""

    @model_validator(mode="after")
    def _counts_or_marks(self) -> "Milestone":
        if bool(self.measure) != (self.target is not None):
            raise ValueError(_("target: want a measure and a target, or neither"))
        if self.start is not None and self.start >= self.date:
            raise ValueError(_("start: want a day before the date"))
        return self


class StageRules(Strict):
    """By what the automatic proofs of the stages go. Days are calendar days."""

    success_percent: Annotated[float, Field(ge=50, le=100)] = 99.0
    success_days: Annotated[int, Field(ge=1, le=60)] = 7
    known_percent: Annotated[float, Field(ge=0, le=100)] = 80.0
    falls_after_days: Annotated[int, Field(ge=0, le=90)] = 14
    passed_days: Annotated[int, Field(ge=1, le=60)] = 1
    exchange_days: Annotated[int, Field(ge=1, le=60)] = 7
    register_fields: list[RegisterField] = ["dimension", "contact"]
    api_probes: list[str] = ["api", "health", "contract"]
    sso_probes: list[str] = ["sso"]
    exchange_probes: list[str] = ["exchange"]
    sso_exempt: list[Audience] = ["public", "national"]
    command_level: Level = 3
    source: Line = ""


class ForecastRules(Strict):
    """How far back weeks are drawn from, and how many gains there must be among them."""

    weeks: Annotated[int, Field(ge=4, le=520)] = 52
    least_gains: Annotated[int, Field(ge=4, le=100)] = 4
    pace_days: Annotated[int, Field(ge=7, le=730)] = 90


class Gate(Strict):
    """In which order the dimensions of a smart city are worked on, and what the first has to reach before any
    other is counted: percent of its applications. The percentages go up from 0, which asks for nothing.
    """

    order: list[Literal["governance", "branding", "economy", "living", "society", "environment"]] = [
        "governance", "society", "branding", "economy", "living", "environment",
    ]  # fmt: skip
    reachable_percent: Annotated[int, Field(ge=0, le=100)] = 0
    integrated_percent: Annotated[int, Field(ge=0, le=100)] = 0
    ready_percent: Annotated[int, Field(ge=0, le=100)] = 0
    source: Line = ""

    @model_validator(mode="after")
    def _all_once(self) -> "Gate":
        if sorted(self.order) != sorted(type(self).model_fields["order"].default):
            raise ValueError(_("order: want each of the six dimensions once"))
        return self


class Exemption(Strict):
    """A stage that an application need not reach, for a reason, while it holds."""

    application: str
    stage: Annotated[int, Field(ge=1, le=HIGHEST_STAGE)]
    reason: Name
    valid_from: RoadDay | None = None
    valid_to: RoadDay | None = None
    source: Line = ""


class Proof(Strict):
    """A document that proves what no probe can: whose, what, from when until when, where it is."""

    application: str
    proof: ManualProof
    date: RoadDay
    valid_to: RoadDay | None = None
    document: Name
    source: Line = ""


class Past(Strict):
    """What was so before this console recorded it: an OPD's measure, or applications' stage."""

    date: RoadDay
    opd: str = ""
    measure: Literal["", "connected", "integrated"] = ""
    change: Literal["gained", "lost"] = "gained"
    applications: list[str] = []
    stage: Stage | None = None
    note: Line = ""
    source: Line = ""

    @model_validator(mode="after")
    def _of_one(self) -> "Past":
        of_opd = bool(self.opd) and bool(self.measure)
        of_application = bool(self.applications) and self.stage is not None
        mixed = bool(self.opd or self.measure) and bool(self.applications or self.stage is not None)
        if mixed or not (of_opd or of_application):
            raise ValueError(_("opd: want an opd with a measure, or applications with a stage"))
        return self


class PaperService(Strict):
    """A service of an OPD that no application carries yet. ``application`` is the one that is to."""

    id: Id
    opd: Code
    name: Name
    dimension: Dimension = ""
    since: RoadDay | None = None
    application: str = ""
    note: Line = ""


class KnownProblem(Strict):
    """A problem as the register begins with it; from then on it is changed by command."""

    id: Id
    date: RoadDay
    text: Name
    category: Category
    opd: str = ""
    application: str = ""
    impact: Line = ""
    root: Line = ""
    solution: Line = ""
    pic: Line = ""
    due: RoadDay | None = None
    bimtek: Line = ""
    before: Line = ""
    after: Line = ""
    status: Standing = "recorded"
    source: Line = ""


class RoadFile(Strict):
    """``road.toml``."""

    rules: StageRules = StageRules()
    forecast: ForecastRules = ForecastRules()
    gate: Gate = Gate()
    definitions: list[Definition] = []
    milestones: list[Milestone] = []
    exemptions: list[Exemption] = []
    proofs: list[Proof] = []
    history: list[Past] = []
    paper: list[PaperService] = []
    problems: list[KnownProblem] = []

    def definition(self, version: str) -> Definition | None:
        """The definition of this version; the newest where none is named, None where there is none."""
        if not version:
            return self.definitions[-1] if self.definitions else None
        return next((one for one in self.definitions if one.version == version), None)
