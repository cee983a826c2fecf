"""What alarms there would have been: recorded looks judged again, under other thresholds."""

from datetime import datetime

import msgspec

from opsconsole.client.query import Moment, Query
from opsconsole.client.shapes import Why

# What may be set, and what it is: a whole number or a duration.
SETTABLE = ("attempts", "recoveries", "slow_over")


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """One time that people were told of trouble, or would have been.

    ``level`` is ``down`` or ``warn``. ``at`` is when they are told as it is configured, ``would_at`` under
    the changed thresholds, None for never. ``ended_at`` is when they are told of something else after it,
    None for not yet; ``recovered``: that it is up again.
    """

    level: str
    reason: str
    at: datetime | None = None
    would_at: datetime | None = None
    ended_at: datetime | None = None
    recovered: bool = False


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What it comes to, of one application or of all.

    ``recorded`` alarms there were, ``alarms`` the replay finds as it is configured now, ``would`` under the
    changed thresholds. ``avoided`` had no counterpart there, ``recovered`` of them ended by themselves;
    ``added`` are new. ``delay_median_s`` and ``delay_most_s`` are how much later the others would have been
    announced, negative for earlier. ``untold_s`` is for how long people would not have known of a DOWN.
    """

    recorded: int = 0
    alarms: int = 0
    would: int = 0
    avoided: int = 0
    recovered: int = 0
    added: int = 0
    delay_median_s: float | None = None
    delay_most_s: float | None = None
    untold_s: float = 0.0


class ReplayedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One application: what it comes to, and its alarms, the oldest first."""

    application: str
    counted: Counted
    alarms: tuple[Alarm, ...] = ()


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What became of ``looks`` recorded looks from ``since`` to ``until``, read in ``seconds``.

    ``applications`` are those that had or would have had an alarm, of ``asked`` that were asked about;
    ``sets`` is what was changed. ``notes`` say what could not be replayed as it was.
    """

    since: datetime
    until: datetime
    sets: dict[str, str] = {}
    asked: int = 0
    looks: int = 0
    seconds: float = 0.0
    total: Counted = Counted()
    applications: tuple[ReplayedRow, ...] = ()
    notes: tuple[Why, ...] = ()


class AskReplay(Query[Replay], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Replay the looks from ``since`` to ``until`` (None: now) of these applications, of an OPD, or of all.

    ``sets`` are the changed thresholds, as a file would write them: ``attempts``, ``recoveries``,
    ``slow_over``.
    """

    since: Moment
    until: Moment | None = None
    applications: tuple[str, ...] = ()
    opd: str = ""
    sets: dict[str, str] = {}
