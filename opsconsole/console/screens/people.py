"""The people of an OPD: their levels and what is next; enter opens a person's page."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.readiness import AskOpdReadiness, OpdReadinessPage
from opsconsole.console.draw import readiness as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.person import lacks_text
from opsconsole.console.draw.view import View
from opsconsole.console.feed.model import News
from opsconsole.console.screens.listing import ListingScreen
from opsconsole.console.tables import people
from opsconsole.console.tables.spec import TableRow


class PeopleScreen(ListingScreen[OpdReadinessPage], inherit_bindings=False):
    """Everybody of one OPD, the lowest first."""

    spec = people.SPEC
    scope = "people"
    inspection_rows: ClassVar[int] = 4

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    async def ask(self) -> OpdReadinessPage:
        """The readiness of the OPD."""
        asked = AskOpdReadiness(code=self._code, rows=0)
        return await self.console_app.ask(lambda client: client.query(asked))

    def concerns(self, news: News) -> bool:
        """What is recorded here is read again after the command."""
        return False

    def where(self) -> list[str]:
        """The view below, and of which OPD."""
        row = self.console_app.model.opds.get(self._code)
        short = row.short if row is not None else self._code
        return [self.console_app.root_title, short, _("People")]

    def opd_meant(self) -> str:
        """Theirs."""
        return self._code

    def person_meant(self) -> str:
        """The one under the cursor."""
        return self.table().key or ""

    def begun(self, command: str) -> str:
        """The one under the cursor; in how many days an instruction is to be done."""
        who = self.person_meant() or self._code
        return f"{who} 14d " if command == "instruct" else f"{who} "

    def inspected(self, row: TableRow) -> str:
        """Who it is."""
        return printable(str(row.value("name")))

    def inspection(self, row: TableRow, view: View) -> list[Line]:
        """Each duty with its level, when it falls, what is next."""
        found = people.people_of(self.answer) if self.answer is not None else []
        held = next((one.duties for one in found if one.person == row.key), ())
        lines = []
        for one in held:
            where, duty = printable(one.application) or self._code, words.of(words.DUTIES, one.duty)
            falls = words.fall_text(one.falls_on, one.falls_to, view)
            told = _("{application}, {duty}: level {level}, falls {falls}")
            text = told.format(application=where, duty=duty, level=one.level, falls=falls)
            lines.append(cut(line(" ", text, f"; {why}" if (why := lacks_text(one)) else ""), view.width))
        return lines

    def open_row(self, row: TableRow) -> None:
        """Their page."""
        self.console_app.open_person(row.key)
