"""What was ever configured: applications, their probes, and every accepted set of files.

Rows are never deleted: looks and states go on meaning what they meant. Times are milliseconds since the
epoch, UTC.
"""

from sqlmodel import Field, SQLModel, UniqueConstraint


class ApplicationRow(SQLModel, table=True):
    """An application or a service outside the city; ``row_id`` is its id in the files."""

    __tablename__ = "application"

    id: int = Field(primary_key=True)
    row_id: str = Field(unique=True)
    first_seen: int
    retired_at: int | None = None


class ProbeRow(SQLModel, table=True):
    """A probe of an application. Its ``name`` may change (``was`` in the files), its number never does."""

    __tablename__ = "probe"
    __table_args__ = (UniqueConstraint("application", "name"),)

    id: int = Field(primary_key=True)
    application: int = Field(foreign_key="application.id")
    name: str
    first_seen: int
    retired_at: int | None = None


class ConfigRev(SQLModel, table=True):
    """One accepted set of files: all of them, as `opsconsole.inventory.register` packs them."""

    __tablename__ = "config_rev"

    rev: int = Field(primary_key=True)
    accepted_at: int
    digest: str = Field(unique=True)
    files: bytes
