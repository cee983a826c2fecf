"""What ``road.toml`` says was so before this console recorded anything. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from opsconsole.integration.burnup import Move
from opsconsole.integration.register import Register
from opsconsole.integration.rules import PROOFS, Standing
from opsconsole.inventory.road_model import RoadFile

HISTORY = "history"


def moves(road: RoadFile, register: Register) -> list[Move]:
    """The OPD that gained or lost a measure before."""
    return [
        Move(one.date, register.code(one.opd), one.measure, one.change == "gained", one.note or HISTORY)
        for one in road.history
        if one.measure
    ]


def stages(road: RoadFile, until: date) -> dict[str, tuple[date, int]]:
    """The stage each application had by the newest entry up to a day, and since when."""
    found: dict[str, tuple[date, int]] = {}
    for one in sorted(road.history, key=lambda one: one.date):
        if one.stage is not None and one.date <= until:
            found.update(dict.fromkeys(one.applications, (one.date, one.stage)))
    return found


def standings(road: RoadFile, until: date) -> dict[str, dict[str, Standing]]:
    """The proofs of each application that history and documents give it.

    A stage that was reached stands for the proofs of all stages up to it; a document stands for itself.
    """
    found: dict[str, dict[str, Standing]] = {}
    for application, (day, stage) in stages(road, until).items():
        found[application] = {
            proof: Standing(True, day) for proof, (of, _automatic) in PROOFS.items() if of <= stage
        }
    for one in sorted(road.proofs, key=lambda one: one.date):
        if one.date <= until:
            standing = Standing(True, one.date, one.document, one.valid_to)
            found.setdefault(one.application, {})[one.proof] = standing
    return found


def exempt(road: RoadFile, application: str, audience: str, day: date) -> dict[int, str]:
    """The stages that an application need not reach on a day, each with its reason; a code for a rule's."""
    found = {4: "audience"} if audience in road.rules.sso_exempt else {}
    for one in road.exemptions:
        in_time = (one.valid_from or day) <= day <= (one.valid_to or day)
        if one.application == application and in_time:
            found[one.stage] = one.reason
    return found


def merged(
    before: Mapping[str, Mapping[str, Standing]], recorded: Iterable[tuple[str, str, Standing]]
) -> dict[str, dict[str, Standing]]:
    """What was so before with what was recorded since; a document counts that is newer than that."""
    found = {application: dict(proofs) for application, proofs in before.items()}
    for application, proof, standing in recorded:
        proofs = found.setdefault(application, {})
        earlier = proofs.get(proof)
        if earlier is None or not earlier.document or standing.since >= earlier.since:
            proofs[proof] = standing
    return found
