"""Maintenance that runs or is to come: the query and its shapes."""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query

# Longer than that nothing is under maintenance: it is switched off, in the files.
MOST_MAINTENANCE_DAYS = 30
# So far ahead it can be planned by command.
MOST_AHEAD_DAYS = 366


class Maintenance(msgspec.Struct, frozen=True, kw_only=True):
    """One window.

    ``number`` names it to `EndMaintenance`, 0 for one from calendar.toml, of which the running one and the
    next are told. ``subjects`` are row ids, ``opd:CODE`` or ``*``. ``start`` and ``end`` are those of a
    fixed one, else the time within which it may begin; ``lasts_s`` is how long it lasts once it began, 0
    for as long as ``parent`` is under maintenance. ``began`` and ``until`` are known once it runs. ``by`` is
    who planned it, or the file.
    """

    number: int = 0
    subjects: tuple[str, ...]
    kind: Literal["fixed", "flexible", "triggered"] = "fixed"
    start: datetime
    end: datetime
    lasts_s: float = 0.0
    parent: str = ""
    began: datetime | None = None
    until: datetime | None = None
    by: str
    why: str


class MaintenancePage(msgspec.Struct, frozen=True, kw_only=True):
    """What runs first, then what is to come, the soonest first."""

    at: datetime
    windows: tuple[Maintenance, ...] = ()


class AskMaintenance(Query[MaintenancePage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it, or what covers one application or service."""

    application: str = ""
