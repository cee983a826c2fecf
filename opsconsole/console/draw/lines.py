"""Lines of text made of spans: what every page of the console is built from.

A span is text with the name of a tone (`opsconsole.console.widgets.tones`); nothing in it is markup.
Widths are terminal cells, so wide characters count twice.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from opsconsole.base.text import safe_text

CUT = "…"
# Variation selectors, flags and skin tones: how wide they are depends on what stands beside them.
_DEPENDS_ON_NEIGHBOURS = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


class Span(NamedTuple):
    """Text in one tone. ``changed``: it became so a moment ago, and is underlined for a while."""

    text: str
    tone: str = ""
    changed: bool = False


Line = tuple[Span, ...]
Part = Span | str


def printable(text: str) -> str:
    """``text`` with nothing in it that a terminal would act on, or that terminals disagree about.

    What is stored is already safe; this is the last gate before it is drawn.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        text = safe_text(text, max(len(text), 1))
    return _DEPENDS_ON_NEIGHBOURS.sub("", text)


def fit(text: str, width: int, align: str = "<") -> str:
    """``text`` in exactly ``width`` cells: cut with an ellipsis or padded. ``align`` is ``<`` or ``>``."""
    if width <= 0:
        return ""
    text = printable(text)
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1) + CUT, width)
    return " " * (width - length) + text if align == ">" else text + " " * (width - length)


def line(*parts: Part) -> Line:
    """A line from spans and plain text; empty parts are left out."""
    spans = (part if isinstance(part, Span) else Span(part) for part in parts)
    return tuple(span for span in spans if span.text)


def width_of(spans: Iterable[Span]) -> int:
    """How many cells the line takes."""
    return sum(cell_len(span.text) for span in spans)


def plain(spans: Iterable[Span]) -> str:
    """The text of a line."""
    return "".join(span.text for span in spans)


def cut(spans: Sequence[Span], width: int) -> Line:
    """The line in exactly ``width`` cells: cut with an ellipsis or padded with blanks."""
    kept: list[Span] = []
    left = width
    for number, span in enumerate(spans):
        text = printable(span.text)
        length = cell_len(text)
        last = number == len(spans) - 1
        if length > left or (length == left and not last):
            kept.append(span._replace(text=fit(text + CUT, left)))
            left = 0
            break
        kept.append(span._replace(text=text))
        left -= length
    if left > 0:
        kept.append(Span(" " * left))
    return tuple(span for span in kept if span.text)


def justify(left: Line, right: Line, width: int, fill: str = " ", tone: str = "") -> Line:
    """``left`` and ``right`` at the two ends; the right one gives way first where both do not fit."""
    room = width - width_of(left) - width_of(right)
    if room < 0 and right:
        return justify(left, (), width, fill, tone)
    if room < 0:
        return cut(left, width)
    return (*left, Span(fill * room, tone), *right) if room else (*left, *right)


def heading(left: Line, right: Line, width: int) -> Line:
    """The rule above a pane, with what the pane is and what it holds back."""
    return justify(
        (Span("--", "rule"), *left, Span(" ", "rule")),
        (Span(" ", "rule"), *right, Span(" --", "rule")) if right else (),
        width,
        "-",
        "rule",
    )


def wrap(text: str, width: int, most: int) -> list[str]:
    """``text`` in lines of ``width`` cells, broken at blanks where it can be, at most ``most`` of them."""
    words = printable(text).split(" ")
    lines = [""]
    for word in words:
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(candidate) <= width:
            lines[-1] = candidate
        elif lines[-1]:
            lines.append(word)
        else:
            lines[-1] = word
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fit(one, width).rstrip() if cell_len(one) > width else one for one in lines]
