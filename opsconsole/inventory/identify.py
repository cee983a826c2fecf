"""Which entry of the office each entry of a list is, and what is told of those that can not be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_, safe_text
from opsconsole.client.importing import ImportEntry, NotTaken, Register, Why
from opsconsole.inventory.edit import keys_of, probe_keys, target_of
from opsconsole.inventory.imports.source import Names
from opsconsole.inventory.known import Known, UnknownName
from opsconsole.inventory.office import Inventory, OpdEntry
from opsconsole.inventory.sheets.fields import ADDRESS, OPD
from opsconsole.inventory.sheets.rows import Entry, entries_in

PROBES = "probes"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Meant:
    """An entry that is known: its id, its OPD (of an OPD its own code), and what it is now, if anything."""

    entry: ImportEntry
    id: str
    opd: str
    now: Entry | None


class Identifier:
    """Knows the office, and what of a list was seen so far. ``opd`` is where goes what names no OPD."""

    def __init__(self, inventory: Inventory, opd: str) -> None:
        self._inventory = inventory
        self.known = Known(inventory)
        self._names: dict[Register, Names] = {
            "applications": Names(inventory.applications),
            "people": Names(inventory.people),
        }
        self._seen: set[tuple[Register, str]] = set()
        # Also what is switched off: it is not to be there twice either.
        self._watched = {
            target_of(keys_of(one.spec)): row.id for row in inventory.rows() for one in row.probes
        }
        self._opd = opd
        self.files = {one.code: one.file for one in inventory.opds.values()}
        self.not_taken: list[NotTaken] = []

    def identify(self, entry: ImportEntry) -> Meant | None:
        """Which entry of the office it is, or a new one; None, and told, where that can not be said."""
        if not _is_sound(entry):
            self._refuse(entry, "no_name")
            return None
        meant = self._opd_meant(entry) if entry.what == "opd" else self._one_meant(entry)
        if meant is None:
            return None
        if (entry.what, meant.id) in self._seen:
            self._refuse(entry, "twice", id=meant.id)
            return None
        self._seen.add((entry.what, meant.id))
        keys = entry.keys
        if entry.what == "opd":
            self.files.setdefault(meant.id, f"opd/{meant.id.lower()}.toml")
            self.known.add("opd", meant.id, _texts(keys, "short", "name"))
        elif entry.what == "people":
            self.known.add("person", meant.id, _texts(keys, "name"))
        else:
            self.known.add("row", meant.id, _texts(keys, "name"))
            self.known.add("application", meant.id, _texts(keys, "name"))
        return meant

    def _opd_meant(self, entry: ImportEntry) -> Meant | None:
        code = entry.keys.get("code")
        for text in [code] if code else _texts(entry.keys, "short", "name"):
            try:
                known = self.known.one("opd", text)
            except UnknownName:
                continue
            return Meant(entry, known, known, self._inventory.opds.get(known))
        if not code:
            short = next(iter(_texts(entry.keys, "short", "name")))
            code = Names().give(short).upper()
            self.tell(entry, "new_id", taken=code)
        return Meant(entry, code, code, None)

    def _one_meant(self, entry: ImportEntry) -> Meant | None:
        what, keys = entry.what, entry.keys
        entries = entries_in(self._inventory, what)
        opd = self._opd_of(entry)
        id_: str = keys.get("id") or ""
        if id_ in entries:
            now = entries[id_]
            return Meant(entry, id_, opd or own_opd(now), now)
        if PROBES not in keys and not id_:
            called = self.known.named("person" if what == "people" else "application", keys["name"])
            # Two people of two agencies may have one name.
            called = [one for one in called if one not in entries or opd in ("", own_opd(entries[one]))]
            if len(called) > 1:
                self._refuse(entry, "ambiguous", near=", ".join(sorted(called)[:4]))
                return None
            if called and called[0] in entries:
                return Meant(entry, called[0], opd or own_opd(entries[called[0]]), entries[called[0]])
            if called:
                self._refuse(entry, "twice", id=called[0])
                return None
        # Of several agencies none is the likelier; another monitor knows of none.
        if not opd and (keys.get(OPD) or not (self._opd or PROBES in keys or len(self.files) == 1)):
            self._refuse(entry, "no_opd")
            return None
        if (twice := self._watched_as(keys)) is not None:
            self._refuse(entry, "watched", id=twice)
            return None
        if not id_:
            id_ = self._names[what].give(keys["name"])
            self.tell(entry, "new_id", taken=id_)
        return Meant(entry, id_, opd or self._first_opd(), None)

    def _opd_of(self, entry: ImportEntry) -> str:
        """The code of the OPD that it names; empty for none, and for one that is not there, which is told."""
        text = entry.keys.get(OPD)
        try:
            return self.known.one("opd", text) if text else ""
        except UnknownName as unknown:
            self.tell(entry, "unknown", column=OPD, value=text, near=unknown.near)
            return ""

    def _first_opd(self) -> str:
        try:
            return self.known.one("opd", self._opd) if self._opd else next(iter(self.files))
        except (UnknownName, StopIteration):
            raise NotFound(N_("There is no OPD {code}."), code=self._opd or "-") from None

    def _watched_as(self, keys: Mapping[str, Any]) -> str | None:
        probes = keys.get(PROBES) or ([probe_keys(keys[ADDRESS])] if keys.get(ADDRESS) else [])
        return self._watched.get(target_of(probes[0])) if probes else None

    def _refuse(self, entry: ImportEntry, why: Why, **params: str) -> None:
        """Leave a whole row out."""
        self.tell(entry, why, value=str(entry.keys.get("name") or entry.keys.get("id") or ""), **params)

    def tell(
        self, entry: ImportEntry, why: Why, *, column: str = "", value: str | None = "", **params: str
    ) -> None:
        self.not_taken.append(
            NotTaken(
                line=entry.line, place=entry.place, column=column, value=safe_text(value or "", _SHOWN),
                why=why, params={name: one for name, one in params.items() if one},
            )
        )  # fmt: skip


def own_opd(entry: Entry) -> str:
    """The code of the OPD of an application or a person."""
    assert not isinstance(entry, OpdEntry), "an OPD belongs to none"
    return entry.opd


def _is_sound(entry: ImportEntry) -> bool:
    """Whether it says who or what it is, as text."""
    naming = ("code", "name", "short") if entry.what == "opd" else ("id", "name")
    texts = (*naming, OPD, ADDRESS)
    return bool(_texts(entry.keys, *naming)) and all(
        isinstance(entry.keys.get(key) or "", str) for key in texts
    )


def _texts(keys: Mapping[str, Any], *names: str) -> list[str]:
    return [keys[name] for name in names if keys.get(name)]
