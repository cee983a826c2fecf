"""SQLite as the store uses it: which library, how a connection is set, what its errors mean."""

from pathlib import Path
from typing import Any

from opsconsole.base.sqlite import library

dbapi = library()

# "OPSC": `file` and the store itself know by it whose database this is.
APPLICATION_ID = 0x4F505343

_PRAGMAS = (
    # FULL: an acknowledged commit outlives a power cut; NORMAL lost some in most simulated cuts.
    "synchronous = FULL",
    "foreign_keys = ON",
    "busy_timeout = 5000",
    "cell_size_check = ON",
    "trusted_schema = OFF",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 67108864",
)

# Primary result codes (sqlite.org/rescode.html).
_INTERRUPT, _IOERR, _CORRUPT, _FULL, _NOTADB = 9, 10, 11, 13, 26


def connect(path: Path, *, writes: bool) -> Any:
    """A connection that begins its transactions only when told to. Raises the library's errors."""
    # The file is always there: it is made by us first, so that SQLite never chooses its mode.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = dbapi.connect(uri, uri=True, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _code(error: BaseException | None) -> int:
    # The low byte of an extended code is the primary one; pysqlite3 gives only that.
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def is_interrupted(error: BaseException | None) -> bool:
    """Whether a library error means that we ended a statement ourselves."""
    return _code(error) == _INTERRUPT


def is_full(error: BaseException | None) -> bool:
    """Whether a library error means that the disk is full."""
    return _code(error) == _FULL


def is_failing(error: BaseException | None) -> bool:
    """Whether a library error means that the disk did not do what it was asked."""
    return _code(error) == _IOERR


def is_corrupt(error: BaseException | None) -> bool:
    """Whether a library error means that the file is damaged or no database at all."""
    return _code(error) in (_CORRUPT, _NOTADB)


def number(connection: Any, pragma: str) -> int:
    """What a pragma answers with a number: ``user_version``, ``page_count`` …"""
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
