"""Stages in one year: how they moved, where they were on its last day, and what proved it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from opsconsole.client.yearly import ProofGiven, StageMove, StageStanding
from opsconsole.integration import before, queries, rules, stored
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.road_model import RoadFile


def moves(conn: Connection, road: RoadFile, until: date) -> list[StageMove]:
    """Every move of a stage up to a day, by the history of the files and by what was recorded since."""
    told = [
        StageMove(day=one.date, application=name, stage=one.stage)
        for one in sorted(road.history, key=lambda one: one.date)
        if one.stage is not None
        for name in one.applications
    ]
    found = [*told, *queries.stage_moves(conn)]
    return [one for one in found if one.day <= until]


def standings(inventory: Inventory, moved: Iterable[StageMove], opd_on: date) -> tuple[StageStanding, ...]:
    """Where each application that is watched was after these moves."""
    at = {one.application: one for one in moved}
    return tuple(
        StageStanding(
            application=entry.id,
            name=entry.name,
            opd=entry.opd_on(opd_on),
            tier=entry.tier,
            dimension=entry.dimension,
            stage=at[entry.id].stage if entry.id in at else 0,
            since=at[entry.id].day if entry.id in at else None,
        )
        for entry in inventory.applications.values()
        if entry.active
    )


def proofs(conn: Connection, inventory: Inventory, day: date) -> tuple[ProofGiven, ...]:
    """The proofs that stood on a day.

    Of what changed since, the tables know no more how it stood then: then the files alone tell.
    """
    recorded = [one for one in stored.proofs(conn) if one[2].since <= day]
    seen = {(application, proof): standing for application, proof, standing in recorded}
    known = before.merged(before.standings(inventory.road, day), recorded)
    return tuple(
        ProofGiven(
            application=entry.id,
            proof=name,
            stage=stage,
            by="paper" if standing.document else "seen" if seen.get((entry.id, name)) is standing else "told",
            since=standing.since,
            document=standing.document,
            until=standing.until,
        )
        for entry in inventory.applications.values()
        if entry.active
        for name, (stage, _automatic) in rules.PROOFS.items()
        if (standing := known.get(entry.id, {}).get(name)) is not None and _stood(standing, day)
    )


def _stood(standing: rules.Standing, day: date) -> bool:
    return standing.proven and (standing.until is None or day <= standing.until)
