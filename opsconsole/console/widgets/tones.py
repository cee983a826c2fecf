"""The tones: named looks made of the terminal's own sixteen colours, so that its theme is ours.

Colour only repeats what a word or glyph says already. Blue and yellow carry more than red and green.
"""

from functools import lru_cache

from rich.style import Style

TONES: dict[str, Style] = {
    "": Style(),
    "down": Style(color="red", bold=True),
    "soft": Style(color="red"),
    "cutoff": Style(color="magenta"),
    "warn": Style(color="yellow"),
    "unknown": Style(color="cyan"),
    "planned": Style(color="blue"),
    "quiet": Style(dim=True),
    "rule": Style(dim=True),
    "strong": Style(bold=True),
    "banner": Style(bold=True, reverse=True),
    "key": Style(bold=True),
    "cursor": Style(reverse=True),
}


@lru_cache(maxsize=256)
def style_of(tone: str, changed: bool = False, selected: bool = False, old: bool = False) -> Style:
    """The style of a span: one of a selected row is reversed as a whole, one of an old picture is grey."""
    style = Style(reverse=True) if selected else Style(dim=True) if old and tone != "banner" else TONES[tone]
    return style + Style(underline=True) if changed else style
