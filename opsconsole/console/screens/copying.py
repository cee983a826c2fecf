"""Copying the selected row as text: to the terminal's clipboard, and into a file beside it."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.incident_pages import AskIncident
from opsconsole.client.incidents import Incident
from opsconsole.client.shapes import Opd
from opsconsole.console.draw import card
from opsconsole.console.draw.lines import CUT
from opsconsole.console.tables.files import to_text
from opsconsole.console.tables.spec import TableRow
from opsconsole.console.tables.table import TableView
from opsconsole.console.terminal.clipboard import card_path, sequences, write_card

if TYPE_CHECKING:
    from opsconsole.console.screens.page import Page

# Wider rows are broken wherever they are pasted.
_TEXT_WIDTH = 100


def copy_rows(page: "Page", table: TableView, rows: Sequence[TableRow]) -> None:
    """Copy rows as text, in the columns that are drawn."""
    width = min(page.size.width, _TEXT_WIDTH)
    hand_out(page, to_text(table.columns(width), rows, width))


async def copy(page: "Page", opd: Opd | None = None) -> None:
    """Copy the page's incident or application, or ``opd``, and say how far that went."""
    app = page.console_app
    one = page.incident() if opd is None else None
    text = await incident_text(page, one) if one is not None else await _text(page, opd)
    if text:
        hand_out(page, text)
    else:
        app.say(_("nothing is selected"))


async def copy_incident(page: "Page", one: Incident) -> None:
    """Copy the card of an incident, and show what was copied."""
    from opsconsole.console.screens.text import TextScreen

    text = await incident_text(page, one)
    hand_out(page, text)
    page.console_app.open_page(TextScreen(_("Card of #{number}").format(number=one.number), text))


async def incident_text(page: "Page", one: Incident) -> str:
    """The card of an incident; with contacts where the engine answers."""
    from opsconsole.console.draw.incident_card import card as incident_card

    app = page.console_app
    try:
        detail = await app.ask(lambda client: client.query(AskIncident(number=one.number)))
    except Problem:
        detail = None
    return incident_card(one, detail, app.view())


def to_clipboard(page: "Page", text: str) -> str:
    """Text to the terminal's clipboard; what to say of it."""
    sent = sequences(text, os.environ)
    for sequence in sent:
        page.console_app.write_control(sequence)
    return _("copied {n} characters").format(n=len(text)) if sent else _("too long to copy")


def hand_out(page: "Page", text: str) -> None:
    """Text to the terminal's clipboard and into the file beside it, and say how far that went."""
    app, said = page.console_app, to_clipboard(page, text)
    path = card_path(app.found.place, os.environ)
    if write_card(path, text):
        room = app.size.width - cell_len(said) - 14
        said += "; " + _("also in {path}").format(path=_within(str(path), room))
    app.say(said)


def _within(path: str, room: int) -> str:
    """A path in so many cells: from the home where it lies there, else its end, which says the most."""
    home = os.environ.get("HOME", "")
    if home not in ("", "/") and path.startswith(f"{home}/"):
        path = f"~{path[len(home) :]}"
    return path if len(path) <= room else f"{CUT}{path[len(path) - max(room, 12) + 1 :]}"


async def _text(page: "Page", opd: Opd | None) -> str:
    """The card; with contacts where the engine answers."""
    app = page.console_app
    office = app.model.engine.office if app.model.engine else ""
    if opd is not None:
        own = [row for row in app.model.own() if row.opd == opd.code]
        return card.opd_card(opd, own, office, app.view())
    row = page.selected()
    if row is None:
        return ""
    try:
        detail = await app.ask(lambda client: client.detail(row.id))
    except Problem:
        detail = None
    return card.application_card(row, detail, office, app.view())
