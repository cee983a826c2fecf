"""The views: screens that a number key opens, each with a stack and a place of its own.

To add one: a line here, its scope in `opsconsole.console.keymap`, its table in
`opsconsole.console.tables.registry`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from opsconsole.base.text import N_

if TYPE_CHECKING:
    from opsconsole.console.screens.page import Page


class ConsoleView(NamedTuple):
    """A view: ``name`` is its id and its word after ``:``, ``key`` the number that opens it.

    ``title`` and ``help`` are templates, and so is ``short``, its title where there is little room.
    ``screen`` is ``module:Class`` below `opsconsole.console.screens`, read in when it is first opened.
    """

    name: str
    key: str
    title: str
    short: str
    help: str
    screen: str

    def open(self) -> "Page":
        """A new screen of it."""
        module, _colon, name = self.screen.partition(":")
        kind = getattr(import_module(f"opsconsole.console.screens.{module}"), name)
        return cast("Page", kind())


BOARD, INCIDENTS = "board", "incidents"
VIEWS: tuple[ConsoleView, ...] = (
    ConsoleView(BOARD, "1", N_("Board"), N_("Board"), N_("the board"), "board:BoardScreen"),
    ConsoleView(
        INCIDENTS, "2", N_("Incidents"), N_("Incid"),
        N_("the incidents: open, whose, what next"), "incidents:IncidentsScreen",
    ),
    ConsoleView(
        "readiness", "3", N_("Readiness"), N_("Ready"),
        N_("readiness: what people are proven to be able to do"), "readiness:ReadinessScreen",
    ),
    ConsoleView(
        "road", "4", N_("Road"), N_("Road"),
        N_("the road: what is integrated, at what pace"), "road:RoadScreen",
    ),
    ConsoleView(
        "schedule", "5", N_("Schedule"), N_("Sched"),
        N_("the schedule: what runs, is due, paused, missed"), "schedule:ScheduleScreen",
    ),
    ConsoleView(
        "inventory", "6", N_("Inventory"), N_("Invent"),
        N_("the inventory: what is wrong with it, and all of it"), "inventory:InventoryScreen",
    ),
    ConsoleView(
        "log", "7", N_("Log"), N_("Log"),
        N_("the log: what happened and what was done"), "log:LogScreen",
    ),
)  # fmt: skip
BY_NAME: dict[str, ConsoleView] = {view.name: view for view in VIEWS}
