"""The stages of every application, and of the one under the cursor its proofs."""

from collections.abc import Mapping
from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.integration import StagesPage
from opsconsole.console.draw.lines import Line, cut, line
from opsconsole.console.draw.road_words import stage_text
from opsconsole.console.draw.stage_counts import by_stage
from opsconsole.console.draw.view import View
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import stages
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableState


class StagesScreen(ListingScreen[StagesPage], inherit_bindings=False):
    """All applications by OPD; enter opens an application's page."""

    spec = stages.SPEC
    scope = "stages"
    inspection_rows: ClassVar[int] = 8

    def __init__(self, words: str = "") -> None:
        """``words`` are those of a filter that holds from the beginning."""
        super().__init__()
        self._words = words
        self.tabled.set_filter(words)

    def recall(self, tables: Mapping[str, TableState]) -> None:
        """Choose the same as the last time; its filter is the one that it was opened with."""
        super().recall(tables)
        self.tabled.set_filter(self._words)

    def above(self, view: View) -> list[Line]:
        """How many of what is listed are at which stage."""
        listed = (row.value("stage") for row in self.rows())
        counts = by_stage(stage for stage in listed if isinstance(stage, int))
        return [cut(line(" ", _("by stage  {counts}").format(counts=counts)), view.width)]

    def inspected(self, row: TableRow) -> str:
        """The application and its stage."""
        stage = row.value("stage")
        return f"{row.key}  {stage_text(stage)}" if isinstance(stage, int) else row.key

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Its proofs: met, exempt, missing."""
        found = self.answer.applications if self.answer is not None else ()
        one = next((one for one in found if one.application == row.key), None)
        return [] if one is None else [cut(line(" ", text), view.width) for text in stages.proof_lines(one)]
