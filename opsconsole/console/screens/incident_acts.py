"""What keys do with an incident, on every page that shows one. Nothing here stands behind a question."""

from collections.abc import Callable

from opsconsole.console.incident_palette import MARKED
from opsconsole.console.screens.page import Page

# Done at once, with one key or from the menu.
AT_ONCE = ("ack", "take", "unack", "unsnooze", "unmerge")
# Begun on the command line, with what is usual there already; the rest is typed.
TYPED = {
    "note": "",
    "snooze": "2h ",
    "resolve": "",
    "triage": "",
    "reported": "",
    "assign": "",
    "mitigate": "",
    "severity": "",
    "attribute": "",
    "merge": "",
    "split": "",
    "reopen": "",
    "close": "",
}


class IncidentActs(Page, inherit_bindings=False):
    """A page with the actions on the incident under the cursor, or on the marked ones."""

    def incidents_meant(self) -> str:
        """The incidents that a key is about, as the command line names them; empty: none."""
        if self.marked_incidents():
            return MARKED
        one = self.incident()
        return str(one.number) if one is not None else ""


def _at_once(name: str) -> Callable[[IncidentActs], None]:
    def act(page: IncidentActs) -> None:
        """Do it now."""
        if page.allowed(name):
            page.run_line(f"{name} {page.incidents_meant()}")

    return act


def _typed(name: str, usual: str) -> Callable[[IncidentActs], None]:
    def act(page: IncidentActs) -> None:
        """Begin the line; what is asked of one question alone is filled in."""
        if not page.allowed(name):
            return
        one = page.incident()
        asked = one.asks if one is not None and name == "triage" and not page.marked_incidents() else ()
        page.drawer.open_command(f"{name} {page.incidents_meant()} {f'{asked[0]} ' if asked else usual}")

    return act


for _name in AT_ONCE:
    setattr(IncidentActs, f"action_{_name}", _at_once(_name))
for _name, _usual in TYPED.items():
    setattr(IncidentActs, f"action_{_name}", _typed(_name, _usual))
