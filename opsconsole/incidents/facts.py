"""What the rules need of an office: facts about rows, its policy and its calendar."""

from typing import NamedTuple

import msgspec

from opsconsole.inventory.calendar import Calendar
from opsconsole.inventory.office import ApplicationEntry, Inventory
from opsconsole.inventory.policy import IncidentPolicy


class RowFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the files say of a row. ``parents`` are all rows that it depends on, groups taken apart."""

    id: str
    name: str
    opd: str = ""
    opd_short: str = ""
    tier: int = 3
    audience: str = "public"
    personal_data: bool = False
    iiv: bool = False
    hosting: str = ""
    parents: tuple[str, ...] = ()
    vendor: str = ""


class Ground(NamedTuple):
    """The office that is in force, as the writer's thread may read it: replaced as a whole, never changed."""

    rows: dict[str, RowFacts]
    policy: IncidentPolicy
    calendar: Calendar

    def of(self, row_id: str) -> RowFacts:
        """The facts of a row; of one that the files do not know any more, what holds for any."""
        return self.rows.get(row_id) or RowFacts(id=row_id, name=row_id)


def ground_of(inventory: Inventory) -> Ground:
    """What the rules need of an accepted set of files."""
    rows = {entry.id: _facts(inventory, entry) for entry in inventory.rows()}
    return Ground(rows, inventory.incidents, inventory.calendar)


def vendor_of(inventory: Inventory, row_id: str) -> str:
    """Who built it, where the files name somebody. Raises NotFound."""
    return next((one.name for one in inventory.contacts(row_id) if one.duty == "vendor"), "")


def _facts(inventory: Inventory, entry: ApplicationEntry) -> RowFacts:
    opd = inventory.opds.get(entry.opd)
    return RowFacts(
        id=entry.id,
        name=entry.name,
        opd=entry.opd,
        opd_short=opd.short if opd else "",
        tier=entry.tier,
        audience=entry.audience,
        personal_data=entry.personal_data,
        iiv=entry.iiv,
        hosting=entry.hosting,
        parents=tuple(one for group in entry.depends_on for one in group.any),
        vendor=vendor_of(inventory, entry.id),
    )
