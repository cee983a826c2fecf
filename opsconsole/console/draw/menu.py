"""Lists that open above the hint line: what a row can do, and what a command line could become."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line, Span, fit
from opsconsole.console.keymap import Action

if TYPE_CHECKING:
    from opsconsole.console.palette import Suggestion

_KEY_WIDTH, _KEY_MOST = 6, 20


def key_width(actions: Iterable[Action]) -> int:
    """How wide the keys of a menu are, with the blank after them."""
    return 1 + min(max([_KEY_WIDTH, *(len(_name(action)) for action in actions)]), _KEY_MOST)


def action_line(action: Action, refused: str, width: int, keys: int) -> Line:
    """``r  look at it now`` or, greyed, why it can not be done; the key in ``keys`` cells."""
    tone = "quiet" if refused else ""
    text = _(action.help)
    if refused:
        text += f"  ({refused})"
    return (
        Span(" " + fit(_name(action), keys), "quiet" if refused else "key"),
        Span(fit(text, max(width - keys - 2, 0)), tone),
    )


def _name(action: Action) -> str:
    """Its key; what to type after ``:`` where it has none."""
    typed = action.word or action.command
    return action.shown or (f":{typed}" if typed else "-")


def suggestion_line(suggestion: "Suggestion", width: int) -> Line:
    """``:opd rsud   RSUD, 4 of 5 up``, with the key that does the same at the end."""
    tone = "quiet" if suggestion.refused else ""
    left = max(16, min(30, width // 3))
    told = suggestion.help + (f"  ({suggestion.refused})" if suggestion.refused else "")
    room = max(width - left - 8, 0)
    return (
        Span(fit(f":{suggestion.line}", left), tone or "strong"),
        Span(" "),
        Span(fit(told, room), "quiet"),
        Span(fit(suggestion.key, 6, ">"), "key"),
    )


def drawer_rows(wanted: int, height: int) -> int:
    """How many rows a list may take of a screen this high: enough to choose from, never all of it."""
    return max(1, min(wanted, 12, max(height // 2 - 2, min(4, height - 5))))
