"""An incident's timeline, put together from the chain: its own events, and what befell its members. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from opsconsole.base.clock import utc
from opsconsole.client.incident_pages import TimelineEntry
from opsconsole.store.events import StoredEvent
from probes.observation import Param

OF_ROWS = frozenset(
    (
        *("application.announced", "application.cut_off", "application.cut_off_ended"),
        *("probe.rechecked", "probe.paused", "probe.resumed"),
        *("maintenance.added", "maintenance.begun", "maintenance.ended", "maintenance.cancelled"),
    )
)
"""What is told of a member that belongs into the timeline."""
_TOLD = ("application.announced", "application.cut_off", "application.cut_off_ended")
# Where ``reason`` is what a person wrote; elsewhere it is a code.
_WRITTEN = frozenset(
    f"incident.{what}"
    for what in ("ack_ended", "snoozed", "severity_set", "attributed", "split", "unmerged", "reopened")
)
_LEFT_OUT = frozenset({"asked", "number", "note", "clocks", "claims", "questions", "happened_at"})
_MOST_NAMED = 4


def timeline(own: Iterable[StoredEvent], of_rows: Iterable[StoredEvent]) -> tuple[TimelineEntry, ...]:
    """The entries in their order. What an event of the incident itself says of a row is not said twice."""
    own = list(own)
    said = {event.at for event in own}
    others = [event for event in of_rows if event.kind not in _TOLD or event.at not in said]
    return tuple(_entry(event) for event in sorted((*own, *others), key=lambda event: event.seq))


def _entry(event: StoredEvent) -> TimelineEntry:
    body = event.body
    text = str(body.get("note") or "")
    if not text and (event.kind in _WRITTEN and body.get("why") != "failing"):
        text = str(body.get("reason") or "")
    if not text and event.kind == "incident.opened":
        text = str(body.get("title") or "")
    happened = body.get("happened_at")
    return TimelineEntry(
        at=utc(event.at),
        kind=event.kind,
        seq=event.seq,
        person=event.person,
        via=event.via,
        subject=event.subject,
        text=text,
        params=_params(body),
        happened_at=None if happened is None else datetime.fromisoformat(str(happened)),
    )


def _params(body: Mapping[str, object]) -> dict[str, Param]:
    """What a line can be filled with: plain values, those of a reason too; of a list its first items."""
    found: dict[str, Param] = {}
    for name, value in body.items():
        if name in _LEFT_OUT:
            continue
        if isinstance(value, dict):
            found |= {key: one for key, one in value.items() if key not in body}
        elif isinstance(value, list):
            found[name] = _listed(value)
        elif value is None or isinstance(value, str | int | bool):
            found[name] = value
    return found


def _listed(values: list[object]) -> str:
    names = [str(one["id"]) if isinstance(one, dict) else str(one) for one in values]
    more = [f"+{len(names) - _MOST_NAMED}"] if len(names) > _MOST_NAMED else []
    return ", ".join([*names[:_MOST_NAMED], *more])
