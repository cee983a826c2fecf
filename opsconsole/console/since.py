"""What became of incidents since a person last looked. Pure: times are passed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from opsconsole.base.text import N_, _, ngettext
from opsconsole.client.incident_pages import IncidentWindow
from opsconsole.client.incidents import Incident, Status
from opsconsole.console.draw.view import View

Became = Literal["new", "over", "taken", "changed"]
BECAME: dict[Became, str] = {
    "new": N_("new"),
    "over": N_("over"),
    "taken": N_("taken"),
    "changed": N_("changed"),
}
# Who was away for less saw it happen.
AWAY = timedelta(minutes=30)
_WINDOWS: tuple[tuple[IncidentWindow, timedelta], ...] = (
    ("24h", timedelta(hours=24)),
    ("7d", timedelta(days=7)),
    ("30d", timedelta(days=30)),
)


def window_of(since: datetime, now: datetime) -> IncidentWindow:
    """The shortest window that reaches back so far."""
    return next((name for name, length in _WINDOWS if now - since < length), "all")


def became(one: Incident, since: datetime) -> Became | None:
    """What is different of an incident, the most important alone; None where nothing is."""
    if one.changed_at <= since or one.status is Status.MERGED:
        return None
    if one.status.is_open and one.opened_at > since:
        return "new"
    if not one.status.is_open:
        ended = one.resolved_at or one.closed_at
        return "over" if ended is not None and ended > since else "changed"
    if one.acknowledged_at is not None and one.acknowledged_at > since:
        return "taken"
    return "changed"


def summary(incidents: Iterable[Incident], since: datetime, view: View) -> str:
    """``since 23:10: 3 new, 2 over, 1 taken``; empty where nothing became another one."""
    counts: dict[Became, int] = {}
    for one in incidents:
        if (what := became(one, since)) is not None:
            counts[what] = counts.get(what, 0) + 1
    told = {
        "new": ngettext("{n} new", "{n} new", counts.get("new", 0)),
        "over": ngettext("{n} over", "{n} over", counts.get("over", 0)),
        "taken": ngettext("{n} taken", "{n} taken", counts.get("taken", 0)),
        "changed": ngettext("{n} changed", "{n} changed", counts.get("changed", 0)),
    }
    parts = [told[what].format(n=counts[what]) for what in BECAME if counts.get(what)]
    if not parts:
        return ""
    return _("incidents since {time}: {what}").format(time=view.at(since), what=", ".join(parts))
