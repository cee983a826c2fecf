"""What may be switched off, by two whole quarters of evidence."""

from typing import ClassVar

from opsconsole.base.text import _
from opsconsole.client.integration import SwitchOff, SwitchOffPage
from opsconsole.console.draw import road_words as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.tables import switch_off
from opsconsole.console.tables.spec import TableRow


class SwitchOffScreen(PaperScreen[SwitchOffPage], inherit_bindings=False):
    """All applications, candidates first; enter opens an application's page."""

    spec = switch_off.SPEC
    scope = "switch-off"
    inspection_rows: ClassVar[int] = 3

    def above(self, view: View) -> list[Line]:
        """Which quarters, how many candidates."""
        page = self.answer
        if page is None:
            return [()]
        first, second, after = (day.isoformat() for day in page.quarters)
        found = sum(one.verdict == "candidate" for one in page.applications)
        told = _("quarters from {first} and {second} to {after}; candidates: {n}")
        told = told.format(first=first, second=second, after=after, n=found)
        return [cut(line(" ", told), view.width)]

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is a candidate."""
        return "candidate" in row.flags

    def whole(self, row: TableRow, view: View) -> list[str]:
        """The verdict with its reasons, and what it is made of."""
        assert self.answer is not None
        one = next(one for one in self.answer.applications if one.application == row.key)
        why = ", ".join(words.said(words.REASONS, code) for code in one.reasons)
        return [
            f"{one.application}  {printable(one.name)}",
            f"{words.said(words.VERDICTS, one.verdict)}: {why or '-'}",
            *(_quarter(one, number, self.answer) for number in (0, 1)),
        ]

    def opd_meant(self) -> str:
        """The one whose application it is."""
        row = self.row()
        found = self.answer.applications if self.answer is not None and row is not None else ()
        return next((one.opd for one in found if row is not None and one.application == row.key), "")

    def begun(self, command: str) -> str:
        """To whom an instruction goes."""
        return f"{opd} 14d " if (opd := self.opd_meant()) else ""


def _quarter(one: SwitchOff, number: int, page: SwitchOffPage) -> str:
    up = one.up_percent[number]
    told = _("from {day}: up {up}, known {known}, acted on {acted} times")
    return told.format(
        day=page.quarters[number].isoformat(),
        up="-" if up is None else f"{up:.1f} %",
        known=f"{one.known_percent[number]:.0f} %",
        acted=one.interest[number],
    )
