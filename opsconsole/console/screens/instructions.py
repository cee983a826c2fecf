"""Instructions to OPD and to people: what is late, open, answered."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.instructions import Instruction, InstructionsPage
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.problem_page import instruction_lines
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.tables import instructions
from opsconsole.console.tables.spec import TableRow


class InstructionsScreen(PaperScreen[InstructionsPage], inherit_bindings=False):
    """What is late first; enter opens to whom it is."""

    spec = instructions.SPEC
    scope = "instructions"
    inspection_rows: ClassVar[int] = 5
    follows: ClassVar[bool] = True

    def above(self, view: View) -> list[Line]:
        """How many are open, how many late."""
        page = self.answer
        if page is None:
            return [()]
        told = _("open: {open}, late: {late}").format(open=page.open, late=page.late)
        return [cut(line(" ", told), view.width)]

    def empty_text(self) -> str:
        """How to see more, how to begin."""
        return _("no instruction is open; w shows all, :instruct gives one")

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is late."""
        return "late" in row.flags

    def whole(self, row: TableRow, view: View) -> list[str]:
        """What is to be done, by whom, and what came of it."""
        one, page = self._known(row.key), self.answer
        assert page is not None
        to = ", ".join(filter(None, (printable(one.opd_short or one.opd), printable(one.person_name))))
        status = words.said(words.INSTRUCTION_STATUS, one.status)
        return [
            _("instruction {number} to {to}").format(number=one.number, to=to),
            f"{status}: {printable(one.text)}",
            *instruction_lines(one, page.today, view),
        ]

    def opd_meant(self) -> str:
        """To which OPD it is."""
        row = self.row()
        return self._known(row.key).opd if row is not None else ""

    def person_meant(self) -> str:
        """To whom it is, where it is to one."""
        row = self.row()
        return self._known(row.key).person if row is not None else ""

    def begun(self, command: str) -> str:
        """Its number; a new one is to the same OPD."""
        row = self.row()
        if row is None:
            return ""
        return f"{self.opd_meant()} 14d " if command == "instruct" else f"{row.key} "

    def open_row(self, row: TableRow) -> None:
        """To whom it is."""
        one = self._known(row.key)
        self.go_to(person=one.person, opd=one.opd)

    def _known(self, key: str) -> Instruction:
        assert self.answer is not None
        return next(one for one in self.answer.instructions if str(one.number) == key)
