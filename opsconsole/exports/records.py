"""Records that no screen lists: the chain of events, and what happened in each incident, line by line."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from opsconsole.base.text import _
from opsconsole.client.audit import AuditEvent
from opsconsole.client.incident_pages import TimelineEntry
from opsconsole.client.incidents import Incident
from opsconsole.exports.sheet import Column, Value

AUDIT, TIMELINES = "audit", "timelines"
RECORDS = (AUDIT, TIMELINES)
SCHEMAS = {AUDIT: 1, TIMELINES: 1}
"""The numbers of their sets of columns: each grows when a column is renamed, moved or taken away."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def audit_columns() -> list[Column]:
    """All that a seal is made of but the store's uuid, which the audit head tells, and the seal itself."""
    return [
        Column("seq", _("EVENT"), "number"),
        Column("at", _("AT"), "instant"),
        Column("uid", _("ACCOUNT"), "number"),
        Column("person", _("WHO")),
        Column("via", _("VIA")),
        Column("command", _("COMMAND")),
        Column("kind", _("KIND")),
        Column("subject", _("SUBJECT")),
        Column("body", _("BODY"), "json"),
        Column("hash", _("HASH")),
    ]


def audit_row(event: AuditEvent) -> list[Value]:
    """An event in these columns."""
    return [
        event.seq, _EPOCH + timedelta(milliseconds=event.at_ms), event.uid, event.person, event.via,
        event.command_id, event.kind, event.subject, event.body, event.hash,
    ]  # fmt: skip


def timeline_columns() -> list[Column]:
    """Which incident, and one line of its timeline: in words, and as it is stored."""
    return [
        Column("incident", _("INCIDENT"), "number"),
        Column("code", _("NUMBER")),
        Column("seq", _("EVENT"), "number"),
        Column("at", _("AT"), "time"),
        Column("happened", _("BEGAN"), "time"),
        Column("kind", _("KIND")),
        Column("subject", _("SUBJECT")),
        Column("person", _("WHO")),
        Column("via", _("VIA")),
        Column("what", _("WHAT HAPPENED")),
        Column("text", _("WRITTEN DOWN")),
        Column("params", _("DETAILS"), "json"),
    ]


def timeline_row(incident: Incident, entry: TimelineEntry, what: str) -> list[Value]:
    """One line in these columns; ``what`` is what happened in words."""
    params = msgspec.json.encode(entry.params, order="sorted").decode() if entry.params else None
    return [
        incident.number, incident.code, entry.seq or None, entry.at, entry.happened_at, entry.kind,
        entry.subject or None, entry.person or None, entry.via or None, what, entry.text or None, params,
    ]  # fmt: skip


def narrowed(
    columns: Sequence[Column], rows: Iterable[Sequence[Value]], keys: Sequence[str]
) -> tuple[list[Column], Iterator[list[Value]]]:
    """Only these columns of rows, in this order. Raises KeyError for a key that is none of them."""
    places = {column.key: place for place, column in enumerate(columns)}
    chosen = [places[key] for key in keys]
    return [columns[place] for place in chosen], ([row[place] for place in chosen] for row in rows)
