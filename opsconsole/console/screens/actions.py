"""What keys do on every screen. What takes longer to read in is read in when it is first wanted."""

from collections.abc import Callable

from opsconsole.base.text import _
from opsconsole.console.keymap import on_incident, row_actions
from opsconsole.console.screens.sheet_acts import SheetActs
from opsconsole.console.terminal.job import has_shell
from opsconsole.console.views import VIEWS


class ActingPage(SheetActs, inherit_bindings=False):
    """A page with the actions that all pages share."""

    # Moving

    def action_down(self) -> None:
        """The next row."""
        self.table().move(1)

    def action_up(self) -> None:
        """The row before."""
        self.table().move(-1)

    def action_first(self) -> None:
        """The first row."""
        self.table().move_to(0)

    def action_last(self) -> None:
        """The last row."""
        self.table().move_to(len(self.table().rows) - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self.table().move(self.page_rows())

    def action_page_up(self) -> None:
        """A page up."""
        self.table().move(-self.page_rows())

    # Everywhere

    def action_command(self) -> None:
        """Begin a command."""
        self.drawer.open_command()

    def action_menu(self) -> None:
        """List what this row can do."""
        about_one = self.marked_incidents() or self.incident() is not None
        listed = [one for one in row_actions(self.scope) if about_one or not on_incident(one)]
        self.drawer.open_menu(listed)

    def action_help(self) -> None:
        """Open the help."""
        from opsconsole.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self))

    def action_quit(self) -> None:
        """Leave; a demo that would end with this console is asked about."""
        hello = self.console_app.model.hello
        # Known before the engine has answered: the question must not depend on who is faster.
        demo = self.console_app.found.why == "demo" or (hello is not None and hello.demo)
        if demo and not self._quit_asked:
            self._quit_asked = True
            self.console_app.say(_("the demo ends with this console: q again to leave"), "strong")
            return
        self.app.exit()

    def action_how_to_quit(self) -> None:
        """Say how to leave, rather than leaving."""
        self.console_app.say(_("q leaves; the engine stays"))

    def action_redraw(self) -> None:
        """Send the whole screen again."""
        self.console_app.forget_terminal()
        self.refresh()

    def action_pause(self) -> None:
        """Stop drawing, or go on."""
        settings = self.console_app.settings
        settings.paused = not settings.paused
        self.draw()

    def action_bell(self) -> None:
        """Bell on or off."""
        settings = self.console_app.settings
        settings.bell = not settings.bell
        self.console_app.say(_("bell on") if settings.bell else _("bell off"))

    def action_low_bandwidth(self) -> None:
        """Draw every five seconds and in sixteen colours, or every second and in those of the theme."""
        settings = self.console_app.settings
        settings.low_bandwidth = not settings.low_bandwidth
        self.console_app.wardrobe.narrow(self.console_app, settings.low_bandwidth)
        said = _("low bandwidth: changes are drawn every five seconds")
        self.console_app.say(said if settings.low_bandwidth else _("changes are drawn every second"))
        self.draw()

    def action_last_view(self) -> None:
        """What was shown before: another view, an application's page, or what lies below this one."""
        if not self.console_app.go_back():
            self.console_app.say(_("there is no last view yet"))

    def action_suspend(self) -> None:
        """To the shell, until `fg`; where no shell waits for us nobody could call us back."""
        if has_shell():
            self.app.action_suspend_process()
        else:
            self.console_app.say(_("no shell started this console, so there is none to go to"))

    def action_theme(self) -> None:
        """The next theme."""
        self.console_app.say(self.console_app.wardrobe.change(self.console_app, ""))

    # On the row

    def action_recheck(self) -> None:
        """Look at the selected application now."""
        row = self.selected()
        if self.allowed("recheck") and row is not None:
            self.run_line(f"recheck {row.id}")

    def action_maintenance(self) -> None:
        """Begin to plan maintenance of the selected application; for how long and why is typed."""
        row = self.selected()
        if self.allowed("maintenance") and row is not None:
            self.drawer.open_command(f"maintenance {row.id} 2h ")

    def action_maintenance_end(self) -> None:
        """End what was planned for the selected application."""
        row = self.selected()
        if self.allowed("maintenance-end") and row is not None:
            self.run_line(f"maintenance-end {row.id}")

    def action_pause_looks(self) -> None:
        """Begin a pause of the selected application; until when and why is typed."""
        row = self.selected()
        if self.allowed("pause-looks") and row is not None:
            self.drawer.open_command(f"pause {row.id} ")

    def action_resume_looks(self) -> None:
        """Look at the selected application again."""
        row = self.selected()
        if self.allowed("resume-looks") and row is not None:
            self.run_line(f"resume {row.id}")

    def action_edit(self) -> None:
        """Begin to edit the selected application; which key and what it is to be is typed."""
        row = self.selected()
        if self.allowed("edit") and row is not None:
            self.drawer.open_command(f"edit {row.id} ")

    def action_record(self) -> None:
        """Begin to record something of the people of the OPD under the cursor."""
        from opsconsole.console.screens.recording import begin

        if self.allowed("record"):
            begin(self)

    def action_explain(self) -> None:
        """Open why the selected application shows what it shows."""
        from opsconsole.console.screens.explain import ExplainScreen

        row = self.selected()
        if row is None:
            self.console_app.say(_("no application is selected"))
        else:
            self.console_app.open_page(ExplainScreen(row.id))

    def action_copy(self) -> None:
        """Copy the selected row as text."""
        from opsconsole.console.screens.copying import copy

        self.run_worker(copy(self), group="copy", exclusive=True)

    def action_since(self) -> None:
        """What changed since whoever looks last looked."""
        self.console_app.open_since(self.console_app.looked_before)

    def action_handover(self) -> None:
        """What the shift leaves to the next one."""
        from opsconsole.console.screens.handover import HandoverScreen

        self.console_app.open_page(HandoverScreen())

    def run_line(self, line: str) -> None:
        """Do what a command line means."""
        from opsconsole.console.screens.commanding import run_line

        run_line(self, line)


def _view_opener(name: str) -> Callable[[ActingPage], None]:
    def open_view(page: ActingPage) -> None:
        """A view, as it was left."""
        page.console_app.show_view(name)

    return open_view


for _view in VIEWS:
    setattr(ActingPage, f"action_{_view.name}", _view_opener(_view.name))
