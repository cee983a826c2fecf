"""Who of the office a list of names means. Pure.

Somebody is known by their id, their address, their number, or their name without titles; where two have the
same name, by the OPD beside it. Nobody is guessed: what is not exact is told with who may be meant.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Literal

from opsconsole.client.attendance import AttendanceLine, AttendanceReport, Attended, NotUnderstood
from opsconsole.inventory.office import OpdEntry, PersonEntry

How = Literal["id", "email", "phone", "name"]
_NEAR = 3
_SIGNS = re.compile(r"[^a-z ]+")
# Before and after a name: they are left out on some lists and written on others.
_TITLES = frozenset(
    (
        *("dr", "drs", "dra", "ir", "prof", "h", "hj", "r", "st", "skom", "se", "sh", "ssos", "stp", "spd"),
        *("ssi", "sip", "sstp", "mkom", "mm", "msi", "mt", "map", "mpd", "mh", "amd", "ap"),
        *("bapak", "ibu", "sdr", "sdri"),
    )
)
_COUNTRY = "62"


def match(
    session: str,
    lines: Iterable[AttendanceLine],
    people: Mapping[str, PersonEntry],
    opds: Mapping[str, OpdEntry],
    already: Collection[str],
) -> AttendanceReport:
    """What a list comes to. ``already`` are ids that are recorded for this session."""
    known = _Known(people, opds)
    attended: dict[str, Attended] = {}
    unclear: list[NotUnderstood] = []
    for line in lines:
        found, how = known.of(line)
        if len(found) != 1:
            why: Literal["ambiguous", "unknown"] = "ambiguous" if found else "unknown"
            near = tuple(one.id for one in found) or known.near(line)
            unclear.append(NotUnderstood(line=line.line, name=_called(line), why=why, near=near))
            continue
        [person] = found
        if person.id in attended or person.id in already:
            twice: Literal["twice", "already"] = "twice" if person.id in attended else "already"
            unclear.append(NotUnderstood(line=line.line, name=_called(line), why=twice, near=(person.id,)))
            continue
        attended[person.id] = Attended(
            line=line.line,
            name=_called(line),
            person=person.id,
            known_as=person.name,
            opd=person.opd,
            how=how,
        )
    return AttendanceReport(session=session, attended=tuple(attended.values()), not_understood=tuple(unclear))


class _Known:
    """The people of an office by what a list may call them."""

    def __init__(self, people: Mapping[str, PersonEntry], opds: Mapping[str, OpdEntry]) -> None:
        self._opds = opds
        self._by: dict[How, Mapping[str, list[PersonEntry]]] = {
            "id": _index(people.values(), lambda one: [one.id]),
            "email": _index(people.values(), lambda one: [one.email.casefold()]),
            "phone": _index(people.values(), lambda one: [_digits(one.phone), _digits(one.whatsapp)]),
            "name": _index(people.values(), lambda one: [_bare(one.name)]),
        }

    def of(self, line: AttendanceLine) -> tuple[list[PersonEntry], How]:
        """Who is meant, and by what they were known; several where it does not say which."""
        keys: Sequence[tuple[How, str]] = (
            ("id", line.person.casefold()),
            ("email", line.email.casefold()),
            ("phone", _digits(line.phone)),
            ("name", _bare(line.name)),
        )
        several: tuple[list[PersonEntry], How] = [], "name"
        for how, key in keys:
            found = self._by[how].get(key, []) if key else []
            if len(found) > 1:
                found = [one for one in found if self._is_of(one, line.opd)] or found
            if len(found) == 1:
                return found, how
            if found:
                several = found, how
        return several

    def near(self, line: AttendanceLine) -> tuple[str, ...]:
        """The ids of whom a name that is nobody's may mean."""
        names = self._by["name"]
        close = difflib.get_close_matches(_bare(line.name), names, _NEAR, 0.75) if line.name else []
        return tuple(one.id for name in close for one in names[name])[:_NEAR]

    def _is_of(self, person: PersonEntry, written: str) -> bool:
        opd = self._opds[person.opd]
        return bool(written) and written.casefold() in (
            one.casefold() for one in (opd.code, opd.short, opd.name)
        )


def _index(
    people: Iterable[PersonEntry], keys: Callable[[PersonEntry], Iterable[str]]
) -> Mapping[str, list[PersonEntry]]:
    found: dict[str, list[PersonEntry]] = defaultdict(list)
    for one in people:
        for key in set(keys(one)) - {""}:
            found[key].append(one)
    return found


def _called(line: AttendanceLine) -> str:
    return line.name or line.person or line.email or line.phone


def _digits(text: str) -> str:
    """A number as one writes it at home: 0812…, whatever signs and country code are written."""
    digits = re.sub(r"\D", "", text)
    return "0" + digits.removeprefix(_COUNTRY) if digits.startswith(_COUNTRY) else digits


def _bare(name: str) -> str:
    """A name without titles, signs and capitals."""
    words = _SIGNS.sub(" ", name.casefold().replace(".", "").replace(",", " ")).split()
    return " ".join(word for word in words if word not in _TITLES)
