"""How long applications were there, month by month: what an assessment asks for."""

from datetime import date, datetime

import msgspec

from opsconsole.client.query import Query


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One application in one month, from its ``first`` day. The times are seconds and add up to what has
    been of the month.

    ``low_pct`` is the availability with all unknown time as down, ``high_pct`` with all of it as up,
    ``coverage_pct`` how much of what counts is known; all None when nothing counts.
    """

    application: str
    name: str
    opd: str
    first: date
    up_s: float = 0.0
    down_s: float = 0.0
    unknown_s: float = 0.0
    excluded_s: float = 0.0
    low_pct: float | None = None
    high_pct: float | None = None
    coverage_pct: float | None = None


class AvailabilityPage(msgspec.Struct, frozen=True, kw_only=True):
    """The months of a year in which anything was known, application by application."""

    at: datetime
    year: int
    months: tuple[Month, ...] = ()


class AskAvailability(Query[AvailabilityPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The months of a year up to now."""

    year: int
