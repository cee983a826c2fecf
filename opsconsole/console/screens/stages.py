"""The stages of every application, and of the one under the cursor its proofs."""

from typing import ClassVar

from opsconsole.client.integration import StagesPage
from opsconsole.console.draw.lines import Line, cut, line
from opsconsole.console.draw.road_words import stage_text
from opsconsole.console.draw.view import View
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import stages
from opsconsole.console.tables.spec import TableRow


class StagesScreen(ListingScreen[StagesPage], inherit_bindings=False):
    """All applications by OPD; enter opens an application's page."""

    spec = stages.SPEC
    scope = "stages"
    inspection_rows: ClassVar[int] = 8

    def inspected(self, row: TableRow) -> str:
        """The application and its stage."""
        stage = row.value("stage")
        return f"{row.key}  {stage_text(stage)}" if isinstance(stage, int) else row.key

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Its proofs: met, exempt, missing."""
        found = self.answer.applications if self.answer is not None else ()
        one = next((one for one in found if one.application == row.key), None)
        return [] if one is None else [cut(line(" ", text), view.width) for text in stages.proof_lines(one)]
