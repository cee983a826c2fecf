"""Sheets to write, at the night that everything is drawn for."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from opsconsole.client.audit import AuditHead
from opsconsole.exports.sheet import About, Column, Sheet, Value

NIGHT = datetime(2026, 11, 23, 19, 14, 12, 345_000, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
HEAD = AuditHead(store="5d6f0c9e-0000-4000-8000-00000000c0de", seq=4182, hash="ab" * 32, at=NIGHT)
COLUMNS = (
    Column("id", "NOMOR", "number"),
    Column("opened", "DIBUKA", "time"),
    Column("took", "LAMA", "seconds"),
    Column("note", "CATATAN"),
)


def sheet_for(rows: Iterable[Sequence[Value]], columns: Sequence[Column] = COLUMNS, **about: Any) -> Sheet:
    """A sheet of the view ``incidents``."""
    said = {"filter": "opd:rsud", "window": "7d", "head": HEAD} | about
    told = About(view="incidents", schema=1, zone="Asia/Jakarta", language="en", written_at=NIGHT, **said)
    return Sheet("Incidents", columns, rows, JAKARTA, told)


def notes(values: Iterable[Value]) -> Sheet:
    """A sheet of one column of text, with a number before it."""
    columns = (Column("n", "N", "number"), Column("note", "CATATAN"))
    return sheet_for(([number, value] for number, value in enumerate(values)), columns)
