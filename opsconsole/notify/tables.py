"""The outbox. Times are milliseconds since the epoch, UTC."""

from sqlmodel import Field, Index, SQLModel


class OutboxRow(SQLModel, table=True):
    """One message to one recipient; `opsconsole.notify.outbox` reads and writes it.

    ``idem_key`` says which message it is, so that none is ever written twice; ``event_seq`` is the event that
    it follows from, ``opening`` the one that opened, or opened again, what it is about. ``number`` counts
    repetitions. A message that is leased is on its way until ``lease_until``, sent by run ``leased_by``;
    those of one ``bundle`` travel as one. ``withdrawn``: it was called off while it was on its way.
    ``error`` and ``error_params`` (JSON) say why the last attempt failed, ``facts`` (JSON of
    `opsconsole.notify.facts.Facts`) what is told.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waits", "state", "due_at"),
        Index("outbox_of", "incident", "opening"),
        Index("outbox_sent", "channel", "recipient", "sent_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True)
    idem_key: str = Field(unique=True)
    incident: int
    event_seq: int
    opening: int
    kind: str
    severity: str
    rule: str
    channel: str
    recipient: str
    number: int
    due_at: int
    lease_until: int | None = None
    leased_by: int | None = None
    bundle: str
    attempts: int
    state: str
    withdrawn: bool
    error: str
    error_params: bytes
    sent_at: int | None = None
    facts: bytes
