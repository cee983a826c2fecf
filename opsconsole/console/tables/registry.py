"""The tables there are, by the name of their view: what can be exported. Light, for the command line's help.

To add one: its name here, and a module of that name beside this one with its ``SPEC``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from opsconsole.console.tables.spec import TableSpec

TABLES = (
    "board", "incidents", "readiness", "schedule", "missed", "inventory", "register", "log", "stages",
    "expiries", "problems", "instructions", "sessions", "reminders", "switch_off",
)  # fmt: skip


def spec_of(name: str) -> "TableSpec[Any]":
    """The table of a view. Raises KeyError for one that is not listed."""
    if name not in TABLES:
        raise KeyError(name)
    return cast("TableSpec[Any]", import_module(f"opsconsole.console.tables.{name}").SPEC)
