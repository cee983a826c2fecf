"""The schedule as it stands: every probe with its next look, what runs, what waits, what was missed.

It is a picture of one moment and is never published: what changes each second is not sent each second.
"""

from datetime import datetime
from typing import Literal

import msgspec

from opsconsole.client.query import Query
from opsconsole.client.shapes import SelfCheck, State
from probes.observation import Param

# Due within so many seconds counts as soon.
SOON_SECONDS = 60
MOST_PAUSE_DAYS = 30

Lane = Literal["", "fast", "slow", "host", "place"]
Cause = Literal["overrun", "late", "stopped", "clock"]


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """Who paused a probe, from when until when, and why."""

    by: str
    since: datetime
    until: datetime
    why: str


class PlannedProbe(msgspec.Struct, frozen=True, kw_only=True):
    """One probe of the schedule.

    ``next_at`` is when it is due and ``due_s`` in how many seconds, both None while its look runs or waits
    or it is paused. ``lane`` is empty then, else ``fast`` or ``slow`` for a look that runs, ``host`` or
    ``place`` for what it waits for, since ``work_since``. ``verdict`` to ``took_ms`` are of the last look,
    empty when there was none. ``looks``, ``missed`` and ``overrun`` count in this run, those of the day
    since midnight in the office's zone, earlier runs included; what all probes missed together while
    nothing ran stands in the sums and periods alone.
    """

    application: str
    name: str
    opd: str
    opd_short: str
    probe: str
    kind: str
    state: State
    every_s: float
    retry_s: float
    timeout_s: float
    next_at: datetime | None = None
    due_s: float | None = None
    lane: Lane = ""
    work_since: datetime | None = None
    last_at: datetime | None = None
    verdict: str = ""
    reason: str = ""
    params: dict[str, Param] = {}
    status: int = 0
    took_ms: float = 0.0
    looks: int = 0
    missed: int = 0
    overrun: int = 0
    missed_today: int = 0
    overrun_today: int = 0
    pause: Pause | None = None


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """Turns that had no look, or looks that took longer than their interval, from ``since`` to ``until``.

    ``cause``: ``overrun`` the look before took too long, ``late`` it waited too long for a place,
    ``stopped`` no engine ran, ``clock`` the machine slept or its clock was set. ``application`` and
    ``probe`` are empty where it was not for one probe alone. ``first_at`` is when the first missed one was
    due.
    """

    since: datetime
    until: datetime
    first_at: datetime
    cause: Cause
    missed: int = 0
    overrun: int = 0
    application: str = ""
    probe: str = ""


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the schedule view shows, as of ``at``.

    ``running`` looks run: at most ``bound`` in the fast lane, and ``per_host`` at one host; ``slow_lane``
    counts those that run or wait in the slow one. ``soon`` are due within `SOON_SECONDS`. ``missed`` and
    ``overrun`` count since the run began, those of the day since midnight in the office's zone.
    ``periods`` are the day's, newest first; ``periods_more`` earlier ones are counted but not listed.
    """

    at: datetime
    run: int
    started_at: datetime
    day_began: datetime
    probes: tuple[PlannedProbe, ...]
    running: int = 0
    waiting: int = 0
    bound: int = 0
    per_host: int = 0
    slow_lane: int = 0
    soon: int = 0
    paused: int = 0
    missed: int = 0
    overrun: int = 0
    missed_today: int = 0
    overrun_today: int = 0
    periods: tuple[Missed, ...] = ()
    periods_more: int = 0
    lag_ms: float = 0.0
    self_check: SelfCheck = SelfCheck("unset")


class AskSchedule(Query[Schedule], frozen=True, forbid_unknown_fields=True):
    """The schedule now."""
