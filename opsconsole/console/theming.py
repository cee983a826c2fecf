"""Changing the theme of a console that runs, and remembering it for its user."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from opsconsole.base.text import _
from opsconsole.console import environment
from opsconsole.console.personal import Personal, keep_theme
from opsconsole.console.themes import THEMES, ground_codes, suited
from opsconsole.console.widgets.tones import choose_theme, theme_in_use

if TYPE_CHECKING:
    from opsconsole.console.terminal.textual_private import CarefulApp


class Wardrobe:
    """The theme of one console: ``name`` is what the user chose, which the terminal may not show."""

    def __init__(self, personal: Personal, environ: Mapping[str, str] = os.environ) -> None:
        self.name = personal.theme
        self._path = personal.path
        self._no_color = "NO_COLOR" in environ
        self._colours = environment.colours(environ)
        self._narrow = False
        self._choose()

    def dress(self, app: "CarefulApp") -> None:
        """Draw in the theme, all of it afresh."""
        self._choose()
        app.stand_on(ground_codes(theme_in_use()))
        for screen in app.screen_stack:
            repaint(screen)

    def narrow(self, app: "CarefulApp", narrow: bool) -> None:
        """Use sixteen colours and no ground, which takes half the bytes, or again what the theme has."""
        self._narrow = narrow
        if THEMES[self.name].ground is not None:
            self.dress(app)

    def change(self, app: "CarefulApp", name: str) -> str:
        """Change to a theme, or the next one where ``name`` is empty; what to say of it."""
        names = list(THEMES)
        if name and name not in names:
            return _("there is no theme {name}; want one of {allowed}").format(
                name=name, allowed=", ".join(names)
            )
        self.name = name or names[(names.index(self.name) + 1) % len(names)]
        self.dress(app)
        said = _("theme {name}").format(name=self.name)
        if THEMES[self.name].ground is not None and theme_in_use().ground is None:
            said += "; " + (
                _("NO_COLOR is set, so it has no colours")
                if self._no_color
                else _("low bandwidth has sixteen colours")
                if self._narrow
                else _("this terminal has too few colours for its ground")
            )
        if self._path is not None and not keep_theme(self._path, self.name):
            said += "; " + _("not remembered: {path} can not be written").format(path=self._path)
        return said

    def _choose(self) -> None:
        choose_theme(
            suited(self.name, colours=16 if self._narrow else self._colours, no_color=self._no_color)
        )


def repaint(screen: "Screen[Any]") -> None:
    """Draw every line of a screen again, also those that say the same."""
    for widget in screen.walk_children(with_self=True):
        widget.refresh()
