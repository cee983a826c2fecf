"""What entries of a list may name: agencies, rows, people and hours, by their ids and as people call them."""

from collections.abc import Iterable, Mapping
from typing import Any

from opsconsole.base.sheets import bare
from opsconsole.inventory.fields import ALWAYS, SERVICE
from opsconsole.inventory.mistakes import nearest_name
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.sheets.fields import Field, Reference


class UnknownName(Exception):  # noqa: N818 - it is how a caller is told, no failure
    """A value that names nothing; ``near`` is what may be meant, empty for nothing."""

    def __init__(self, value: str, near: str) -> None:
        super().__init__(value)
        self.value = value
        self.near = near


class Known:
    """Ids by what they are called. What an import adds is made known with `add`."""

    def __init__(self, inventory: Inventory) -> None:
        self._ids: dict[Reference, dict[str, str]] = {"opd": {}, "row": {}, "application": {}, "person": {}}
        self._ids["hours"] = {name: name for name in (ALWAYS, *inventory.calendar.hours)}
        self._called: dict[Reference, dict[str, list[str]]] = {}
        for opd in inventory.opds.values():
            self.add("opd", opd.code, (opd.short, opd.name))
        for row in inventory.rows():
            self.add("row", row.id, (row.name,))
        for row in inventory.applications.values():
            self.add("application", row.id, (row.name,))
        for person in inventory.people.values():
            self.add("person", person.id, (person.name,))

    def add(self, kind: Reference, id_: str, names: Iterable[str]) -> None:
        """One more, by its id and its names."""
        self._ids[kind][id_.casefold()] = id_
        for name in names:
            called = self._called.setdefault(kind, {}).setdefault(bare(name), [])
            if id_ not in called:
                called.append(id_)

    def one(self, kind: Reference, text: str) -> str:
        """The id that is meant. Raises `UnknownName` for none, and for a name that several have."""
        ids = self._ids[kind]
        found = ids.get(text.casefold())
        if found is not None:
            return found
        called = self._called.get(kind, {}).get(bare(text), [])
        if len(called) == 1:
            return called[0]
        service = ids.get(f"{SERVICE}{text.casefold()}")
        raise UnknownName(text, service or (called[0] if called else ids.get(nearest_name(text, ids), "")))

    def named(self, kind: Reference, name: str) -> list[str]:
        """Every id that is called so."""
        return list(self._called.get(kind, {}).get(bare(name), []))

    def resolved(self, field: Field, value: Any) -> Any:
        """The value with ids in the place of names. Raises `UnknownName`."""
        if not field.refers or value is None:
            return value
        if isinstance(value, str):
            return self.one(field.refers, value)
        return [
            {"any": [self.one(field.refers, part) for part in one["any"]]}
            if isinstance(one, Mapping)
            else self.one(field.refers, one)
            for one in value
        ]
