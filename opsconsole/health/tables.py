"""States as they are and every change of them. Times are milliseconds since the epoch, UTC."""

from sqlmodel import Field, Index, SQLModel


class StateRow(SQLModel, table=True):
    """The state of one probe (``id`` its number), application (row id) or OPD (code).

    ``memory`` is JSON of the whole state as `opsconsole.health.model` has it; the columns repeat what
    queries ask for.
    """

    __tablename__ = "state"
    __table_args__ = ({"sqlite_with_rowid": False},)

    entity: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    health: str
    hard: bool
    attempt: int
    streak: int
    overlay: str
    flapping: bool
    announced: str
    since: int
    confirmed_at: int | None = None
    cause: str
    address: str
    fingerprint: str
    version: int
    memory: bytes


class TransitionRow(SQLModel, table=True):
    """One change of what was shown. ``cause`` is the reason's code, ``params`` its parameters as JSON."""

    __tablename__ = "transition"
    __table_args__ = (Index("transition_of", "entity", "entity_id", "happened_at"),)

    id: int = Field(primary_key=True)
    entity: str
    entity_id: str
    happened_at: int
    noticed_at: int
    from_state: str
    to_state: str
    hard: bool
    cause: str
    params: bytes
    flapping: bool
    rev: int
    run: int
