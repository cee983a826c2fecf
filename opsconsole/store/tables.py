"""The store's own tables: looks, events, pauses, maintenance, and the engine's runs.

Times are milliseconds since the epoch, UTC. The migrations say the same in `migrations/versions`; a test
holds the two together.
"""

from sqlalchemy import BLOB, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel


class StoreRow(SQLModel, table=True):
    """The store itself: one row, whose uuid every event is sealed with."""

    __tablename__ = "store"
    __table_args__ = (CheckConstraint("id = 1", name="store_is_one"),)

    id: int = Field(primary_key=True)
    uuid: str


class EngineRun(SQLModel, table=True):
    """One life of the engine. Without ``ended_at`` it was cut off at about ``heartbeat_at``.

    What lies between two runs is unknown time.
    """

    __tablename__ = "engine_run"

    run: int = Field(primary_key=True)
    started_at: int
    heartbeat_at: int
    ended_at: int | None = None
    pid: int
    version: str


class LookRow(SQLModel, table=True):
    """One look in as few bytes as it takes; `opsconsole.store.looks` packs and unpacks it.

    ``at`` is when it started, ``late`` how many milliseconds after it was due; ``took`` is in tenths of a
    millisecond. ``result`` is reason, verdict, trigger and flags; ``times`` the six phases, the waiting for
    a slot and the lag of our loop.
    """

    __tablename__ = "look"
    __table_args__ = ({"sqlite_with_rowid": False},)

    probe: int = Field(primary_key=True)
    at: int = Field(primary_key=True)
    took: int
    result: int
    status: int
    late: int
    times: bytes
    rev: int
    run: int


class LookDetail(SQLModel, table=True):
    """What a look that did not pass saw: JSON of `opsconsole.store.looks.Detail`."""

    __tablename__ = "look_detail"
    __table_args__ = ({"sqlite_with_rowid": False},)

    probe: int = Field(primary_key=True)
    at: int = Field(primary_key=True)
    body: bytes


class PauseRow(SQLModel, table=True):
    """A probe that is paused, until when, by whom and why; `opsconsole.store.pauses` reads and writes it."""

    __tablename__ = "pause"

    probe: int = Field(primary_key=True)
    uid: int
    person: str
    reason: str
    since: int
    until: int


class MaintenanceRow(SQLModel, table=True):
    """A window planned by command that is not over; `opsconsole.store.maintenance` reads and writes it."""

    __tablename__ = "maintenance"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(primary_key=True)
    subject: str
    kind: str
    start: int
    end: int
    lasts: int
    parent: str
    began: int | None = None
    ends: int
    uid: int
    person: str
    reason: str
    added: int


class EventRow(SQLModel, table=True):
    """One event of the chain; `opsconsole.store.events` writes and verifies it. Never changed or deleted."""

    __tablename__ = "event"
    __table_args__ = (Index("event_about", "subject", "seq"),)

    seq: int = Field(primary_key=True)
    at: int
    uid: int
    person: str
    via: str
    command_id: str | None = Field(default=None, unique=True)
    kind: str
    subject: str
    body: bytes = Field(sa_column=Column(BLOB, nullable=False))
    prev: bytes
    hash: bytes
