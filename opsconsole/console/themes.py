"""The themes: what each tone looks like. Tables of data; nothing here draws.

``ansi`` is made of the terminal's own sixteen colours, so that its palette is ours. The others bring a
ground of their own, in colours of the fixed part of the 256-colour palette, so that their contrast is known.
Colour only repeats what a word or glyph says already; blue and yellow carry more than red and green.
"""

from collections.abc import Mapping
from typing import NamedTuple

Colour = int | str | None
"""A number of the 256-colour palette, the name of one of the terminal's sixteen, or its usual colour."""


class Look(NamedTuple):
    """How a tone is written: its colour, and whether it is bold, faint or reversed."""

    colour: Colour = None
    bold: bool = False
    faint: bool = False
    reverse: bool = False


class Theme(NamedTuple):
    """``ground``: text and background, as numbers of the palette; None leaves the terminal's own."""

    name: str
    ground: tuple[int, int] | None
    tones: Mapping[str, Look]


USUAL = "ansi"
_SHAPES = {
    "": Look(),
    "strong": Look(bold=True),
    "banner": Look(bold=True, reverse=True),
    "key": Look(bold=True),
    "cursor": Look(reverse=True),
}


def _theme(name: str, ground: tuple[int, int] | None, **tones: Look) -> Theme:
    return Theme(name, ground, {**_SHAPES, **tones})


_ANSI = _theme(
    "ansi", None,
    down=Look("red", bold=True), soft=Look("red"), cutoff=Look("magenta"), warn=Look("yellow"),
    unknown=Look("cyan"), planned=Look("blue"), quiet=Look(faint=True), rule=Look(faint=True),
)  # fmt: skip
_DARK = _theme(
    "dark", (252, 234),
    down=Look(210, bold=True), soft=Look(210), cutoff=Look(176), warn=Look(221),
    unknown=Look(80), planned=Look(111), quiet=Look(247), rule=Look(245),
)  # fmt: skip
_LIGHT = _theme(
    "light", (235, 255),
    down=Look(124, bold=True), soft=Look(124), cutoff=Look(90), warn=Look(94),
    unknown=Look(24), planned=Look(19), quiet=Look(240), rule=Look(241),
)  # fmt: skip
_HIGH = _theme(
    "high-contrast", (231, 16),
    down=Look(217, bold=True), soft=Look(217), cutoff=Look(219), warn=Look(226),
    unknown=Look(123), planned=Look(153), quiet=Look(253), rule=Look(250),
)  # fmt: skip
THEMES: dict[str, Theme] = {theme.name: theme for theme in (_ANSI, _DARK, _LIGHT, _HIGH)}

# Sixteen colours, no ground: nothing faint, nothing in a colour that this terminal may show badly.
_PLAIN = _theme(
    "high-contrast", None,
    down=Look(bold=True), soft=Look(), cutoff=Look(), warn=Look(), unknown=Look(), planned=Look(),
    quiet=Look(), rule=Look(),
)  # fmt: skip


def suited(name: str, *, colours: int, no_color: bool = False) -> Theme:
    """What a terminal of so many colours shows for the theme of this name.

    One that has no 256 keeps its own ground. ``no_color``: shapes alone, as NO_COLOR asks.
    """
    theme = THEMES[name]
    if theme.ground is not None and (no_color or colours < 256):
        theme = _PLAIN if theme is _HIGH else _ANSI
    if no_color:
        theme = theme._replace(tones={tone: look._replace(colour=None) for tone, look in theme.tones.items()})
    return theme


def ground_codes(theme: Theme) -> str:
    """The theme's ground as SGR codes; empty for the terminal's own."""
    return f"38;5;{theme.ground[0]};48;5;{theme.ground[1]}" if theme.ground else ""
