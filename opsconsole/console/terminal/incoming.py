"""What a terminal sends, taken apart into characters, whole sequences and pasted text.

A line may cut a sequence anywhere and wait between the pieces. What has begun as a sequence is completed or
dropped, but never read as the letters it is made of: those are commands here. Pure: text and times in.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

ESC = "\x1b"
# Between the pieces of a sequence, of which 300 ms were measured, and of a paste that lost its end.
REST_S, PASTE_S = 0.5, 2.0
# What would have followed an escape that was given up waiting for may still come.
_LATE_S = 1.0
_STRINGS = "]P_^"
_INTRODUCERS = f"[O{_STRINGS}"
# Alt with these is sent by keyboards that mean moving or deleting by words; the last one ends a string.
_CHORDS = "bf\t\x7f\\"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"
# Of a longer sequence only the end is of interest.
_MOST = 64
_MOUSE = 6


class Unit(NamedTuple):
    """A ``key`` is one character or a lone escape; a ``sequence`` is whole, and may be unknown."""

    kind: Literal["key", "sequence", "paste"]
    text: str


class Incoming:
    """Takes text as it comes. ``escape_s`` is how long a lone escape waits for what may follow it."""

    def __init__(self, escape_s: float) -> None:
        self._escape_s = escape_s
        self._held = ""
        self._is_late = False
        self._last = 0.0
        self._escaped_at = -_LATE_S
        self._pasted: str | None = None

    def feed(self, text: str, now: float) -> Iterator[Unit]:
        """Everything that is complete with ``text``; ``now`` is any clock that only goes forward."""
        yield from self.tick(now)
        self._last = now
        for character in text:
            yield from self._take(character)

    def tick(self, now: float) -> Iterator[Unit]:
        """What has waited long enough."""
        waited = now - self._last
        if self._pasted is not None:
            if waited >= PASTE_S:
                yield self._end_paste()
        elif self._held == ESC:
            if waited >= self._escape_s:
                self._held = ""
                self._escaped_at = now
                yield Unit("key", ESC)
        elif self._held and waited >= REST_S:
            # A single character that came late was typed after all.
            typed = self._is_late and len(self._held) == 2
            yield Unit("key", self._held[1]) if typed else Unit("sequence", self._held)
            self._held = ""

    def _take(self, character: str) -> Iterator[Unit]:
        if self._pasted is not None:
            self._pasted += character
            if self._pasted.endswith(_PASTE_END):
                self._pasted = self._pasted.removesuffix(_PASTE_END)
                yield self._end_paste()
        elif not self._held:
            yield from self._take_first(character)
        elif self._held == ESC:
            yield from self._take_second(character)
        elif self._held[1] in _STRINGS:
            yield from self._take_in_string(character)
        else:
            yield from self._take_in_sequence(character)

    def _take_first(self, character: str) -> Iterator[Unit]:
        self._is_late = character in _INTRODUCERS and self._last - self._escaped_at < _LATE_S
        if character == ESC:
            self._held = ESC
        elif self._is_late:
            self._held = ESC + character
        else:
            yield Unit("key", character)

    def _take_second(self, character: str) -> Iterator[Unit]:
        if character in _INTRODUCERS:
            self._held += character
        elif character == ESC:
            yield Unit("key", ESC)
        elif character in _CHORDS:
            self._held = ""
            yield Unit("sequence", ESC + character)
        else:
            # Typed one after the other, and sent together by a line that had stalled.
            self._held = ""
            yield from (Unit("key", ESC), Unit("key", character))

    def _take_in_string(self, character: str) -> Iterator[Unit]:
        """A string ends with BEL or ESC \\; none of them tells us anything."""
        if self._held.endswith(ESC):
            self._held = "" if character == "\\" else ESC
            if self._held:
                yield from self._take_second(character)
        elif character == "\x07":
            self._held = ""
        elif character != ESC and character < " ":
            self._held = ""
            yield Unit("key", character)
        else:
            self._held = self._held[:_MOST] + character

    def _take_in_sequence(self, character: str) -> Iterator[Unit]:
        start = self._held
        if start in ("\x1b[[", "\x1b[M") or start.startswith("\x1b[M"):
            yield from self._take_counted(character)
        elif start == "\x1b[" and character in "[M":
            self._held += character
        elif "@" <= character <= "~":
            yield from self._complete(character)
        elif " " <= character <= "?":
            self._held = start[:_MOST] + character
        else:
            self._held = ""
            yield from self._take_first(character)

    def _take_counted(self, character: str) -> Iterator[Unit]:
        """After ``[`` the kernel's console sends one letter, after ``M`` a mouse of old three bytes."""
        self._held += character
        if self._held.startswith("\x1b[[") or len(self._held) == _MOUSE:
            yield from self._complete("")

    def _complete(self, character: str) -> Iterator[Unit]:
        whole, self._held = self._held + character, ""
        if whole == _PASTE_START:
            self._pasted = ""
        elif whole != _PASTE_END:
            yield Unit("sequence", whole)

    def _end_paste(self) -> Unit:
        text, self._pasted = self._pasted or "", None
        return Unit("paste", text)
