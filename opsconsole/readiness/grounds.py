"""What levels are found from, kept from one question to the next as long as nothing of it has changed."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from opsconsole.inventory.office import Inventory
from opsconsole.readiness.duties import Ground, make_ground
from opsconsole.readiness.evidence import Book
from opsconsole.readiness.project import alive

# Each change of the evidence adds a row, and no number is ever given twice.
_VERSION = "SELECT coalesce(max(id), 0) FROM evidence"


class _Kept(NamedTuple):
    inventory: Inventory
    version: int
    ground: Ground


class Grounds:
    """The last ground of each store that is read, by its connections. May be asked from any thread."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()

    def of(self, conn: Connection, inventory: Inventory) -> Ground:
        """The ground of what ``conn`` reads, with nobody late."""
        # What a writer sees may be taken back, and its number given to another row.
        if not conn.exec_driver_sql("PRAGMA query_only").scalar_one():
            return make_ground(inventory, Book(alive(conn)))
        version: int = conn.exec_driver_sql(_VERSION).scalar_one()
        kept = self._kept.get(conn.engine)
        if kept is None or kept.inventory is not inventory or kept.version != version:
            kept = _Kept(inventory, version, make_ground(inventory, Book(alive(conn))))
            self._kept[conn.engine] = kept
        return kept.ground
