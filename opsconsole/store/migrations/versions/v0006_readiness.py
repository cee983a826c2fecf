"""Evidence about people, and drills that run."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Lay the tables; no number is ever given twice."""
    _evidence()
    _drill()
    op.create_table(
        "bimtek",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("applications", sa.String(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.Integer(), nullable=True),
        sqlite_with_rowid=False,
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("opd", sa.String(), nullable=False),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("evidence_of", "evidence", ["person", "kind"])
    op.create_index("evidence_from", "evidence", ["seq"])


def _drill() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("opd", sa.String(), nullable=False),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("meant", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    running = sa.text("ended_at IS NULL")
    op.create_index("drill_running", "drill", ["person"], unique=True, sqlite_where=running)
