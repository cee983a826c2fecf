"""Copying the selected row as text: to the terminal's clipboard, and into a file beside it."""

import os
from typing import TYPE_CHECKING

from opsconsole.base.errors import Problem
from opsconsole.base.text import _
from opsconsole.client.shapes import Opd
from opsconsole.console.draw import card
from opsconsole.console.terminal.clipboard import card_path, sequences, write_card

if TYPE_CHECKING:
    from opsconsole.console.screens.page import Page


async def copy(page: "Page", opd: Opd | None = None) -> None:
    """Copy the page's application, or ``opd``, and say how far that went."""
    app = page.console_app
    text = await _text(page, opd)
    if not text:
        app.say(_("nothing is selected"))
        return
    sent = sequences(text, os.environ)
    for sequence in sent:
        app.write_control(sequence)
    said = _("copied {n} characters").format(n=len(text)) if sent else _("too long to copy")
    path = card_path(app.found.place, os.environ)
    if write_card(path, text):
        said += "; " + _("also in {path}").format(path=path)
    app.say(said)


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
