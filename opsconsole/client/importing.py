"""Registers that come from a spreadsheet or from another monitor, the way back, and edits of single keys."""

from typing import Any, Literal

import msgspec

from opsconsole.base.text import N_
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.query import Query
from opsconsole.client.shapes import Difference, Role

Register = Literal["opd", "applications", "people"]
REGISTERS: tuple[Register, ...] = ("opd", "applications", "people")
"""In the order in which they are taken: an application and a person name their OPD."""
Removable = Literal["applications", "people"]
MOST_ENTRIES = 5_000
# Room for so many entries as a spreadsheet describes them.
_MOST_BYTES = 8 * 1024 * 1024
_SECONDS = 120.0

Why = Literal[
    "value", "mangled", "formula", "cell_error", "unknown", "twice", "no_name", "no_opd", "ambiguous",
    "moves", "watched", "other_probe", "read_as", "new_id",
]  # fmt: skip
"""Why a cell, or a row, was not taken: its value is none that may stand there; a spreadsheet has made a
rounded number of it; it is a formula without a value; it is an error of the spreadsheet; it names what is not
there; the row was there already; it names nothing; its OPD is not known; it fits several entries; an
application would go to another OPD; the address is watched already; the first probe is of a kind that has no
such address. Taken, and told: ``read_as`` (a telephone number without its first zero, an address without a
scheme), ``new_id`` (an id that was made)."""
TAKEN: frozenset[Why] = frozenset({"read_as", "new_id"})


class ImportEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a register: ``keys`` as a file writes them, dates as ISO; None empties a key.

    ``line`` is where it was read, from 1; ``place`` in which file or at which path. With ``probes`` it is
    an application of another monitor, which is only added.
    """

    what: Register
    line: int
    keys: dict[str, Any]
    place: str = ""


class NotTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that was not taken as it stands, or with ``column`` empty a whole row.

    ``params`` complete the words: ``text``, ``near``, ``taken`` (what was taken instead), ``id``.
    """

    line: int
    why: Why
    place: str = ""
    column: str = ""
    value: str = ""
    params: dict[str, str] = {}


class CheckImport(Args, frozen=True):
    """What `ImportEntries` would change; it changes nothing itself. The result is an `ImportReport`.

    ``remove`` are registers of which entries that are not in the list are taken out; OPD are not, they
    end. ``opd`` is where rows go that name no OPD; empty: the first one of the office.
    """

    entries: tuple[ImportEntry, ...]
    remove: tuple[Removable, ...] = ()
    opd: str = ""


class ImportEntries(Args, frozen=True):
    """Add, change and, where it is asked for, take out entries: one revision, or nothing.

    Fields as in `CheckImport`. ``source`` is told in the log: a format and the name of a file.
    """

    entries: tuple[ImportEntry, ...]
    remove: tuple[Removable, ...] = ()
    opd: str = ""
    source: str = ""


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import changes, or would: ``differences`` key by key, and what was not understood.

    ``added`` and the like are (register, id). ``left`` counts entries of each register that the list does
    not name and that stay.
    """

    applied: bool = False
    added: tuple[tuple[Register, str], ...] = ()
    changed: tuple[tuple[Register, str], ...] = ()
    removed: tuple[tuple[Register, str], ...] = ()
    left: dict[str, int] = {}
    differences: tuple[Difference, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()


class EditApplication(Args, frozen=True):
    """Write a key of an application into its file, comments kept; ``value`` ``-`` takes the key out.

    ``key`` is one of the application's own, or PROBE.KEY of one of its probes. The result are the
    `Difference`.
    """

    application: str
    key: str
    value: str


class SheetRows(msgspec.Struct, frozen=True):
    """A register as cells: the key of each column, and a text for each cell of each row."""

    what: Register
    keys: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class AskSheet(Query[SheetRows], frozen=True):
    """A register, as `ImportEntries` takes it back."""

    what: Register


class EditableKey(msgspec.Struct, frozen=True):
    """A key of an application and its value as it would be typed, ``-`` for none."""

    key: str
    value: str


class AskKeys(Query[tuple[EditableKey, ...]], frozen=True):
    """What `EditApplication` can write of an application, and what stands there now."""

    application: str


IMPORT_COMMANDS = (
    CommandShape(
        "import", ("import",), ImportEntries, Role.ADMIN, True,
        N_("take OPD, applications or people from a spreadsheet or another monitor"),
        seconds=_SECONDS, most_bytes=_MOST_BYTES,
    ),
    CommandShape(
        "import-check", ("import",), CheckImport, Role.ADMIN, False,
        N_("what an import would change"), seconds=_SECONDS, most_bytes=_MOST_BYTES,
    ),
    CommandShape(
        "edit", ("edit",), EditApplication, Role.ADMIN, True,
        N_("write a key of an application into its file: ID KEY VALUE"),
        on="application", versioned=True, rest="value",
    ),
)  # fmt: skip
