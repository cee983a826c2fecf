"""Bringing a store's schema up to date."""

from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection

from opsconsole.store.sqlite import APPLICATION_ID

# The number of migrations: what a store that has them all carries as its user_version.
SCHEMA = 7
TABLES = frozenset(
    (
        *("store", "engine_run", "look", "look_detail", "event", "pause", "maintenance"),
        *("application", "probe", "config_rev", "state", "transition"),
        *("integration_proof", "integration_stage", "integration_opd", "integration_evaluation"),
        *("problem", "instruction"),
        *("incident", "incident_member", "incident_claim"),
        "outbox",
        *("evidence", "drill", "bimtek"),
    )
)
"""What such a store holds."""
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(conn: Connection) -> None:
    """Run the migrations that the store lacks, all in the caller's transaction; a new one gets its uuid."""
    # Imported late: only a store that is new or old needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    if conn.exec_driver_sql("SELECT count(*) FROM store").scalar_one() == 0:
        conn.exec_driver_sql("INSERT INTO store (id, uuid) VALUES (1, ?)", (str(uuid4()),))
    conn.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
