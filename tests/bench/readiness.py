"""The readiness of 60 OPD with 200 people and three years of evidence: how long one answer takes.

The first answer reads all evidence; those after it find what no event has changed since.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from opsconsole.base.clock import utc
from opsconsole.inventory.load import parse
from opsconsole.inventory.office import Inventory
from opsconsole.readiness import queries
from opsconsole.readiness.project import project
from opsconsole.store import events
from opsconsole.store.database import Store, open_store

OPDS, PEOPLE = 60, 200
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC).timestamp()
_DAY = 86_400
_YEARS_DAYS = 3 * 365
# Of each kind a recording every so many days, as its validity asks for; and what it says.
_EVERY: dict[str, tuple[int, dict[str, Any]]] = {
    "SK": (365, {}),
    "KT": (90, {"result": "answered", "variant": "wa"}),
    "BT": (700, {"variant": "BT-1"}),
    "SOP": (365, {}),
    "UR": (45, {"result": "pass", "variant": "inside"}),
    "LG": (30, {}),
}
_REPEATS = 30


def office() -> Inventory:
    """So many OPD with two or three applications each; everybody answers for one of them."""
    chance = random.Random(6)
    files = {"settings.toml": '[office]\nname = "Uji"\n'}
    people: dict[int, list[str]] = {number: [] for number in range(OPDS)}
    for number in range(PEOPLE):
        duty = ("admin", "backup", "pic", "head")[number // OPDS % 4]
        people[number % OPDS].append(
            f'[[people]]\nid = "p{number}"\nname = "Orang {number}"\nduty = "{duty}"\n'
            f'phone = "0812-0000-{number:04}"\n'
        )
    for number in range(OPDS):
        rows = "".join(
            f'[[applications]]\nid = "a{number}-{row}"\nname = "Aplikasi"\ntier = {chance.randint(1, 4)}\n'
            for row in range(2 + number % 2)
        )
        head = f'code = "OPD{number}"\nname = "Dinas {number}"\nshort = "Dinas {number}"\n'
        files[f"opd/opd{number}.toml"] = head + rows
        files[f"people/opd{number}.toml"] = "\n".join(people[number])
    return parse({name: text.encode() for name, text in files.items()}, Path())


def fill(store: Store, inventory: Inventory) -> int:
    """Three years of evidence of everybody; how many rows that is."""
    chance = random.Random(7)
    recorded = [
        (NOW - chance.uniform(0, every) - _DAY * every * turn, kind, person, said)
        for person in inventory.people.values()
        for kind, (every, said) in _EVERY.items()
        for turn in range(_YEARS_DAYS // every)
    ]
    rows = [
        {"kind": kind, "at": utc(at).isoformat(), "people": [one.id], "opds": [one.opd], **said}
        for at, kind, one, said in sorted(recorded, key=lambda row: row[0])
    ]
    with store.writer() as conn:
        event = events.append(
            conn, at=NOW, uid=0, person="", via="engine", command_id=None, kind="readiness.imported",
            subject="readiness", body={"rows": rows},
        )  # fmt: skip
        project(conn, event)
    return len(rows)


def measure(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Each question as its name, the median and the best of its milliseconds."""
    inventory = office()
    store = open_store(folder / "opsconsole.db")
    rows = fill(store, inventory)

    def answer(step: float) -> bytes:
        with store.answering() as conn:
            known = queries.read(conn, inventory, lambda row_id: None, NOW + step)
            return msgspec.json.encode(queries.page(known))

    began = time.perf_counter()
    answer(0)
    first = (time.perf_counter() - began) * 1000
    yield f"first answer, {OPDS} OPD, {PEOPLE} people, {rows:,} rows of evidence", first, first
    yield "each answer after it", *_timed(answer)
    store.close()


def _timed(answer: Callable[[float], bytes]) -> tuple[float, float]:
    """Each asked a second after the one before, as no engine answers twice at one moment."""
    spent = []
    for turn in range(1, _REPEATS + 1):
        began = time.perf_counter()
        answer(turn)
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), min(spent)


def main() -> None:
    """All of it, each as a line."""
    with tempfile.TemporaryDirectory(prefix="opsconsole-bench-") as folder:
        for name, median, best in measure(Path(folder)):
            print(f"{name}: {median:.1f} ms, best {best:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
