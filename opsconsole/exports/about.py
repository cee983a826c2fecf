"""What a file says of itself: in words on a sheet or below a table, as JSON beside it."""

import msgspec

from opsconsole.base.text import _
from opsconsole.exports.cells import iso
from opsconsole.exports.sheet import Kind, Sheet, Tally

VERSION = 1
"""Of the side file's own form."""


class ColumnNote(msgspec.Struct, frozen=True):
    """A column as the side file tells of it."""

    key: str
    title: str
    kind: Kind


class SideFile(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside a file that holds rows and nothing else.

    ``store``, ``seq``, ``hash`` and ``at`` are the audit head: the store's uuid, the newest event of its
    chain, that event's hash in hexadecimal, and when it was read; null where no engine told it. ``sha256``
    is of the file ``file`` (empty: standard output), ``bytes`` long, with ``rows`` rows, ``cut_cells`` of
    whose cells had to be cut; ``unread`` is as in `About`. ``schema`` numbers the view's set of columns.
    """

    v: int = VERSION
    store: str | None
    seq: int | None
    hash: str | None
    at: str | None
    view: str
    schema: int
    format: str
    rows: int
    unread: int
    cut_cells: int
    columns: tuple[ColumnNote, ...]
    filter: str
    window: str
    sort: str
    zone: str
    language: str
    written_at: str
    file: str
    bytes: int
    sha256: str


def side_file(sheet: Sheet, form: str, tally: Tally, *, file: str, size: int, sha256: str) -> SideFile:
    """What there is to say of a file that was written in the format ``form``."""
    about, head = sheet.about, sheet.about.head
    return SideFile(
        store=head.store if head else None, seq=head.seq if head else None, hash=head.hash if head else None,
        at=iso(head.at, sheet.zone, "instant") if head else None, view=about.view, schema=about.schema,
        format=form, rows=tally.rows, unread=about.unread, cut_cells=tally.cut,
        columns=tuple(ColumnNote(*column) for column in sheet.columns), filter=about.filter,
        window=about.window, sort=about.sort, zone=about.zone, language=about.language,
        written_at=iso(about.written_at, sheet.zone, "time"), file=file, bytes=size, sha256=sha256,
    )  # fmt: skip


def told(sheet: Sheet, tally: Tally) -> list[tuple[str, str]]:
    """The same in words, for files that hold it themselves: what it is called, and what it is."""
    about, head = sheet.about, sheet.about.head
    lines = [
        (_("View"), f"{about.view}, schema {about.schema}"),
        (_("Rows"), str(tally.rows)),
        (_("Columns"), ", ".join(column.key for column in sheet.columns)),
        (_("Filter"), about.filter or "-"),
        (_("Window"), about.window or "-"),
        (_("Order"), about.sort or "-"),
        (_("Times"), about.zone),
        (_("Written"), iso(about.written_at, sheet.zone, "time")),
    ]
    if about.unread:
        lines.append((_("Could not be read"), str(about.unread)))
    if tally.cut:
        lines.append((_("Cells that were cut"), str(tally.cut)))
    if head is None:
        return [*lines, (_("Audit head"), _("not known: no engine answered"))]
    return [
        *lines,
        (_("Audit: store"), head.store),
        (_("Audit: event"), str(head.seq)),
        (_("Audit: hash"), head.hash),
        (_("Audit: read"), iso(head.at, sheet.zone, "time")),
    ]
