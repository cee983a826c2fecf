"""Entries of a list put into an office: the files as they are to be, and what was not understood.

Nothing is written here. An entry is known by its id or code, else by its name; what is the same already is
left as it is written.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opsconsole.client.importing import REGISTERS, ImportEntry, NotTaken, Register, Removable
from opsconsole.inventory.documents import Drafts, to_file
from opsconsole.inventory.edit import probe_keys
from opsconsole.inventory.identify import PROBES, Identifier, Meant, own_opd
from opsconsole.inventory.known import UnknownName
from opsconsole.inventory.office import ApplicationEntry, Inventory, OpdEntry, PersonEntry
from opsconsole.inventory.sheets.fields import ADDRESS, MODELS, OPD, Field, field_of
from opsconsole.inventory.sheets.rows import address_of, entries_in, value_of

_NAMING = {"opd": ("code",), "applications": ("id", OPD), "people": ("id", OPD)}
_PEOPLE_COMMENT = "Whom to call for {code}."
Id = tuple[Register, str]


@dataclass(slots=True)
class Merged:
    """What a list comes to. ``files`` are those that change; the set is not checked yet."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    added: list[Id] = field(default_factory=list)
    changed: list[Id] = field(default_factory=list)
    removed: list[Id] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    not_taken: list[NotTaken] = field(default_factory=list)


def merge(
    inventory: Inventory, entries: Sequence[ImportEntry], remove: Collection[Removable] = (), opd: str = ""
) -> Merged:
    """Put entries in, and take out what the list does not name of the registers in ``remove``.

    ``opd`` is where an entry goes that names none, empty the first one. Raises NotFound for one that there
    is not, Invalid for what can not be taken out of its file.
    """
    work = _Work(inventory, opd)
    meant = [
        one
        for what in REGISTERS
        for entry in entries
        if entry.what == what and (one := work.identifier.identify(entry)) is not None
    ]
    for one in meant:
        work.write(one)
    for what in dict.fromkeys(entry.what for entry in entries):
        named = {one.id for one in meant if one.entry.what == what}
        # A row that could not be known may have been any of those that seem to be missing.
        whole = len(named) == sum(entry.what == what for entry in entries)
        left = [id_ for id_ in entries_in(inventory, what) if id_ not in named]
        work.leave(what, left, remove=whole and what in remove)
    work.done.files = work.drafts.changed()
    return work.done


class _Work:
    def __init__(self, inventory: Inventory, opd: str) -> None:
        self._inventory = inventory
        self.identifier = Identifier(inventory, opd)
        self.drafts = Drafts(inventory.files)
        self.done = Merged(not_taken=self.identifier.not_taken)

    def write(self, meant: Meant) -> None:
        """Add it, or write the keys in which it differs."""
        what = meant.entry.what
        keys = dict(self._keys(meant))
        if meant.now is None:
            self._add(meant, keys)
            self.done.added.append((what, meant.id))
            return
        moved = isinstance(meant.now, PersonEntry) and meant.opd != meant.now.opd
        if isinstance(meant.now, ApplicationEntry) and meant.opd != meant.now.opd:
            self.identifier.tell(meant.entry, "moves", column=OPD, value=meant.opd, id=meant.id)
        address = keys.pop(ADDRESS, None)
        if address is not None and not self._readdress(meant, address):
            address = None
        if keys:
            self._change(meant, keys)
        if moved:
            block = self.drafts.take(self._people_file(own_opd(meant.now)), "people", meant.id)
            self.drafts.begin(self._people_file(meant.opd), _PEOPLE_COMMENT.format(code=meant.opd))
            self.drafts.put(self._people_file(meant.opd), block)
        if keys or address or moved:
            self.done.changed.append((what, meant.id))

    def _keys(self, meant: Meant) -> Iterator[tuple[str, Any]]:
        """The keys in which it differs from what is there, or from what holds where nothing is written."""
        what = meant.entry.what
        for key, wanted in meant.entry.keys.items():
            known = field_of(what, key)
            if key in _NAMING[what] or known is None:
                continue
            try:
                value = self.identifier.known.resolved(known, wanted)
            except UnknownName as unknown:
                self.identifier.tell(
                    meant.entry, "unknown", column=key, value=unknown.value, near=unknown.near
                )
                continue
            usual = _usual(what, known)
            now = usual if meant.now is None else value_of(meant.now, known)
            if (usual if value is None else value) != now:
                yield key, to_file(known, value)

    def _add(self, meant: Meant, keys: dict[str, Any]) -> None:
        given = meant.entry.keys
        what = meant.entry.what
        if what == "opd":
            short = given.get("short") or given.get("name") or meant.id
            head = {"code": meant.id, "name": given.get("name") or short, "short": short}
            self.drafts.begin(self.identifier.files[meant.id])
            self.drafts.set_top(self.identifier.files[meant.id], {**head, **keys})
            return
        row = {"id": meant.id, "name": given.get("name") or meant.id, **keys}
        if what == "people":
            self.drafts.begin(self._people_file(meant.opd), _PEOPLE_COMMENT.format(code=meant.opd))
            self.drafts.add(self._people_file(meant.opd), "people", row)
            return
        address = row.pop(ADDRESS, None)
        probes = given.get(PROBES) or ([probe_keys(address)] if address else [])
        self.drafts.add(self.identifier.files[meant.opd], "applications", {**row, PROBES: probes})

    def _change(self, meant: Meant, keys: Mapping[str, Any]) -> None:
        now = meant.now
        if isinstance(now, OpdEntry):
            self.drafts.set_top(now.file, keys)
        elif isinstance(now, ApplicationEntry):
            self.drafts.set_row(now.file, "applications", now.id, keys)
        elif now is not None:
            self.drafts.set_row(self._people_file(now.opd), "people", now.id, keys)

    def _readdress(self, meant: Meant, address: str) -> bool:
        """Have the first probe look elsewhere; False, and told, where it is of another kind."""
        now = meant.now
        assert isinstance(now, ApplicationEntry), "nothing else has an address"
        wanted = probe_keys(address)
        row = self.drafts.row(now.file, "applications", now.id)
        if not now.probes:
            row[PROBES] = [wanted]
        elif address_of(now) and now.probes[0].spec.kind == wanted["kind"]:
            for key, value in wanted.items():
                row[PROBES][0][key] = value
        else:
            self.identifier.tell(meant.entry, "other_probe", column=ADDRESS, value=address, id=now.id)
            return False
        self.drafts.touch(now.file)
        return True

    def _people_file(self, opd: str) -> str:
        name = f"people/{opd.lower()}.toml"
        known = (one for one in self._inventory.files if one.casefold() == name.casefold())
        return next(known, name)

    def leave(self, what: Register, ids: Sequence[str], *, remove: bool) -> None:
        """Count what the list does not name, or take it out."""
        if not remove:
            self.done.left[what] = len(ids)
            return
        for id_ in ids:
            now = entries_in(self._inventory, what)[id_]
            file = now.file if isinstance(now, ApplicationEntry) else self._people_file(own_opd(now))
            self.drafts.take(file, what, id_)
            self.done.removed.append((what, id_))


def _usual(what: Register, known: Field) -> Any:
    """What holds where the key is not written."""
    info = MODELS[what].model_fields.get(known.key)
    if info is None or info.is_required():
        return None
    value = info.get_default(call_default_factory=True)
    return None if value in ("", []) else value
