"""How much an application is used: log-ins of a quarter, as somebody counted them. No probe can know it.

A quarter is written ``2026-Q3``. A figure names its source and says how it came: stated by somebody, or
imported from a list. Where there is none, nothing is known, which is not the same as nobody.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from opsconsole.base.errors import Invalid
from opsconsole.base.sheets import bare
from opsconsole.base.text import N_, safe_text
from opsconsole.client.command import Args, CommandShape
from opsconsole.client.shapes import Role

MOST_LINES = 400
_LONGEST_CELL = 80
_QUARTER = re.compile(r"(\d{4})\s*-?\s*(?:q|tw)\s*-?\s*([1-4])", re.IGNORECASE)
_TITLES = {
    "application": ("application", "aplikasi", "app", "id", "idaplikasi"),
    "quarter": ("quarter", "triwulan", "tw", "kuartal", "periode"),
    "count": ("count", "logins", "login", "jumlah", "jumlahlogin", "pemakaian", "usage", "kunjungan"),
}


class Usage(msgspec.Struct, frozen=True):
    """The figure of one quarter."""

    quarter: str
    count: int
    source: str
    how: Literal["stated", "imported"] = "stated"


class RecordUsage(Args, frozen=True):
    """So many log-ins a quarter had; one that was recorded before no longer counts."""

    application: str
    quarter: str
    count: int
    source: str


class VoidUsage(Args, frozen=True):
    """The figure of a quarter is wrong, and there is no other."""

    application: str
    quarter: str
    reason: str


class UsageLine(msgspec.Struct, frozen=True, array_like=True):
    """One line of a list, as it was written. ``line`` is where, counted from 1."""

    line: int
    application: str
    quarter: str
    count: str


class ImportUsage(Args, frozen=True):
    """The figures of a list that are understood. The result is a `UsageReport`."""

    lines: tuple[UsageLine, ...]
    source: str


class CheckUsage(Args, frozen=True):
    """What `ImportUsage` would record; it records nothing."""

    lines: tuple[UsageLine, ...]
    source: str


class Unclear(msgspec.Struct, frozen=True):
    """A line that is not recorded, and why: ``application``, ``quarter``, ``count`` or ``twice``."""

    line: int
    application: str
    why: Literal["application", "quarter", "count", "twice"]


class UsageReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a list comes to: (application, quarter, count) of each that is recorded, and what is not."""

    recorded: tuple[tuple[str, str, int], ...] = ()
    not_understood: tuple[Unclear, ...] = ()


USAGE_COMMANDS: tuple[CommandShape, ...] = (
    CommandShape(
        "usage", ("integration", "usage"), RecordUsage, Role.OPERATOR, True,
        N_("so many log-ins a quarter had: ID 2026-Q3 NUMBER SOURCE"), on="application", rest="source",
    ),
    CommandShape(
        "usage-void", ("integration", "usage-void"), VoidUsage, Role.OPERATOR, True,
        N_("the figure of a quarter is wrong: ID 2026-Q3 WHY"), on="application", rest="reason",
    ),
    CommandShape(
        "usage-import", ("integration", "import-usage"), ImportUsage, Role.OPERATOR, True,
        N_("record log-ins of quarters, from a spreadsheet"),
    ),
    CommandShape(
        "usage-check", ("integration", "import-usage"), CheckUsage, Role.OPERATOR, False,
        N_("what a spreadsheet of log-ins comes to"),
    ),
)  # fmt: skip


def quarter_of(text: str) -> tuple[str, date] | None:
    """A quarter as it is stored, and the first day after it; None for what is none."""
    found = _QUARTER.fullmatch(text.strip())
    if found is None or not 1970 <= (year := int(found[1])) < 9999:
        return None
    number = int(found[2])
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return f"{year}-Q{number}", after


def quarter_from(day: date) -> str:
    """The quarter that a day is in."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def lines_of(rows: Sequence[Sequence[str]], quarter: str = "") -> tuple[UsageLine, ...]:
    """The lines of a sheet below its titles; ``quarter`` is that of all where no column says it.

    Raises Invalid where a column is missing, and for more than a command takes.
    """
    titles = [bare(cell) for cell in rows[0]] if rows else []
    places = {
        field: next((titles.index(name) for name in names if name in titles), None)
        for field, names in _TITLES.items()
    }
    lacking = [
        field for field, place in places.items() if place is None and not (field == "quarter" and quarter)
    ]
    if lacking:
        raise Invalid(
            N_("No column is {fields}; there are {titles}."),
            N_("The first line has the titles: application, quarter, count."),
            fields=", ".join(lacking),
            titles=", ".join(safe_text(cell, _LONGEST_CELL) for cell in rows[0]) if rows else "-",
        )

    def cell(row: Sequence[str], field: str) -> str:
        place = places[field]
        return safe_text(row[place].strip(), _LONGEST_CELL) if place is not None and place < len(row) else ""

    found = [
        UsageLine(number, cell(row, "application"), cell(row, "quarter") or quarter, cell(row, "count"))
        for number, row in enumerate(rows[1:], 2)
        if any(one.strip() for one in row)
    ]
    if len(found) > MOST_LINES:
        raise Invalid(
            N_("The list has {count} lines; at most {most} are taken at once."),
            N_("Split the file."),
            count=len(found),
            most=MOST_LINES,
        )
    return tuple(found)
