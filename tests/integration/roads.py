"""Registers and roads to try rules on."""

from datetime import date
from pathlib import Path

from opsconsole.base.paths import example_office
from opsconsole.integration import before
from opsconsole.integration.burnup import Move
from opsconsole.integration.register import Register
from opsconsole.integration.road import Facts
from opsconsole.inventory.load import load
from opsconsole.inventory.office import Inventory, OpdEntry
from opsconsole.inventory.road_model import Definition, Milestone, RoadFile

KINDS = ["sekretariat", "inspektorat", "dinas", "badan", "satuan", "kecamatan"]
V1 = Definition(version="v1", kinds=KINDS)
D = date


def opd(
    code: str,
    begin: str = "2017-01-01",
    end: str = "",
    *before_it: str,
    kind: str = "dinas",
    parent: str = "",
) -> OpdEntry:
    """An agency with its days."""
    return OpdEntry(
        code=code,
        name=code,
        short=code,
        kind=kind,
        parent=parent,
        valid_from=date.fromisoformat(begin),
        valid_to=date.fromisoformat(end) if end else None,
        predecessors=before_it,
        file=f"opd/{code.lower()}.toml",
        claimed=None,
        means=(),
    )


def register(*entries: OpdEntry) -> Register:
    return Register({one.code: one for one in entries})


def many(count: int) -> Register:
    return register(*(opd(f"OPD{number}") for number in range(count)))


def gain(day: str, code: str, measure: str = "integrated") -> Move:
    return Move(date.fromisoformat(day), code, measure, True)  # type: ignore[arg-type]


def loss(day: str, code: str, measure: str = "integrated") -> Move:
    return Move(date.fromisoformat(day), code, measure, False)  # type: ignore[arg-type]


def facts(known: Register, *moves: Move, milestones: list[Milestone] | None = None, **road: object) -> Facts:
    """A road of definition v1 over a register."""
    file = RoadFile(definitions=[V1], milestones=milestones or [], **road)  # type: ignore[arg-type]
    return Facts(file, known, frozenset(), list(moves))


def example() -> Inventory:
    """The example office."""
    return load(Path(example_office()))


def example_facts() -> Facts:
    """The road of the example office, as its files tell it."""
    office = example()
    known = Register(office.opds)
    return Facts(office.road, known, office.calendar.days_off, before.moves(office.road, known))
