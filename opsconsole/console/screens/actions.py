"""What keys do on every screen. What takes longer to read in is read in when it is first wanted."""

from opsconsole.base.text import _
from opsconsole.console.keymap import row_actions
from opsconsole.console.screens.page import Page


class ActingPage(Page, inherit_bindings=False):
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
        self.drawer.open_menu(row_actions(self.scope))

    def action_help(self) -> None:
        """Open the help."""
        from opsconsole.console.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.scope))

    def action_quit(self) -> None:
        """Leave; a demo that would end with this console is asked about."""
        hello = self.console_app.model.hello
        if hello is not None and hello.demo and not self._quit_asked:
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
        """Draw every five seconds, or every second."""
        settings = self.console_app.settings
        settings.low_bandwidth = not settings.low_bandwidth
        said = _("low bandwidth: changes are drawn every five seconds")
        self.console_app.say(said if settings.low_bandwidth else _("changes are drawn every second"))
        self.draw()

    def action_board(self) -> None:
        """Back to the board from anywhere."""
        self.console_app.to_board()

    # On the row

    def action_recheck(self) -> None:
        """Look at the selected application now."""
        row = self.selected()
        if self.allowed("recheck") and row is not None:
            self.run_line(f"recheck {row.id}")

    def action_copy(self) -> None:
        """Copy the selected row as text."""
        from opsconsole.console.screens.copying import copy

        self.run_worker(copy(self), group="copy", exclusive=True)

    def run_line(self, line: str) -> None:
        """Do what a command line means."""
        from opsconsole.console.screens.commanding import run_line

        run_line(self, line)
