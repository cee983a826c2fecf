"""Opening the store: one SQLite file, one writer, readers that cannot write."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_, safe_text
from opsconsole.store import files, sqlite
from opsconsole.store.chain import uuid_of
from opsconsole.store.migrate import SCHEMA, TABLES, upgrade

# How long a question from outside may read; whoever asks waits for twice as long.
ANSWER_SECONDS = 5.0
# As long as a writer waits for another.
_WRITER_SECONDS = 30.0
# So many steps of SQLite's take a few milliseconds.
_STEPS = 200_000


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
        # Of their own, so that whoever asks much delays no command.
        self._answering = _engine(path, writes=False)

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

    @contextmanager
    def answering(self, seconds: float = ANSWER_SECONDS) -> Iterator[Connection]:
        """As `reader`, for a question from outside. Raises Problem when it reads longer than ``seconds``."""
        until = time.monotonic() + seconds
        with _told(self.path), self._answering.begin() as conn:
            raw = conn.connection.driver_connection
            assert raw is not None
            raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
            try:
                yield conn
            finally:
                raw.set_progress_handler(None, 0)

    def free_reserve(self) -> bool:
        """On a full disk: give the reserved space back for what must be written. False: it is used up."""
        return files.free_reserve(self.path)

    def keep_reserve(self) -> bool:
        """Reserve space again once there is enough. False: there is not yet."""
        return files.keep_reserve(self.path)

    def close(self) -> None:
        """Close every connection."""
        self._answering.dispose()
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
            if not damage:
                _bring_up(connection, path)
                damage = _lost(connection)
            uuid = "" if damage else uuid_of(connection)
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
    application, version = (
        sqlite.number(connection, "application_id"),
        sqlite.number(connection, "user_version"),
    )
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


def _bring_up(connection: Any, path: Path) -> None:
    """Make its schema the newest."""
    connection.execute("PRAGMA journal_mode = WAL")
    if sqlite.number(connection, "user_version") < SCHEMA:
        engine = _engine(path, writes=True)
        try:
            with _told(path), engine.begin() as conn:
                upgrade(conn)
        finally:
            engine.dispose()


def _lost(connection: Any) -> str:
    """What somebody took out of a file that is whole as such, empty when nothing is missing."""
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if missing := sorted(TABLES - found):
        return f"no table {', '.join(missing)}"
    return "" if uuid_of(connection) else "no row in store"


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
        pool_timeout=_WRITER_SECONDS if writes else ANSWER_SECONDS,
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
        if sqlite.is_interrupted(error.orig):
            raise too_long() from error
        if _is_full(error.orig, path):
            raise _problem(error.orig, path) from error
        raise
    except NoConnection as error:
        raise too_long() from error


def too_long() -> Problem:
    """What to tell whoever asks for more than can be read in time."""
    return Problem(
        N_("That takes too long to read."), N_("Ask for less, such as a shorter time, or try again later.")
    )


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
