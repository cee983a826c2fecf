"""From the tones of the theme in use to styles."""

from functools import lru_cache

from rich.color import Color
from rich.style import Style

from opsconsole.console.themes import THEMES, USUAL, Look, Theme

_theme = THEMES[USUAL]


def choose_theme(theme: Theme) -> None:
    """Draw in this theme from here on."""
    global _theme
    _theme = theme
    style_of.cache_clear()


def theme_in_use() -> Theme:
    """The theme that is drawn in."""
    return _theme


@lru_cache(maxsize=256)
def style_of(tone: str, changed: bool = False, selected: bool = False, old: bool = False) -> Style:
    """The style of a span: one of a selected row is reversed as a whole, one of an old picture is grey."""
    tones = _theme.tones
    look = tones["cursor"] if selected else tones["quiet"] if old and tone != "banner" else tones[tone]
    style = _style(look)
    return style + Style(underline=True) if changed else style


def _style(look: Look) -> Style:
    colour = Color.from_ansi(look.colour) if isinstance(look.colour, int) else look.colour
    # What is not asked for is left unsaid, so that nothing is sent for it.
    return Style(
        color=colour,
        bold=look.bold or None,
        dim=look.faint or None,
        reverse=look.reverse or None,
    )
