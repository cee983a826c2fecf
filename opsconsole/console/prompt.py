"""The prompt: one line that is typed into, for the filter and for commands. Pure: keys in, text out."""

from collections.abc import Sequence
from typing import Literal

from opsconsole.base.text import safe_text
from opsconsole.console.draw.lines import Line, Span, cut, fit, width_of

Kind = Literal["filter", "command"]
_MARKS: dict[Kind, str] = {"filter": "/", "command": ":"}
_MOST = 500
_LEAST_HINT = 24


class Prompt:
    """A line being typed. ``history`` holds earlier lines, the newest last."""

    def __init__(self, kind: Kind, text: str = "", history: Sequence[str] = ()) -> None:
        self.kind = kind
        self.text = text
        self._at = len(text)
        self._history = [*history, text]
        self._place = len(history)

    def press(self, key: str, character: str | None) -> bool:
        """Take a key by Textual's name; whether it changed anything here."""
        match key:
            case "left" | "ctrl+b":
                self._at = max(self._at - 1, 0)
            case "right" | "ctrl+f":
                self._at = min(self._at + 1, len(self.text))
            case "home" | "ctrl+a":
                self._at = 0
            case "end" | "ctrl+e":
                self._at = len(self.text)
            case "backspace" | "ctrl+h":
                self._cut(self._at - 1, self._at)
            case "delete" | "ctrl+d":
                self._cut(self._at, self._at + 1)
            case "ctrl+u":
                self._cut(0, self._at)
            case "ctrl+k":
                self._cut(self._at, len(self.text))
            case "ctrl+w":
                self._cut(self.text.rstrip().rfind(" ", 0, self._at) + 1, self._at)
            case _:
                if character is None or not character.isprintable():
                    return False
                self.insert(character)
        return True

    def insert(self, text: str) -> None:
        """Put text in at the cursor, as typing or pasting does."""
        text = safe_text(text, _MOST)[: _MOST - len(self.text)]
        self.text = self.text[: self._at] + text + self.text[self._at :]
        self._at += len(text)

    def replace(self, text: str) -> None:
        """Have another text, with the cursor at its end."""
        self.text = text
        self._at = len(text)

    def recall(self, by: int) -> None:
        """Go back (-1) or forth (1) in the history."""
        self._place = max(0, min(self._place + by, len(self._history) - 1))
        self.replace(self._history[self._place])

    def line(self, width: int, hint: str = "") -> Line:
        """The line as it is drawn: mark, text with its cursor, and a hint at the end."""
        before, under, after = (
            self.text[: self._at],
            self.text[self._at :][:1] or " ",
            self.text[self._at + 1 :],
        )
        room = width - 4
        if len(before) > room - 1:
            before = before[len(before) - room + 1 :]
        spans = [Span(f" {_MARKS[self.kind]} ", "key"), Span(before), Span(under, "cursor"), Span(after)]
        spare = width - width_of(spans)
        # A longer one loses its end; a few letters of one would say nothing.
        shown = min(len(hint), spare - 3)
        if hint and shown >= min(len(hint), _LEAST_HINT):
            spans += [Span(" " * (spare - shown - 1)), Span(fit(hint, shown), "quiet")]
        return cut([span for span in spans if span.text], width)

    def _cut(self, start: int, end: int) -> None:
        start = max(start, 0)
        self.text = self.text[:start] + self.text[end:]
        self._at = min(start, len(self.text))
