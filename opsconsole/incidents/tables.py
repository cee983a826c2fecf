"""Incidents as they stand: a projection of the events ``incident.*``, which can be made again from them.

Times are milliseconds since the epoch, UTC.
"""

from sqlmodel import Field, Index, SQLModel


class IncidentRow(SQLModel, table=True):
    """One incident. ``body`` is JSON of `client.incidents.Incident`; the columns are what queries ask for."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("incident_by_status", "status"),
        Index("incident_by_change", "changed_at"),
    )

    number: int = Field(primary_key=True)
    status: str
    happened_at: int
    opened_at: int
    changed_at: int
    merged_into: int
    version: int
    body: bytes


class MemberRow(SQLModel, table=True):
    """A row that an incident took down, open or over."""

    __tablename__ = "incident_member"
    __table_args__ = ({"sqlite_with_rowid": False},)

    row_id: str = Field(primary_key=True)
    incident: int = Field(primary_key=True)


class ClaimRow(SQLModel, table=True):
    """What an open incident claims as its cause (`claims.claims`): no two can claim the same."""

    __tablename__ = "incident_claim"
    __table_args__ = ({"sqlite_with_rowid": False},)

    claim: str = Field(primary_key=True)
    incident: int
