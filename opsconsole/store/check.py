"""Whether a store is whole: its file, its tables, its chain. For the one in use and for any copy of it."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, safe_text
from opsconsole.store import chain, sqlite
from opsconsole.store.chain import ChainReport
from opsconsole.store.migrate import SCHEMA, TABLES

# What keeps events from being changed by accident; one who means to takes them out first.
TRIGGERS = frozenset(("event_is_never_changed", "event_is_never_deleted"))
_MOST_FAULTS = 5


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one store file.

    ``faults`` are SQLite's own lines about its pages and rows, the first five; ``missing`` the tables and
    triggers that it should have. ``counts`` are the rows of each table.
    """

    store: str
    schema: int
    bytes: int
    counts: Mapping[str, int]
    faults: tuple[str, ...]
    missing: tuple[str, ...]
    chain: ChainReport

    @property
    def whole(self) -> bool:
        """Whether nothing at all is wrong with it."""
        return not self.faults and not self.missing and self.chain.whole


def check_store(path: Path) -> Checked:
    """Check the store in use. Only for a process that holds no other connection to it."""
    with closing(sqlite.connect(path, writes=False)) as connection:
        return check(connection)


def check_file(path: Path, wanted: frozenset[int] = frozenset()) -> Checked:
    """Check a file that nobody writes, such as a backup. Raises Problem for one that is no store.

    ``wanted`` are events whose hashes are to be told, in the report of the chain.
    """
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise Problem(
            N_("{path} can not be read: {error}."),
            N_("Look at its name, owner and mode."),
            path=str(path),
            error=error.strerror or str(error),
        ) from error
    # Without a log beside it nothing is missing from it, and it may lie where we can not write.
    log = path.with_name(f"{path.name}-wal")
    kept = "" if log.exists() and log.stat().st_size else "&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode=ro{kept}"
    try:
        with closing(sqlite.dbapi.connect(uri, uri=True, isolation_level=None)) as connection:
            return check(connection, wanted)
    except sqlite.dbapi.Error as error:
        raise Problem(
            N_("{path} is no store that can be read: {seen}."),
            N_("Take another backup."),
            path=str(path),
            seen=safe_text(str(error)),
        ) from error


def check(connection: Any, wanted: frozenset[int] = frozenset()) -> Checked:
    """Check what a connection reads. Raises Problem when it is another program's, or a newer one's."""
    application, schema = (
        sqlite.number(connection, "application_id"),
        sqlite.number(connection, "user_version"),
    )
    if application != sqlite.APPLICATION_ID:
        raise Problem(N_("This is no store of opsconsole."), N_("Name a file that `store backup` made."))
    if schema > SCHEMA:
        raise Problem(
            N_("This store was written by a newer opsconsole (schema {found}, this one knows {known})."),
            N_("Check it with that version or a later one."),
            found=schema,
            known=SCHEMA,
        )
    found = dict(connection.execute("SELECT name, type FROM sqlite_schema").fetchall())
    expected = TRIGGERS | (TABLES if schema == SCHEMA else frozenset(("store", "event")))
    missing = tuple(sorted(expected - found.keys()))
    uuid = "" if "store" in missing else chain.uuid_of(connection)
    report = (
        ChainReport(events=0, seq=0, head=chain.FIRST, broken_at=0, why="gap")
        if "event" in missing
        else chain.walk(connection, uuid, wanted=wanted)
    )
    return Checked(
        store=uuid,
        schema=schema,
        bytes=sqlite.number(connection, "page_count") * sqlite.number(connection, "page_size"),
        counts=row_counts(connection),
        faults=_faults(connection),
        missing=missing,
        chain=report,
    )


def row_counts(connection: Any) -> dict[str, int]:
    """How many rows each table has; -1 for one that can not be read to its end."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {name: _count(connection, name) for (name,) in names}


def _count(connection: Any, table: str) -> int:
    quoted = table.replace('"', '""')
    try:
        return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 - quoted
    except sqlite.dbapi.Error:
        return -1


def _faults(connection: Any) -> tuple[str, ...]:
    """What SQLite finds wrong with the file, page by page."""
    try:
        lines = connection.execute(f"PRAGMA integrity_check({_MOST_FAULTS})").fetchall()
    except sqlite.dbapi.Error as error:
        return (safe_text(str(error)),)
    # One fault of a page is told in a line for each of its cells.
    told = [safe_text(line, 200) for (text,) in lines for line in str(text).splitlines() if text != "ok"]
    return tuple(told[:_MOST_FAULTS])
