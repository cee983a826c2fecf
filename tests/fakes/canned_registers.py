"""A register as a sheet, and what can be edited of an application, as the scripted engine tells them."""

from typing import Any

from opsconsole.client.importing import AskKeys, AskSheet, EditableKey, SheetRows


def canned_registers() -> dict[str, Any]:
    """The answers by the name of their query."""

    def sheet(args: AskSheet) -> SheetRows:
        return SheetRows(args.what, ("id", "name", "phone"), (("rina", "Rina", "0812-0000-0001"),))

    def keys(args: AskKeys) -> tuple[EditableKey, ...]:
        return (
            EditableKey("name", f"Aplikasi {args.application}"),
            EditableKey("tier", "1"),
            EditableKey("http.timeout", "-"),
        )

    return {"sheet": sheet, "keys": keys}
