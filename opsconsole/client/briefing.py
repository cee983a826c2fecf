"""One page for the head of the office and the mayor: what is so, and what needs a decision.

Nothing in it is about a single person: readiness and what ends are told by OPD.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from opsconsole.client.dimensions import DimensionsPage
from opsconsole.client.expiries import ExpiryKind
from opsconsole.client.incidents import Incident
from opsconsole.client.integration import Road
from opsconsole.client.query import Query


class BriefReadiness(msgspec.Struct, frozen=True, kw_only=True):
    """How ready one OPD is: what it claims, None for nothing, and what is proven, until when."""

    opd: str
    short: str
    claimed: int | None = None
    proven: int = 0
    falls_on: datetime | None = None
    falls_to: int = 0


class BriefInstruction(msgspec.Struct, frozen=True, kw_only=True):
    """An instruction that an OPD has not answered in time."""

    number: int
    opd_short: str
    text: str
    due: date


class BriefExpiry(msgspec.Struct, frozen=True, kw_only=True):
    """What ends; evidence of people is put together: ``count`` of a kind in an OPD, the first on ``day``."""

    kind: ExpiryKind
    day: date
    left: int
    name: str = ""
    opd_short: str = ""
    count: int = 1


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for somebody who may decide.

    ``kind``: ``problem`` (analysed; its solution waits to be agreed to), ``owner`` (a grave incident that
    nobody has taken), ``pace`` (the milestone is not reached at the pace there is), ``switch_off``
    (``number`` candidates), ``letter`` (reminders to ``opd_short`` have gone as far as a letter).
    """

    kind: Literal["problem", "owner", "pace", "switch_off", "letter"]
    number: int = 0
    opd_short: str = ""
    text: str = ""


class Briefing(msgspec.Struct, frozen=True, kw_only=True):
    """The page as of ``day``, by what is recorded at ``at``.

    ``incidents`` are those that were open at the end of the day, the worst first. ``down`` counts rows that
    are DOWN of ``watched``, both None for a past day. ``road`` is without its lines, notes and OPD.
    ``dimensions`` are None for a past day. ``recorded`` is whether an engine ran on a past day, and
    ``recorded_since`` when the first one did: without one, that no incident is there says nothing.
    """

    at: datetime
    day: date
    past: bool
    office: str
    opd_term: str
    down: int | None = None
    watched: int | None = None
    recorded: bool = True
    recorded_since: datetime | None = None
    incidents: tuple[Incident, ...] = ()
    readiness: tuple[BriefReadiness, ...] = ()
    levels: tuple[int, ...] = ()
    road: Road
    dimensions: DimensionsPage | None = None
    late: tuple[BriefInstruction, ...] = ()
    expiries: tuple[BriefExpiry, ...] = ()
    expiry_days: int = 30
    decisions: tuple[Decision, ...] = ()


class AskBriefing(Query[Briefing], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The briefing as of a day, today where none is given."""

    at: date | None = None
