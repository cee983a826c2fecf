"""The six dimensions in counts, and the gate that the first has to pass. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from opsconsole.client.dimensions import Dimension, DimensionsPage
from opsconsole.integration.road import UNWRITTEN
from opsconsole.inventory.road_model import RoadFile


class Standing(NamedTuple):
    """One active application: its dimension (empty for none), and what is so of it."""

    dimension: str
    reachable: bool
    stage: int
    level: int


def summary(rows: Iterable[Standing], road: RoadFile, at: datetime, day: date) -> DimensionsPage:
    """The six rows, in the order of the files. Others than the first are counted once its gate is passed."""
    definition, gate = road.definition("") or UNWRITTEN, road.gate
    of: dict[str, list[Standing]] = {name: [] for name in gate.order}
    untold = 0
    for row in rows:
        if row.dimension:
            of[row.dimension].append(row)
        else:
            untold += 1
    counts = {
        name: Dimension(
            dimension=name,
            applications=len(own),
            reachable=sum(row.reachable for row in own),
            integrated=sum(row.stage >= definition.integrated_stage for row in own),
            ready=sum(row.level >= definition.integrated_level for row in own),
        )
        for name, own in of.items()
    }
    least = (gate.reachable_percent, gate.integrated_percent, gate.ready_percent)
    first = counts[gate.order[0]]
    met = passes(first, least)
    return DimensionsPage(
        at=at,
        definition=definition.version,
        register_date=day,
        stage=definition.integrated_stage,
        level=definition.integrated_level,
        gate=least,
        gate_met=met,
        dimensions=tuple(
            one
            if met or one is first
            else Dimension(dimension=name, applications=one.applications, counted=False)
            for name, one in counts.items()
        ),
        untold=untold,
    )


def passes(one: Dimension, least: tuple[int, int, int]) -> bool:
    """Whether enough of a dimension's applications are reachable, integrated and ready: percent of them."""
    have = (one.reachable, one.integrated, one.ready)
    return all(100 * count >= want * one.applications for count, want in zip(have, least, strict=True))
