"""The problem register: what is to be solved, how far that is, and whether anything changed."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.problem_register import ProblemsPage, RegisteredProblem
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.problem_page import due_text, problem_lines
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.tables import problems
from opsconsole.console.tables.spec import TableRow

_NEXT = ("recorded", "analysed", "agreed", "bimtek_planned", "bimtek_done", "shown", "closed")


class ProblemsScreen(PaperScreen[ProblemsPage], inherit_bindings=False):
    """Open problems, late ones first; enter opens what a problem is about."""

    spec = problems.SPEC
    scope = "problem-register"
    inspection_rows: ClassVar[int] = 6
    follows: ClassVar[bool] = True

    def above(self, view: View) -> list[Line]:
        """How many are open, how many late."""
        page = self.answer
        if page is None:
            return [()]
        late = sum(problems.is_late(one, page.today) for one in page.problems)
        told = _("open: {open}, late: {late}")
        told = told.format(open=sum(one.open for one in page.problems), late=late)
        return [cut(line(" ", told), view.width)]

    def empty_text(self) -> str:
        """How to see more, how to begin."""
        return _("no problem is open; w shows all, :problem-add writes one down")

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is late."""
        return "late" in row.flags

    def whole(self, row: TableRow, view: View) -> list[str]:
        """The problem, where it stands, and everything that was said of it."""
        one, page = self._known(row.key), self.answer
        assert page is not None
        due = due_text(one.due, view, late=problems.is_late(one, page.today))
        return [
            _("problem {number}").format(number=one.number),
            printable(one.text),
            f"{words.said(words.PROBLEM_STATUS, one.status)}; {_('due date')}: {due}",
            *problem_lines(one, view),
        ]

    def opd_meant(self) -> str:
        """The one whose problem it is."""
        row = self.row()
        return self._known(row.key).opd if row is not None else ""

    def problem_version(self, number: int) -> int | None:
        """As it stands in the list."""
        found = self.answer.problems if self.answer is not None else ()
        return next((one.version for one in found if one.number == number), None)

    def begun(self, command: str) -> str:
        """Its number, and where it goes next; to whom an instruction goes."""
        row = self.row()
        if row is None or command == "problem-add":
            return ""
        if command == "instruct":
            return f"{opd} 14d " if (opd := self.opd_meant()) else ""
        status = self._known(row.key).status
        step = _NEXT.index(status) + 1 if status in _NEXT else len(_NEXT)
        onward = f"{_NEXT[step]} " if command == "problem-status" and step < len(_NEXT) else ""
        return f"{row.key} {onward}"

    def open_row(self, row: TableRow) -> None:
        """Its application, the incident that it is tied to, or its OPD."""
        one = self._known(row.key)
        tied = next((int(target) for kind, target in one.links if kind == "incident" and _is(target)), 0)
        stage = next((target.partition(":")[0] for kind, target in one.links if kind == "stage"), "")
        self.go_to(application=one.application or stage, incident=tied, opd=one.opd)

    def _known(self, key: str) -> RegisteredProblem:
        assert self.answer is not None
        return next(one for one in self.answer.problems if str(one.number) == key)


def _is(number: str) -> bool:
    return number.isascii() and number.isdecimal()
