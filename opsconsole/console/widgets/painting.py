"""From lines to strips, and which part of a line changed."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from opsconsole.console.draw.lines import Line, Span, cut
from opsconsole.console.widgets.tones import style_of


def strip_of(spans: Sequence[Span], width: int, *, selected: bool = False, old: bool = False) -> Strip:
    """The line in exactly ``width`` cells, ready for Textual's line API."""
    return Strip(
        [Segment(span.text, style_of(span.tone, span.changed, selected, old)) for span in cut(spans, width)],
        width,
    )


def changed_extent(before: Line, after: Line) -> tuple[int, int] | None:
    """The first and the one-past-last column where two lines differ; None when they are the same."""
    if before == after:
        return None
    old, new = _characters(before), _characters(after)
    shared = min(len(old), len(new))
    start = next((at for at in range(shared) if old[at] != new[at]), shared)
    widths = _width(old), _width(new)
    tail = 0
    while widths[0] == widths[1] and tail < shared - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    while start and any(map(_is_mark, (*old[start : start + 1], *new[start : start + 1]))):
        start -= 1  # a mark that combines belongs to the character before it
    while tail and _is_mark(new[-tail]):
        tail -= 1
    return _width(new[:start]), max(widths) - _width(new[len(new) - tail :])


_Character = tuple[str, str, bool]


def _characters(spans: Line) -> list[_Character]:
    return [(character, span.tone, span.changed) for span in spans for character in span.text]


def _width(characters: Sequence[_Character]) -> int:
    return cell_len("".join(character for character, _tone, _changed in characters))


def _is_mark(character: _Character) -> bool:
    return cell_len(character[0]) == 0
