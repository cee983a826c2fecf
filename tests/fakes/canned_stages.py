"""The stages and dimensions of the scripted engine's city, made up from its rows, on the example's road."""

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from opsconsole.client.dimensions import Dimension, DimensionsPage
from opsconsole.client.integration import ApplicationStage, AskRoad, ProofStanding, Road, StagesPage
from opsconsole.integration.road import Facts, as_of

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine

TODAY = date(2026, 11, 24)
DIMENSIONS = ("governance", "society", "branding", "economy", "living", "environment")
# Every third is of the first dimension, as in a real city most are.
_OF = ("governance", "society", "living", "governance", "branding", "economy", "governance", "environment")
_STAGES = (5, 2, 1, 5, 3, 1, 4, 2, 0, 5, 1)
_PROOFS = (
    ("registered", 1, True), ("owner_signed", 1, False), ("reachable", 2, True), ("api", 3, True),
    ("api_document", 3, False), ("sso", 4, True), ("exchange", 5, True), ("agreement", 5, False),
)  # fmt: skip


@cache
def _facts() -> Facts:
    # Late: it reads the whole example office, which most tests have no use for.
    from tests.integration.roads import example_facts

    return example_facts()


def canned_stages(engine: "ScriptedEngine") -> dict[str, Any]:
    """The answers by the name of their query."""

    def road(args: AskRoad) -> Road:
        return as_of(_facts(), args.at or TODAY)

    def stages(args: object) -> StagesPage:
        return StagesPage(at=engine.now, evaluated_at=engine.now, applications=tuple(_all(engine)))

    def dimensions(args: object) -> DimensionsPage:
        known = _all(engine)
        return DimensionsPage(
            at=engine.now, definition="v2", register_date=TODAY, gate=(90, 50, 50), gate_met=False,
            dimensions=tuple(_counted(name, known) for name in DIMENSIONS),
        )  # fmt: skip

    return {"road": road, "stages": stages, "dimensions": dimensions}


def _all(engine: "ScriptedEngine") -> list[ApplicationStage]:
    rows = [row for row in engine.board_rows() if not row.id.startswith("service:")]
    return [
        ApplicationStage(
            application=row.id, name=row.name, opd=row.opd, opd_short=row.opd_short, tier=row.tier,
            dimension=_OF[place % len(_OF)], stage=stage, cleared=stage, since=TODAY - timedelta(days=40),
            falls_on=TODAY + timedelta(days=14) if place % 7 == 1 else None,
            exempt=((4, "audience"),) if place % 3 else (), proofs=_proofs(stage),
        )
        for place, row in enumerate(rows)
        for stage in [engine.stages.get(row.id, _STAGES[place % len(_STAGES)])]
    ]  # fmt: skip


def _proofs(stage: int) -> tuple[ProofStanding, ...]:
    return tuple(
        ProofStanding(
            id=id_, stage=of, automatic=automatic, holds=of <= stage, proven=of <= stage,
            since=TODAY - timedelta(days=40), document="" if automatic else f"surat {of}/2026",
        )
        for id_, of, automatic in _PROOFS
    )  # fmt: skip


def _counted(name: str, known: list[ApplicationStage]) -> Dimension:
    own = [one for one in known if one.dimension == name]
    if name != DIMENSIONS[0]:
        return Dimension(dimension=name, applications=len(own), counted=False)
    return Dimension(
        dimension=name, applications=len(own), reachable=len(own) - 2,
        integrated=sum(one.stage >= 5 for one in own), ready=len(own) // 4,
    )  # fmt: skip
