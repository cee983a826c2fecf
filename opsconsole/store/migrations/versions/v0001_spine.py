"""All tables that the engine, the inventory and health need from the first day on."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_FROZEN = """
CREATE TRIGGER event_is_never_{done} BEFORE {verb} ON event
BEGIN SELECT RAISE(ABORT, 'an event is never {done}'); END
"""


def upgrade() -> None:
    """Lay the tables."""
    _store()
    _inventory()
    _looks()
    _health()


def _store() -> None:
    op.create_table(
        "store",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="store_is_one"),
    )
    op.create_table(
        "engine_run",
        sa.Column("run", sa.Integer(), primary_key=True),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer()),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("command_id", sa.String(), unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    op.execute(_FROZEN.format(verb="UPDATE", done="changed"))
    op.execute(_FROZEN.format(verb="DELETE", done="deleted"))


def _inventory() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("row_id", sa.String(), nullable=False, unique=True),
        sa.Column("first_seen", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.Integer()),
    )
    op.create_table(
        "probe",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("application", sa.Integer(), sa.ForeignKey("application.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_seen", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.Integer()),
        sa.UniqueConstraint("application", "name"),
    )
    op.create_table(
        "config_rev",
        sa.Column("rev", sa.Integer(), primary_key=True),
        sa.Column("accepted_at", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("files", sa.LargeBinary(), nullable=False),
    )


def _looks() -> None:
    op.create_table(
        "look",
        sa.Column("probe", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Integer(), primary_key=True),
        sa.Column("took", sa.Integer(), nullable=False),
        sa.Column("result", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "look_detail",
        sa.Column("probe", sa.Integer(), primary_key=True),
        sa.Column("at", sa.Integer(), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )


def _health() -> None:
    op.create_table(
        "state",
        sa.Column("entity", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("health", sa.String(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("overlay", sa.String(), nullable=False),
        sa.Column("flapping", sa.Boolean(), nullable=False),
        sa.Column("announced", sa.String(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.Integer()),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("memory", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "transition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("happened_at", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("flapping", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
    )
    op.create_index("transition_of", "transition", ["entity", "entity_id", "happened_at"])
