"""Incidents, and what each open one claims as its cause."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Lay the tables. Events are found by what they are about from now on: an incident's are its timeline."""
    op.create_table(
        "incident",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("happened_at", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("incident_by_status", "incident", ["status"])
    op.create_index("incident_by_change", "incident", ["changed_at"])
    op.create_table(
        "incident_member",
        sa.Column("row_id", sa.String(), primary_key=True),
        sa.Column("incident", sa.Integer(), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident_claim",
        sa.Column("claim", sa.String(), primary_key=True),
        sa.Column("incident", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("event_about", "event", ["subject", "seq"])
