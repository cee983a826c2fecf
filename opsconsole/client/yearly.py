"""What was recorded in one year, of people and of stages: what an assessment asks for."""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.readiness import Evidence, LevelWords, OpdReadiness, RuleWords


class PeopleYear(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded of people in a year, and how ready each OPD was on its last day.

    ``as_of`` is that day, today while the year runs. ``rows`` come in the order in which they were recorded,
    without those that were taken back; ``names`` are those of the people in them, by id. ``opds`` are judged
    by the rules and the register of now, with the evidence that there was on the day.
    """

    at: datetime
    year: int
    as_of: date
    rows: tuple[Evidence, ...] = ()
    names: dict[str, str] = {}
    opds: tuple[OpdReadiness, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    evidence: tuple[RuleWords, ...] = ()


class StageMove(msgspec.Struct, frozen=True, kw_only=True):
    """An application reached a stage or fell to one. ``seq`` is the event, 0 for what the history says."""

    day: date
    application: str
    stage: int
    was: int | None = None
    missing: tuple[str, ...] = ()
    seq: int = 0


class StageStanding(msgspec.Struct, frozen=True, kw_only=True):
    """The stage of an application on a day, and since when."""

    application: str
    name: str
    opd: str
    tier: int = 3
    dimension: str = ""
    stage: int = 0
    since: date | None = None


class ProofGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A proof of a stage that stood on a day, since when, and the paper where it is one.

    ``by`` is ``seen`` (recorded by the engine, of probes or the register), ``paper``, or ``told``: the
    history in road.toml says that its stage was reached.
    """

    application: str
    proof: str
    stage: int
    by: Literal["seen", "paper", "told"]
    since: date
    document: str = ""
    until: date | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A probe that shows that an application serves an API or exchanges data.

    ``last_good`` is when it last passed in the year, None where it did not.
    """

    application: str
    name: str
    opd: str
    probe: str
    kind: str
    target: str
    proof: Literal["api", "exchange"]
    last_good: datetime | None = None


class StagesYear(msgspec.Struct, frozen=True, kw_only=True):
    """Stages in a year: how they moved in it, where they were on its last day (``as_of``, today while it
    runs), which proofs stood then, and what exchanged data in it. Of the applications of now.
    """

    at: datetime
    year: int
    as_of: date
    applications: tuple[StageStanding, ...] = ()
    moves: tuple[StageMove, ...] = ()
    proofs: tuple[ProofGiven, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


class AskPeopleYear(Query[PeopleYear], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was recorded of people in a year."""

    year: int


class AskStagesYear(Query[StagesYear], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of stages in a year."""

    year: int
