"""The page about the console says what the tables of the program say; UPDATE_SCREENS=1 writes it anew."""

import os
import re
from pathlib import Path

from opsconsole.base.text import choose_language
from opsconsole.console import keymap
from opsconsole.console.keymap import ACTIONS, GROUPS, Action
from opsconsole.console.keynames import shown_name
from opsconsole.console.settings import BATCH_LOW_S
from opsconsole.console.terminal.clipboard import MOST_BASE64
from opsconsole.console.themes import THEMES
from opsconsole.console.views import VIEWS

PAGE = Path(__file__).parents[2] / "docs" / "console.md"
_BEGIN, _END = "<!-- keys: tests/console/test_console_docs.py -->\n", "<!-- end of keys -->"


def where(action: Action) -> str:
    """The screens it is for, shortest way round."""
    missing = [scope for scope in keymap._ALL if scope not in action.scopes]
    if not missing:
        return "everywhere"
    if len(missing) < len(action.scopes):
        return "not: " + ", ".join(missing)
    return ", ".join(action.scopes)


def table() -> str:
    """All actions with their keys, as the page has them."""
    lines = ["| keys | what | action | where |", "|---|---|---|---|"]
    for group in GROUPS:
        for action in ACTIONS:
            if action.group == group:
                keys = " ".join(f"`{shown_name(key)}`" for key in action.usual_keys) or "-"
                lines.append(f"| {keys} | {action.help} | `{action.id}` | {where(action)} |")
    return "\n".join(lines) + "\n"


def test_the_page_lists_every_key_as_it_is() -> None:
    choose_language("en")
    page = PAGE.read_text("utf-8")
    before, rest = page.split(_BEGIN)
    _old, after = rest.split(_END)
    wanted = f"{before}{_BEGIN}{table()}{_END}{after}"
    if os.environ.get("UPDATE_SCREENS") == "1":
        PAGE.write_text(wanted, "utf-8")
    assert PAGE.read_text("utf-8") == wanted, "UPDATE_SCREENS=1 writes it"


def test_the_page_names_every_view_theme_and_limit() -> None:
    page = PAGE.read_text("utf-8")
    for view in VIEWS:
        assert re.search(rf"^\| `{view.key}` \| {view.title} \|", page, re.MULTILINE), view.name
    assert all(f"`{name}`" in page for name in THEMES)
    assert f"{BATCH_LOW_S:.0f} seconds" in page.replace("five seconds", "5 seconds")
    assert f"{MOST_BASE64 * 3 // 4 // 1000} KB" in page


def test_no_action_of_the_habits_is_missing() -> None:
    """What the table of habits calls kept must be a key that does something."""
    page = PAGE.read_text("utf-8")
    habits = page.split("## Habits from k9s and lazygit")[1]
    known = {shown_name(key) for action in ACTIONS for key in action.usual_keys} | {
        "0",
        "ctrl+r",
        "ctrl+w",
        "ctrl+e",
    }
    for row in re.findall(r"^\| (.*?) \| (.*?) \| (kept|changed) \|", habits, re.MULTILINE):
        for key in re.findall(r"`([^`]+)`", row[1]):
            assert key in known or key.startswith((":", "/")), key
