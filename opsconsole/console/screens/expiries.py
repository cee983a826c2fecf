"""What ends by itself: certificates, domains, papers, evidence of people."""

from typing import ClassVar

from opsconsole.base.text import _, ngettext
from opsconsole.client.expiries import ExpiriesPage, Expiry
from opsconsole.console.draw import expiries as words
from opsconsole.console.draw.lines import Line, cut, line, printable
from opsconsole.console.draw.view import View
from opsconsole.console.screens.paper import PaperScreen
from opsconsole.console.tables import expiries
from opsconsole.console.tables.spec import TableRow


class ExpiriesScreen(PaperScreen[ExpiriesPage], inherit_bindings=False):
    """What is over, then what ends within the window; enter opens whose it is."""

    spec = expiries.SPEC
    scope = "expiries"
    inspection_rows: ClassVar[int] = 2

    def above(self, view: View) -> list[Line]:
        """How far it looks ahead, how much of it is over."""
        page = self.answer
        if page is None:
            return [()]
        ahead = ngettext("within {n} day", "within {n} days", page.days).format(n=page.days)
        told = _("ends {within}: {n}, over: {over}")
        told = told.format(within=ahead, n=len(page.expiries) - page.over, over=page.over)
        return [cut(line(" ", told), view.width)]

    def is_problem(self, row: TableRow) -> bool:
        """Whether it is over, or will be soon."""
        return bool(row.flags)

    def whole(self, row: TableRow, view: View) -> list[str]:
        """What it is, when it ends, who must act."""
        one = self._known(row.key)
        when = f"{view.times.calendar_day(one.day, view.now)} ({words.left_text(one.left)})"
        about = [one.application, printable(one.opd_short), printable(one.person)]
        return [
            f"{words.kind_text(one.kind)} {words.name_text(one)}",
            _("last day {day}; who must act: {who}").format(day=when, who=words.who_text(one)),
            ", ".join(filter(None, about)) or _("this office"),
        ]

    def opd_meant(self) -> str:
        """The one of the row."""
        row = self.row()
        return self._known(row.key).opd if row is not None else ""

    def person_meant(self) -> str:
        """Whom the evidence is of."""
        row = self.row()
        return self._known(row.key).person if row is not None else ""

    def begun(self, command: str) -> str:
        """To whom an instruction goes."""
        to = self.person_meant() or self.opd_meant()
        return f"{to} 14d " if to else ""

    def open_row(self, row: TableRow) -> None:
        """Whose it is."""
        one = self._known(row.key)
        self.go_to(person=one.person, application=one.application, opd=one.opd)

    def _known(self, key: str) -> Expiry:
        assert self.answer is not None
        return next(one for one in self.answer.expiries if expiries.key_of(one) == key)
