"""A small town for one test: an OPD, people, evidence by a few words each."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from opsconsole.inventory.load import parse
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.readiness import ReadinessFile, ReadinessRules, make_readiness
from opsconsole.readiness.duties import Ground, make_ground
from opsconsole.readiness.evidence import Book, Row

# 2026-11-24 02:00 in Jakarta, a Tuesday.
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC).timestamp()
DAY = 86_400.0

PEOPLE = """
[[people]]
id = "rina"
name = "Rina"
phone = "0812-0000-0001"
"""
BACKUP = """
[[people]]
id = "budi"
name = "Budi"
duty = "backup"
email = "budi@sukamaju.example"
"""


def application(row_id: str = "siapel", tier: int = 3, more: str = "") -> str:
    return f'\n[[applications]]\nid = "{row_id}"\nname = "{row_id}"\ntier = {tier}\n{more}\n'


def town(
    *applications: str,
    people: str = PEOPLE + BACKUP,
    head: str = "",
    others: dict[str, str] | None = None,
    rules: str = "",
) -> Inventory:
    """The inventory of one OPD, ``DUKCAPIL``, and of what ``others`` say."""
    opd = 'code = "DUKCAPIL"\nname = "Dukcapil"\nshort = "Dukcapil"\n'
    files = {
        "settings.toml": '[office]\nname = "Uji"\n',
        "opd/dukcapil.toml": "".join((opd, head, *applications)),
        "people/dukcapil.toml": people,
        "readiness.toml": rules,
        **(others or {}),
    }
    return parse({name: text.encode() for name, text in files.items()}, Path())


def rules(text: str = "") -> ReadinessRules:
    return make_readiness(ReadinessFile.model_validate(tomllib.loads(text)))


def row(kind: str, person: str = "rina", ago: float = 1.0, **fields: Any) -> Row:
    """Evidence that was so many days ago; its number comes with the book."""
    return Row(id=0, kind=kind, person=person, at=NOW - ago * DAY, **fields)


def ready(person: str = "rina", ago: float = 1.0, tier: int = 3) -> list[Row]:
    """All that level 4 asks for, and of Budi what a backup has."""
    until = NOW + 300 * DAY
    rows = [
        row("SK", person, ago, until=until),
        row("KT", person, ago, result="answered"),
        row("BT", person, ago),
        row("SOP", person, ago),
        row("UR", person, ago, variant="inside", result="pass"),
        row("LG", person, ago),
        row("KT", "budi", ago, result="answered"),
        row("BT", "budi", ago),
    ]
    if tier == 1:
        rows += [
            row("UR", person, ago, variant="outside", result="pass"),
            row("PK", person, ago, until=until),
        ]
    return rows


def ground(inventory: Inventory, rows: Iterable[Row] = (), *, late: frozenset[str] = frozenset()) -> Ground:
    """The rows numbered in the order in which they are given."""
    numbered = [replace(one, id=number) for number, one in enumerate(rows, 1)]
    return make_ground(inventory, Book(numbered), late)


def days(seconds: float) -> float:
    """How many days from now."""
    return (seconds - NOW) / DAY


def at(day: str, clock: str = "00:00") -> float:
    """A moment in Jakarta."""
    return (datetime.fromisoformat(f"{day}T{clock}:00+07:00")).timestamp()


def later(**amount: float) -> float:
    return NOW + timedelta(**amount).total_seconds()
