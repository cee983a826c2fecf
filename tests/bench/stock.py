"""The same board as a stock Textual application: widgets as they come, for `tests.bench.wire` to measure.

Keys: ``c`` changes one cell, ``t`` shows a toast, ``m`` a modal, ``s`` another screen; the rest is Textual's.
"""

from textual.app import App, ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widgets import DataTable, Footer, Header, Input, Static

ROWS = 150
COLUMNS = (("STATE", 10), ("SINCE", 6), ("OPD", 12), ("APP", 14), ("CODE", 4), ("LAST", 5), ("WHY", 20))


class Question(ModalScreen[None]):
    """A modal as the guide shows it."""

    BINDINGS = [("escape", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("export 150 rows?")


class Help(Screen[None]):
    """A screen with little on it."""

    BINDINGS = [("escape", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        """One line and the footer."""
        yield Static("help")
        yield Footer()


class Stock(App[None]):
    """Header, input, table, footer."""

    BINDINGS = [
        ("c", "cell", "cell"),
        ("t", "toast", "toast"),
        ("m", "modal", "modal"),
        ("s", "other", "screen"),
        ("slash", "filter", "filter"),
        ("q", "quit", "quit"),
    ]

    def compose(self) -> ComposeResult:
        """What most applications begin with."""
        yield Header()
        yield Input(placeholder="filter")
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        for title, width in COLUMNS:
            table.add_column(title, width=width, key=title)
        for number in range(ROWS):
            row = (
                "! DOWN",
                "02:02",
                f"OPD {number % 40}",
                f"app-{number}",
                "503",
                "9ms",
                "503, want 200-299",
            )
            table.add_row(*row, key=str(number))
        self.count = 0
        table.focus()

    def action_cell(self) -> None:
        """Change one cell."""
        self.count += 1
        self.query_one(DataTable).update_cell("3", "CODE", str(200 + self.count))

    def action_toast(self) -> None:
        """Say something."""
        self.notify("recheck sent")

    def action_modal(self) -> None:
        """Ask something."""
        self.push_screen(Question())

    def action_other(self) -> None:
        """Open a screen."""
        self.push_screen(Help())

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one(Input).focus()


if __name__ == "__main__":
    Stock().run()
