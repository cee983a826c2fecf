"""Which SQLite library is used."""

import importlib
from types import ModuleType

# Since then two connections that checkpoint at the same moment can not damage a write-ahead log
# (sqlite.org/wal.html#walresetbug).
SOUND_SINCE = (3, 51, 3)


def library() -> ModuleType:
    """The wheel of pysqlite3 where there is one: Debian 12's own 3.40.1 is older than `SOUND_SINCE`."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")
