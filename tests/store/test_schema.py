"""The migrations and the table classes say the same."""

import importlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from opsconsole.store import events, sqlite
from opsconsole.store.database import Store, open_store
from opsconsole.store.migrate import MIGRATIONS, SCHEMA

for _tables in ("store", "inventory", "health", "incidents", "readiness", "integration", "notify"):
    importlib.import_module(f"opsconsole.{_tables}.tables")


def _shape(path: Path) -> dict[str, Any]:
    """Tables of a database with all that SQLite tells of them."""
    shape = {}
    with closing(sqlite.dbapi.connect(str(path))) as connection:

        def ask(pragma: str) -> list[tuple[Any, ...]]:
            return sorted(connection.execute(f"PRAGMA {pragma}").fetchall(), key=repr)

        for _schema, name, kind, _columns, without_rowid, strict in ask("table_list"):
            if kind == "table" and not name.startswith(("sqlite_", "alembic_")):
                indexes = [
                    (unique, origin, [column for *_, column in ask(f"index_info('{index}')")])
                    for _, index, unique, origin, _ in ask(f"index_list('{name}')")
                ]
                shape[name] = {
                    "columns": ask(f"table_xinfo('{name}')"),
                    "foreign keys": ask(f"foreign_key_list('{name}')"),
                    "indexes": sorted(indexes, key=repr),
                    "kept": (without_rowid, strict),
                }
    return shape


def test_an_upgraded_store_equals_a_fresh_one(store: Store, path: Path, tmp_path: Path) -> None:
    store.close()
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}", module=sqlite.dbapi)
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    upgraded, made = _shape(path), _shape(fresh)
    assert set(upgraded) == set(made)
    for table, shape in upgraded.items():
        assert shape == made[table], table


def test_alembic_finds_nothing_left_to_do(store: Store) -> None:
    with store.reader() as conn:
        assert compare_metadata(MigrationContext.configure(conn), SQLModel.metadata) == []


@pytest.mark.parametrize("revision", [f"{number:04}" for number in range(1, SCHEMA)])
def test_a_store_of_an_earlier_schema_is_brought_up_with_all_that_is_in_it(
    store: Store, path: Path, tmp_path: Path, revision: str
) -> None:
    earlier = tmp_path / "earlier" / "opsconsole.db"
    _lay(earlier, revision)
    upgraded = open_store(earlier)
    with upgraded.reader() as conn:
        assert conn.exec_driver_sql("SELECT person FROM event").all() == [("budi",)]
        assert events.verify(conn).whole
    assert upgraded.uuid == "earlier"
    upgraded.close()
    store.close()
    assert _shape(earlier) == _shape(path)


def _lay(path: Path, revision: str) -> None:
    """A store as an earlier version left it, with an event in it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    path.parent.mkdir()
    engine = create_engine(f"sqlite:///{path}", module=sqlite.dbapi)
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, revision)
        conn.exec_driver_sql("INSERT INTO store (id, uuid) VALUES (1, 'earlier')")
        events.append(
            conn, at=1.0, uid=0, person="budi", via="test", command_id=None, kind="k", subject="", body={}
        )
        conn.exec_driver_sql(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")
        conn.exec_driver_sql(f"PRAGMA user_version = {int(revision)}")
    engine.dispose()


def test_every_table_is_laid(store: Store, path: Path) -> None:
    store.close()
    assert set(_shape(path)) == {
        *("store", "application", "probe", "config_rev", "engine_run"),
        *("look", "look_detail", "state", "transition", "event", "pause", "maintenance"),
        *("incident", "incident_member", "incident_claim"),
        "outbox",
        *("evidence", "drill", "bimtek"),
        *("integration_proof", "integration_stage", "integration_usage"),
        *("integration_opd", "integration_evaluation"),
        *("problem", "instruction"),
    }


def test_the_schema_number_counts_the_migrations() -> None:
    assert len(list((MIGRATIONS / "versions").glob("v*.py"))) == SCHEMA
