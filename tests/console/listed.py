"""A list to try the base of all lists with: the city's applications, read like any other answer."""

from dataclasses import replace

from opsconsole.client.shapes import Board
from opsconsole.console.draw.lines import Line, line
from opsconsole.console.draw.view import View
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables.board import SPEC
from opsconsole.console.tables.spec import TableRow


class ApplicationList(ListingScreen[Board], inherit_bindings=False):
    """Every application, with its name and its OPD below."""

    spec = replace(SPEC, name="city", title="City")
    scope = "inventory"
    inspection_rows = 2

    async def ask(self) -> Board:
        """Read the board."""
        return await self.console_app.ask(lambda client: client.board())

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Its name, and why it is so."""
        return [line(f" {row.value('name')}"), line(f" {row.value('why')}")]

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is not up."""
        return row.value("state") != "up"
