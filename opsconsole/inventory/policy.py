"""``incidents.toml``: how bad an incident is, how soon something is to be done, what the law asks.

All of it is data, with the sources that it names: what a regulation says is never written in code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from opsconsole.base.text import _
from opsconsole.client.incidents import Category, Kind, Severity
from opsconsole.inventory.fields import Id, Line, Name
from opsconsole.inventory.model import Audience
from probes.spec import Duration, Strict

FILE = "incidents.toml"
# The clocks of every incident, whose ids no rule of law may take.
TARGETS = RESPOND, RECOVER = "respond", "recover"
_BUILT_IN = Path(__file__).parent / "starter" / FILE

SeverityWord = Literal["critical", "high", "medium", "low"]
Counts = Literal["calendar", "working", "season"]
"""Around the clock; in working time; around the clock in a peak season, else in working time."""
Tier = Annotated[int, Field(ge=1, le=4)]
Failing = Literal["down", "unreachable", "warn"]


class SeverityRow(Strict):
    """Within what time somebody answers an incident of this severity, and within what it is over.

    Seconds; where working time counts, a whole number of days is so many working days.
    """

    name: SeverityWord
    respond: Duration
    recover: Duration
    counts: Counts = "calendar"
    meaning: Line = ""


class SuggestRow(Strict):
    """A severity, and what an incident has to be like for it; what is empty holds for all.

    ``exposed``: personal data are or are not known to be exposed. ``in_season``: in a peak season.
    """

    severity: SeverityWord
    tiers: list[Tier] = []
    states: list[Failing] = []
    audiences: list[Audience] = []
    kinds: list[Kind] = []
    categories: list[Category] = []
    exposed: bool | None = None
    in_season: bool | None = None


class LawRow(Strict):
    """What a rule of law asks for once a question of triage is answered so.

    ``hours`` count from when it was known, around the clock; None where the rule gives no number: at once.
    ``to`` is who is to be told, ``what`` with what; ``source`` names the rule itself, by a reference's id.
    """

    id: Id
    question: Literal["personal_data", "iiv"]
    answer: Literal["yes", "no"] = "yes"
    kinds: list[Kind] = []
    hours: Annotated[int, Field(ge=1, le=8760)] | None = None
    to: Name
    what: Name
    source: Id


def _whole(rows: list[SeverityRow]) -> list[SeverityRow]:
    if rows and sorted(one.name for one in rows) != sorted(Severity):
        raise ValueError(_("want each of critical, high, medium and low once"))
    return rows


class IncidentsFile(Strict):
    """``incidents.toml``. A list that is not there is the one that ``config init`` writes."""

    severity: Annotated[list[SeverityRow], AfterValidator(_whole)] = []
    suggest: list[SuggestRow] = []
    law: list[LawRow] = []


@dataclass(frozen=True, slots=True)
class IncidentPolicy:
    """What incidents are measured by. Of ``suggestions`` the first that fits decides."""

    targets: Mapping[Severity, SeverityRow]
    suggestions: tuple[SuggestRow, ...]
    laws: tuple[LawRow, ...]

    def law(self, rule: str) -> LawRow | None:
        """The rule of law of this id, None where there is none any more."""
        return next((one for one in self.laws if one.id == rule), None)


def make_policy(written: IncidentsFile) -> IncidentPolicy:
    """The policy that a file describes, with what is built in where it says nothing."""
    known = built_in()
    return IncidentPolicy(
        targets={Severity(one.name): one for one in written.severity or known.severity},
        suggestions=tuple(written.suggest or known.suggest),
        laws=tuple(written.law or known.law),
    )


@lru_cache(maxsize=1)
def built_in() -> IncidentsFile:
    """What holds in an office without the file: the one that ``config init`` writes."""
    return IncidentsFile.model_validate(tomllib.loads(_BUILT_IN.read_text("utf-8")))
