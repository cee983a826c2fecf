"""Messages to be sent, and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Lay the table."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("idem_key", sa.String(), nullable=False, unique=True),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("opening", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Integer(), nullable=True),
        sa.Column("leased_by", sa.Integer(), nullable=True),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("error_params", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.Integer(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_waits", "outbox", ["state", "due_at"])
    op.create_index("outbox_of", "outbox", ["incident", "opening"])
    op.create_index("outbox_sent", "outbox", ["channel", "recipient", "sent_at"])
