"""Evidence about people and their means, drills and Bimtek. Times are milliseconds since the epoch, UTC.

All of it is a projection of the events ``readiness.*``, written by `opsconsole.readiness.project` alone.
"""

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel


class EvidenceRow(SQLModel, table=True):
    """One recording about one person, or about an OPD, an application or means where ``person`` is empty.

    A row is never changed but for ``voided_by``, the number of the row that takes it back. ``seq`` is the
    event that it comes from. ``kind`` is a code of `inventory.readiness.EvidenceCode`, or one of `CH` (a
    change that takes evidence away), `MN` (means), `RM` (a reminder was sent) and `VO` (rows taken back).
    ``at`` is when it was so, ``recorded`` when it was written; ``until`` is given where the evidence itself
    says it. ``variant`` is the channel, the session, the hours of a drill, the change, the means, the step.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index("evidence_of", "person", "kind"),
        Index("evidence_from", "seq"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True)
    seq: int
    kind: str
    person: str
    opd: str
    application: str
    at: int
    until: int | None = None
    result: str
    source: str
    variant: str
    params: bytes
    uid: int
    by: str
    via: str
    recorded: int
    voided_by: int | None = None


class DrillRow(SQLModel, table=True):
    """A drill: whom, when it was asked, until when an answer counts; it runs until ``ended_at`` is there.

    ``hours`` is ``inside`` or ``outside`` working hours. ``result`` is ``pass``, ``late``, ``missed`` or
    ``void`` once it has ended.
    """

    __tablename__ = "drill"
    __table_args__ = (
        Index("drill_running", "person", unique=True, sqlite_where=text("ended_at IS NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True)
    seq: int
    person: str
    opd: str
    application: str
    tier: int
    hours: str
    meant: bool
    asked_at: int
    due_at: int
    uid: int
    by: str
    ended_at: int | None = None
    result: str


class BimtekRow(SQLModel, table=True):
    """A session of technical training: who was there stands in the evidence, under its code."""

    __tablename__ = "bimtek"
    __table_args__ = ({"sqlite_with_rowid": False},)

    code: str = Field(primary_key=True)
    seq: int
    title: str
    at: int
    applications: str
    uid: int
    by: str
    cancelled_at: int | None = None
