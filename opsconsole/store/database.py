"""Opening the store: one SQLite file, one writer, readers that cannot write."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, safe_text
from opsconsole.store import files, sqlite
from opsconsole.store.migrate import SCHEMA, upgrade


class StoreFull(Problem):
    """The disk is full: what was to be written is not; everything written before is whole."""

    code = "store_full"


class Store:
    """An open store.

    There is one writing connection: a second `writer` waits until the first is done. Readers may be
    several. Both may be used from any thread.
    """

    def __init__(self, path: Path, uuid: str) -> None:
        self.path = path
        self.uuid = uuid
        self._writing = _engine(path, writes=True)
        self._reading = _engine(path, writes=False)

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """One transaction that writes (``BEGIN IMMEDIATE``): committed at the end, undone by an error.

        Raises StoreFull when the disk is full.
        """
        with _told(self.path), self._writing.begin() as conn:
            yield conn

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """One transaction that can only read. Keep it short: it pins the write-ahead log."""
        with _told(self.path), self._reading.begin() as conn:
            yield conn

    def free_reserve(self) -> bool:
        """On a full disk: give the reserved space back for what must be written. False: it is used up."""
        return files.free_reserve(self.path)

    def keep_reserve(self) -> bool:
        """Reserve space again once there is enough. False: there is not yet."""
        return files.keep_reserve(self.path)

    def close(self) -> None:
        """Close every connection."""
        self._reading.dispose()
        self._writing.dispose()


def open_store(path: Path) -> Store:
    """Open the store at ``path``, made or brought up to date first.

    Raises Problem when it is of a newer opsconsole, of another program, in use, a link, on a network
    file system, or damaged (then it is set aside under another name), StoreFull when the disk is full
    even without the reserve.
    """
    files.prepare(path)
    if files.is_full(path):
        files.free_reserve(path)
    try:
        with closing(sqlite.connect(path, writes=True)) as connection:
            damage = _look_over(connection, path)
            uuid = "" if damage else _brought_up(connection, path)
    except sqlite.dbapi.Error as error:
        if not sqlite.is_corrupt(error):
            raise _problem(error, path) from error
        damage = str(error)
    if damage:
        raise _damaged(path, damage)
    files.keep_reserve(path)
    return Store(path, uuid)


def _look_over(connection: Any, path: Path) -> str:
    """What is damaged, empty when nothing is. Raises Problem when the file is not for us to judge."""
    application, version = _number(connection, "application_id"), _number(connection, "user_version")
    [tables] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != sqlite.APPLICATION_ID and tables:
        raise Problem(
            N_("{path} is a database of another program."),
            N_("Move it away, or choose another --home."),
            path=str(path),
        )
    if version > SCHEMA:
        raise Problem(
            N_(
                "The store {path} was written by a newer opsconsole (schema {found}, this one knows {known})."
            ),
            N_("Install that version or a later one; this one has changed nothing."),
            path=str(path),
            found=version,
            known=SCHEMA,
        )
    return _damage(connection)


def _number(connection: Any, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _brought_up(connection: Any, path: Path) -> str:
    """The store's uuid, once its schema is the newest."""
    connection.execute("PRAGMA journal_mode = WAL")
    if _number(connection, "user_version") < SCHEMA:
        engine = _engine(path, writes=True)
        try:
            with _told(path), engine.begin() as conn:
                upgrade(conn)
        finally:
            engine.dispose()
    [uuid] = connection.execute("SELECT uuid FROM store").fetchone()
    return str(uuid)


def _damage(connection: Any) -> str:
    # Not the looks: they are by far the most, and a damaged row of theirs shows when it is read.
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('look', 'look_detail')"
    ).fetchall()
    for (table,) in tables:
        [found] = connection.execute(f"PRAGMA quick_check('{table}')").fetchone()
        if found != "ok":
            return str(found)
    return ""


def _engine(path: Path, *, writes: bool) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlite.dbapi,
        creator=lambda: sqlite.connect(path, writes=writes),
        poolclass=QueuePool,
        pool_size=1 if writes else 4,
        max_overflow=0,
    )
    # IMMEDIATE: a transaction that reads before it writes would otherwise fail at once, or lose updates,
    # when another one wrote in between.
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_full(error.orig, path):
            raise _problem(error.orig, path) from error
        raise


def _is_full(error: BaseException | None, path: Path) -> bool:
    # On a full disk the shared-memory file can not be made, and that is a plain I/O error.
    return sqlite.is_full(error) or (sqlite.is_failing(error) and files.is_full(path))


def _problem(error: BaseException | None, path: Path) -> Problem:
    if _is_full(error, path):
        return StoreFull(
            N_("The disk of the store {path} is full."), N_("Free some space on it."), path=str(path)
        )
    return Problem(
        N_("The store {path} cannot be opened: {seen}."),
        N_("Look whether another program holds it, and at its owner, mode and disk."),
        path=str(path),
        seen=safe_text(str(error)),
    )


def _damaged(path: Path, damage: str) -> Problem:
    aside = files.set_aside(path)
    return Problem(
        N_("The store {path} is damaged ({damage}). It was set aside as {aside}."),
        N_("Put a backup in its place, or start again for a new, empty store."),
        path=str(path),
        damage=safe_text(damage.splitlines()[-1]),
        aside=str(aside),
    )
