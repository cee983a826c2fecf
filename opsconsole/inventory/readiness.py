"""``readiness.toml``: what shows that people are ready, for how long, and which level that comes to.

All of it is data: kinds of evidence, how long each holds, what a level asks for, whom an application
needs, how drills are run. ``source`` names where a rule comes from, by a reference's id.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from opsconsole.base.text import _
from opsconsole.inventory.fields import Days, Hours, Id, Name
from opsconsole.inventory.model import Duty, MeansKind
from probes.spec import Duration, Strict

FILE = "readiness.toml"
HIGHEST = 5
_BUILT_IN = Path(__file__).parent / "starter" / FILE
_VALID = re.compile(r"(\d{1,4})(d|mo)|decree|roster|backup|always")

EvidenceCode = Literal["SK", "KT", "BT", "CD", "UR", "LG", "SOP", "PK", "ST", "RV"]
Need = Literal[
    "named", "contact", "SK", "KT", "BT", "CD", "UR", "UR-outside", "LG", "SOP", "PK", "ST", "RV", "held",
    "actions",
]  # fmt: skip
"""What a level may ask for: somebody named, a number to reach them by, evidence of a kind (``UR`` in working
hours, ``UR-outside`` outside of them), the level below held long enough, no action after incidents late."""
Changed = Literal["transfer", "retirement", "number", "acting", "version", "reorganisation"]
"""What takes evidence away at once: mutasi, pensiun, nomor berubah, Plt, versi mayor, SOTK."""
Tier = Annotated[int, Field(ge=1, le=4)]
TierKey = Literal["1", "2", "3", "4"]
Step = Literal["first", "second", "head", "letter"]


class Validity(NamedTuple):
    """How long evidence holds: ``amount`` days or months, or until what it says itself.

    ``decree``: the date in it, else the end of its year. ``roster``: the end of its period. ``backup``: as
    long as the other person's own evidence. ``always``: for good.
    """

    kind: Literal["days", "months", "decree", "roster", "backup", "always"]
    amount: int = 0


def parse_validity(value: object) -> Validity:
    """From ``90d``, ``24mo`` or one of the words. Raises ValueError."""
    match = _VALID.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_('want how long, such as "90d" or "24mo", or decree, roster, backup or always'))
    if match[1]:
        return Validity("days" if match[2] == "d" else "months", int(match[1]))
    return Validity(match[0])  # type: ignore[arg-type]


Valid = Annotated[
    Validity,
    BeforeValidator(parse_validity),
    WithJsonSchema({"type": "string", "pattern": f"^({_VALID.pattern})$"}),
]


class Words(Strict):
    """What it is called on the screens of each language."""

    id: Name
    en: Name


class EvidenceRule(Strict):
    """A kind of evidence. ``valid_by_tier`` is for applications of that tier, in the place of ``valid``.

    ``latest``: the newest decides, also when it speaks against; else any that holds will do.
    ``voided_by`` are the changes that take it away.
    """

    code: EvidenceCode
    words: Words
    valid: Valid
    valid_by_tier: dict[TierKey, Valid] = {}
    latest: bool = False
    voided_by: list[Changed] = []
    source: Id | None = None

    def valid_for(self, tier: int) -> Validity:
        """How long it holds for an application of this tier."""
        return self.valid_by_tier.get(str(tier), self.valid)  # type: ignore[call-overload,no-any-return]


class LevelNeed(Strict):
    """One thing that a level asks for, of people of applications of these tiers."""

    what: Need
    tiers: list[Tier] = [1, 2, 3, 4]


class LevelRule(Strict):
    """A level, and what it asks for beside all that the levels below it do.

    ``quarters`` is for how many whole quarters the level below was held, where it asks for ``held``.
    """

    level: Annotated[int, Field(ge=0, le=HIGHEST)]
    words: Words
    needs: list[LevelNeed] = []
    quarters: Annotated[int, Field(ge=1, le=8)] = 2
    source: Id | None = None


class RoleRule(Strict):
    """A duty that somebody has to hold, for each application of these tiers or for the OPD as a whole.

    ``needs`` empty: all that a level asks for; else only these are asked of it.
    """

    duty: Duty
    per: Literal["application", "opd"] = "application"
    tiers: list[Tier] = [1, 2, 3, 4]
    needs: list[Need] = []
    source: Id | None = None


class DrillTarget(Strict):
    """Within what time a drill is answered, by tier.

    ``inside`` counts working time, a whole number of days being so many working days; ``outside`` of
    working hours it is counted around the clock, and where it is not given there are no such drills.
    """

    tiers: Annotated[list[Tier], Field(min_length=1)]
    inside: Duration
    outside: Duration | None = None


class QuietTime(Strict):
    """When nobody is drilled, unless it is meant so."""

    name: Name
    days: Days
    spans: Annotated[list[Hours], Field(min_length=1)]
    only: Literal["always", "ramadan"] = "always"
    source: Id | None = None


class ReminderRule(Strict):
    """A step of the chain, so many days after what is asked for was first missing."""

    step: Step
    after: Annotated[int, Field(ge=0, le=365)]
    source: Id | None = None


class MeansRule(Strict):
    """A kind of means, and how long dated evidence of one holds where no probe proves it."""

    kind: MeansKind
    words: Words
    valid: Valid
    source: Id | None = None


class Behaviour(Strict):
    """How what people do is compared before and after a Bimtek: ``days`` on both sides.

    With fewer than ``least`` cases on a side there is no figure, only how many there are.
    """

    days: Annotated[int, Field(ge=1, le=366)] = 60
    least: Annotated[int, Field(ge=1, le=1000)] = 5


def _all_levels(rows: list[LevelRule]) -> list[LevelRule]:
    if rows and [one.level for one in rows] != list(range(HIGHEST + 1)):
        raise ValueError(_("want each level from 0 to {n} once, in order").format(n=HIGHEST))
    return rows


def _each_once(rows: list[EvidenceRule]) -> list[EvidenceRule]:
    if rows and sorted(one.code for one in rows) != sorted(EvidenceCode.__args__):  # type: ignore[attr-defined]
        codes = ", ".join(EvidenceCode.__args__)  # type: ignore[attr-defined]
        raise ValueError(_("want each of {codes} once").format(codes=codes))
    return rows


class ReadinessFile(Strict):
    """``readiness.toml``. A list that is not there is the one that ``config init`` writes.

    ``soon`` is how many days ahead the end of evidence is told of. ``on_holidays``: whether people are
    drilled on days off.
    """

    soon: Annotated[int, Field(ge=0, le=365)] = 14
    on_holidays: bool = False
    evidence: Annotated[list[EvidenceRule], AfterValidator(_each_once)] = []
    levels: Annotated[list[LevelRule], AfterValidator(_all_levels)] = []
    roles: list[RoleRule] = []
    drills: list[DrillTarget] = []
    quiet: list[QuietTime] = []
    reminders: list[ReminderRule] = []
    means: list[MeansRule] = []
    behaviour: Behaviour = Behaviour()


@dataclass(frozen=True, slots=True)
class ReadinessRules:
    """What people are measured by."""

    soon: int
    on_holidays: bool
    evidence: Mapping[str, EvidenceRule]
    levels: Sequence[LevelRule]
    roles: Sequence[RoleRule]
    drills: Sequence[DrillTarget]
    quiet: Sequence[QuietTime]
    reminders: Sequence[ReminderRule]
    means: Mapping[str, MeansRule]
    behaviour: Behaviour

    def drill(self, tier: int) -> DrillTarget | None:
        """The target of drills for this tier, None where there is none."""
        return next((one for one in self.drills if tier in one.tiers), None)


def make_readiness(written: ReadinessFile) -> ReadinessRules:
    """The rules that a file describes, with what is built in where it says nothing."""
    known = built_in()
    return ReadinessRules(
        soon=written.soon,
        on_holidays=written.on_holidays,
        evidence={one.code: one for one in written.evidence or known.evidence},
        levels=written.levels or known.levels,
        roles=written.roles or known.roles,
        drills=written.drills or known.drills,
        quiet=written.quiet or known.quiet,
        reminders=sorted(written.reminders or known.reminders, key=lambda one: one.after),
        means={one.kind: one for one in written.means or known.means},
        behaviour=written.behaviour,
    )


@lru_cache(maxsize=1)
def built_in() -> ReadinessFile:
    """What holds in an office without the file: the one that ``config init`` writes."""
    return ReadinessFile.model_validate(tomllib.loads(_BUILT_IN.read_text("utf-8")))
