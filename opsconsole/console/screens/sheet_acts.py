"""What is done with people, OPD and papers, and the pages that list them."""

from collections.abc import Callable

from opsconsole.base.text import _
from opsconsole.console.keymap import ACTIONS, on_sheet
from opsconsole.console.screens.incident_acts import IncidentActs
from opsconsole.console.screens.page import Page

# Needs nothing but the row.
_AT_ONCE = ("instruction-ack",)
# Has an action of its own.
_OTHER = ("record",)


class SheetActs(IncidentActs, inherit_bindings=False):
    """A page on which lines of such commands can be begun, and from which such pages can be opened."""

    def action_briefing(self) -> None:
        """One page for the head of the office and the mayor."""
        from opsconsole.console.screens.briefing import BriefingScreen

        self.open_once(BriefingScreen)

    def action_expiries(self) -> None:
        """What ends by itself."""
        from opsconsole.console.screens.expiries import ExpiriesScreen

        self.open_once(ExpiriesScreen)

    def action_switch_off(self) -> None:
        """What may be switched off."""
        from opsconsole.console.screens.switch_off import SwitchOffScreen

        self.open_once(SwitchOffScreen)

    def action_problem_register(self) -> None:
        """The problem register."""
        from opsconsole.console.screens.problem_register import ProblemsScreen

        self.open_once(ProblemsScreen)

    def action_instructions(self) -> None:
        """Instructions to OPD."""
        from opsconsole.console.screens.instructions import InstructionsScreen

        self.open_once(InstructionsScreen)

    def action_sessions(self) -> None:
        """Bimtek."""
        from opsconsole.console.screens.sessions import SessionsScreen

        self.open_once(SessionsScreen)

    def action_reminders(self) -> None:
        """Whom to remind."""
        from opsconsole.console.screens.reminders import RemindersScreen

        self.open_once(RemindersScreen)

    def action_people(self) -> None:
        """The people of the OPD under the cursor."""
        from opsconsole.console.screens.people import PeopleScreen

        if code := self.opd_meant():
            self.console_app.open_page(PeopleScreen(code))
        else:
            self.console_app.say(_("no OPD is under the cursor"))

    def open_once(self, kind: Callable[[], Page]) -> None:
        """Open such a page, unless this is one."""
        if type(self) is not kind:
            self.console_app.open_page(kind())


def _act(name: str) -> Callable[[SheetActs], None]:
    def act(page: SheetActs) -> None:
        """Do it now, where the row says all there is to say; else begin the line."""
        if not page.allowed(name):
            return
        begun = page.begun(name)
        if begun and name in _AT_ONCE:
            page.run_line(f"{name} {begun}".rstrip())
        else:
            page.drawer.open_command(f"{name} {begun}")

    return act


for _action in ACTIONS:
    if on_sheet(_action) and _action.id not in _OTHER:
        setattr(SheetActs, f"action_{_action.method}", _act(_action.id))
