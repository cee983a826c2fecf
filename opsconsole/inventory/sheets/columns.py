"""Which register a sheet is, and which column holds what: guessed from the titles, shown, and corrected."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import bare
from opsconsole.base.text import N_, safe_text
from opsconsole.client.importing import REGISTERS, Register
from opsconsole.inventory.sheets.fields import FIELDS, field_of

_LONGEST_TITLE = 80
# So many rows may stand above the titles: the name of the list, its date, blanks.
_HEADER_WITHIN = 20
_NEAR = 0.84
# Shorter titles are too alike.
_LEAST_NEAR = 4
NOTHING = "-"
# What a sheet of the register can hardly be without, and what hardly any other has.
_TELLING: Mapping[Register, frozenset[str]] = {
    "opd": frozenset({"code", "short", "kind", "valid_from", "valid_to", "predecessors", "parent"}),
    "applications": frozenset({"address", "tier", "hosting", "dimension", "audience", "handed_over"}),
    "people": frozenset({"phone", "whatsapp", "email", "duty"}),
}
# What says who or what a row is; one of them has to be there.
_NAMING = frozenset({"code", "id", "name"})

How = Literal["exact", "near", "given"]


class Column(NamedTuple):
    """A column that was understood: its title, its place from 0, the key it holds, and how it was known."""

    title: str
    place: int
    key: str
    how: How


class Columns(NamedTuple):
    """The columns of a sheet; ``header`` is the place of the row of titles, ``unused`` are titles."""

    what: Register
    header: int
    found: tuple[Column, ...]
    unused: tuple[str, ...]


def guess(rows: Sequence[Sequence[str]], what: Register | None, given: Mapping[str, str]) -> Columns:
    """The columns of a sheet. ``given`` corrects them: a key to a title, a number from 1, or ``-`` for none.

    Raises Invalid for a sheet that may be several registers or none, for keys and columns that there are
    not, and where no column says what a row is.
    """
    header = _header(rows, REGISTERS if what is None else (what,))
    titles = [safe_text(cell.strip(), _LONGEST_TITLE) for cell in rows[header]] if rows else []
    if what is None:
        what = _register(titles)
    found = {one.key: one for one in _match(what, titles)}
    for key, wanted in given.items():
        _correct(what, key, wanted, titles, found)
    if not _NAMING & found.keys():
        raise Invalid(
            N_("No column says which entry a row is; there are {titles}."),
            N_("Say which one: --columns name=TITLE, or its number."),
            titles=", ".join(filter(None, titles)) or "-",
        )
    columns = tuple(sorted(found.values(), key=lambda one: one.place))
    used = {one.place for one in columns}
    unused = tuple(title for place, title in enumerate(titles) if title and place not in used)
    return Columns(what, header, columns, unused)


def _header(rows: Sequence[Sequence[str]], registers: Sequence[Register]) -> int:
    """The row of the first ones in which most titles are known."""
    scores = [max(_exact(what, row) for what in registers) for row in rows[:_HEADER_WITHIN]]
    return scores.index(max(scores)) if scores else 0


def _exact(what: Register, row: Sequence[str]) -> int:
    return len([one for one in _match(what, row) if one.how == "exact"])


def _register(titles: Sequence[str]) -> Register:
    scores = {
        what: (len(_TELLING[what] & {one.key for one in _match(what, titles)}), len(_match(what, titles)))
        for what in REGISTERS
    }
    first, second = sorted(scores.values(), reverse=True)[:2]
    if not first[0] or first == second:
        raise Invalid(
            N_("It is not clear what this is a list of; its columns are {titles}."),
            N_("Say so with --what opd, --what applications or --what people."),
            titles=", ".join(filter(None, titles)) or "-",
        )
    return next(what for what, score in scores.items() if score == first)


def _match(what: Register, titles: Sequence[str]) -> list[Column]:
    """Titles and keys put together: exact names first, in the order of the field, then near ones."""
    found: dict[str, Column] = {}
    taken: set[int] = set()
    titles_plain = [bare(title) for title in titles]
    for field in FIELDS[what]:
        for name in field.names:
            place = next((at for at, one in enumerate(titles_plain) if one == name and at not in taken), None)
            if place is not None:
                found[field.key] = Column(titles[place], place, field.key, "exact")
                taken.add(place)
                break
    for field in FIELDS[what]:
        if field.key in found:
            continue
        near = max(
            ((_likeness(one, field.names), at) for at, one in enumerate(titles_plain) if at not in taken),
            default=(0.0, 0),
        )
        if near[0] >= _NEAR:
            found[field.key] = Column(titles[near[1]], near[1], field.key, "near")
            taken.add(near[1])
    return list(found.values())


def _likeness(title: str, names: Sequence[str]) -> float:
    if len(title) < _LEAST_NEAR:
        return 0.0
    # "Nama Aplikasi / Sistem" begins with what it is.
    begins = any(len(name) > _LEAST_NEAR + 2 and title.startswith(name) for name in names)
    ratios = (difflib.SequenceMatcher(None, title, name).ratio() for name in names)
    return max(_NEAR if begins else 0.0, *ratios)


def _correct(what: Register, key: str, wanted: str, titles: Sequence[str], found: dict[str, Column]) -> None:
    if field_of(what, key) is None:
        raise Invalid(
            N_("{key} is no column of {what}."),
            N_("Its columns: {keys}."),
            key=key,
            what=what,
            keys=", ".join(one.key for one in FIELDS[what]),
        )
    found.pop(key, None)
    if wanted == NOTHING:
        return
    place = _place(wanted, titles)
    for other in [one for one in found.values() if one.place == place]:
        del found[other.key]
    found[key] = Column(titles[place], place, key, "given")


def _place(wanted: str, titles: Sequence[str]) -> int:
    if wanted.isdecimal() and 1 <= int(wanted) <= len(titles):
        return int(wanted) - 1
    titles_plain = [bare(title) for title in titles]
    if bare(wanted) and bare(wanted) in titles_plain:
        return titles_plain.index(bare(wanted))
    raise Invalid(
        N_("There is no column {wanted}; there are {titles}."),
        wanted=wanted,
        titles=", ".join(filter(None, titles)) or "-",
    )
