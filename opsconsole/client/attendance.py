"""A list of who attended, from a spreadsheet: which column holds what, and the lines that follow from it.

Columns are guessed from their titles, are shown, and can be corrected. Pure: it reads no file.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import bare
from opsconsole.base.text import N_, safe_text

# A command takes 64 KiB: so many lines of names fit with room to spare.
MOST_LINES = 400
_LONGEST_CELL = 80
# What a title may be, each as it reads without case, blanks and signs. The first that fits decides.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "person": ("id", "idpetugas", "person", "personid", "kode"),
    "name": ("nama", "namalengkap", "namapeserta", "name", "fullname", "peserta", "participant"),
    "opd": ("opd", "pd", "skpd", "instansi", "unitkerja", "asalinstansi", "agency", "unit", "dinas"),
    "phone": ("hp", "nohp", "telepon", "telp", "notelp", "wa", "nowa", "whatsapp", "phone", "kontak"),
    "email": ("email", "surel", "mail"),
    "certificate": ("sertifikat", "nosertifikat", "nomorsertifikat", "certificate", "certificateno"),
    "present": ("hadir", "kehadiran", "keterangan", "present", "attended", "paraf", "ttd", "status"),
}
_ABSENT = frozenset(
    {"tidak", "tidakhadir", "absen", "izin", "ijin", "sakit", "alpa", "no", "n", "absent", "0", "false"}
)


class AttendanceLine(msgspec.Struct, frozen=True, array_like=True):
    """One person of the list, as it was written. ``line`` is where, counted from 1."""

    line: int
    name: str = ""
    person: str = ""
    opd: str = ""
    phone: str = ""
    email: str = ""
    certificate: str = ""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Which column holds which field, by number from 0; ``unused`` are the titles that are none."""

    titles: tuple[str, ...]
    header: int
    fields: dict[str, int]
    unused: tuple[str, ...]


class Attended(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is somebody of the office. ``how`` says by what they were known."""

    line: int
    name: str
    person: str
    known_as: str
    opd: str
    how: Literal["id", "email", "phone", "name"]


class NotUnderstood(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is nobody, or more than one. ``near`` are ids that may be meant.

    ``why``: ``unknown``, ``ambiguous``, ``twice`` in the list, or ``already`` recorded for this session.
    """

    line: int
    name: str
    why: Literal["unknown", "ambiguous", "twice", "already"]
    near: tuple[str, ...] = ()


class AttendanceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a list comes to: who is recorded, and what was not understood."""

    session: str
    attended: tuple[Attended, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()


def guess(rows: Sequence[Sequence[str]], given: Mapping[str, str] | None = None) -> Columns:
    """The columns of a sheet. ``given`` corrects them: a field to a title, or to a number from 1.

    Raises Invalid for a field or a column that is none, and where no column says who it was.
    """
    header = next((number for number, row in enumerate(rows[:20]) if _titles_in(row)), 0)
    titles = tuple(safe_text(cell, _LONGEST_CELL) for cell in rows[header]) if rows else ()
    plain = [bare(title) for title in titles]
    fields: dict[str, int] = {}
    for field, names in FIELDS.items():
        found = next((plain.index(name) for name in names if name in plain), None)
        if found is not None and found not in fields.values():
            fields[field] = found
    for field, wanted in (given or {}).items():
        fields[field] = _column(field, wanted, titles)
    if not {"person", "name", "email", "phone"} & set(fields):
        raise Invalid(
            N_("No column says who attended; there are {titles}."),
            N_("Say which one: --column name=TITLE, or its number."),
            titles=", ".join(titles) or "-",
        )
    unused = tuple(title for number, title in enumerate(titles) if title and number not in fields.values())
    return Columns(titles=titles, header=header, fields=fields, unused=unused)


def lines_of(rows: Sequence[Sequence[str]], columns: Columns) -> list[AttendanceLine]:
    """Who attended: every line below the titles that names somebody and does not say they were absent.

    Raises Invalid for more than a command takes.
    """
    found = []
    for number, row in enumerate(rows[columns.header + 1 :], columns.header + 2):
        cells = {
            field: safe_text(row[at].strip(), _LONGEST_CELL)
            for field, at in columns.fields.items()
            if at < len(row)
        }
        if bare(cells.pop("present", "")) in _ABSENT or not any(
            cells.get(field) for field in ("person", "name", "email", "phone")
        ):
            continue
        found.append(AttendanceLine(line=number, **cells))
    if len(found) > MOST_LINES:
        raise Invalid(
            N_("The list has {count} names; at most {most} are taken at once."),
            N_("Split the file."),
            count=len(found),
            most=MOST_LINES,
        )
    return found


def _titles_in(row: Sequence[str]) -> bool:
    known = {name for names in FIELDS.values() for name in names}
    return sum(bare(cell) in known for cell in row) >= 1


def _column(field: str, wanted: str, titles: Sequence[str]) -> int:
    if field not in FIELDS:
        raise Invalid(
            N_("{field} is nothing that a list of attendance has."),
            N_("Its columns: {fields}."),
            field=field,
            fields=", ".join(FIELDS),
        )
    if wanted.isdecimal() and 1 <= int(wanted) <= len(titles):
        return int(wanted) - 1
    plain = [bare(title) for title in titles]
    if bare(wanted) in plain:
        return plain.index(bare(wanted))
    raise Invalid(
        N_("There is no column {wanted}; there are {titles}."), wanted=wanted, titles=", ".join(titles) or "-"
    )
