"""Backups of the store and the check of it: the command, the queries and their shapes."""

from datetime import datetime

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.query import Query
from opsconsole.client.shapes import Role

# A store of some gigabytes on a slow disk, copied and verified.
BACKUP_SECONDS = 3600.0


class StoreState(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one store file, in use or a backup.

    ``faults`` are SQLite's own lines about its pages and rows, the first five; ``missing`` the tables and
    triggers that it should have. ``counts`` are the rows of each table, -1 where they can not be read.
    ``seq``, ``hash`` and ``at`` are the newest event up to which the chain is whole; ``broken_at`` and
    ``why`` as in `verified.Verified`.
    """

    store: str
    schema: int
    bytes: int
    counts: dict[str, int] = {}
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    events: int = 0
    seq: int = 0
    hash: str = ""
    at: datetime | None = None
    broken_at: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing at all is wrong with it."""
        return not self.faults and not self.missing and self.broken_at is None


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One backup that was made and verified. ``file`` is where the engine put it."""

    file: str
    state: StoreState
    seconds: float


class BackUpStore(Args, frozen=True):
    """Copy the store into a file and verify the copy. The result is a `Backup`.

    ``file`` is a new file by its whole path, which the engine's account may write; empty: one in the folder
    of the office's backups, named by the time.
    """

    file: str = ""


class AskStoreCheck(Query[StoreState], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the store in use is whole: its pages, its tables, its chain."""


BACKUP_COMMANDS = (
    CommandShape(
        "backup",
        ("store", "backup"),
        BackUpStore,
        Role.ADMIN,
        True,
        N_("copy the store into a file, and verify the copy"),
        seconds=BACKUP_SECONDS,
    ),
)
