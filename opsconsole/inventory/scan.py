"""Where in a TOML text each key stands.

`tomllib` reads a document but forgets the lines. When something in one is wrong, `key_lines` walks
the text again, one that `tomllib` has accepted, and notes the line of every key and array element.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# The four kinds of string; a multi-line one may end in one or two quotes of its own.
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")' r"|'''.*?'''(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


def key_lines(text: str) -> dict[Path, int]:
    """The 1-based line of every key and array element of a valid TOML text, by its path.

    A table has the line of its header, or of the first key that made it.
    """
    return _Scanner(text).lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest part of it that is there; 1 when nothing of it is."""
    for length in range(len(path), 0, -1):
        if found := lines.get(path[:length]):
            return found
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._last_index: dict[Path, int] = {}
        self.lines: dict[Path, int] = {}
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while not self._ended():
            if self._text.startswith("[[", self._at):
                table = self._header(2)
            elif self._text.startswith("[", self._at):
                table = self._header(1)
            else:
                self._pair(table)

    def _ended(self) -> bool:
        self._skip_blank()
        return self._at >= len(self._text)

    def _header(self, brackets: int) -> Path:
        line = self._line()
        self._at += brackets
        path: Path = ()
        for part in self._key_parts():
            path = (*self._inside(path), part)
            self.lines.setdefault(path, line)
        self._at = self._text.index("]", self._at) + brackets
        if brackets == 2:
            self._last_index[path] = self._last_index.get(path, -1) + 1
            self.lines[self._inside(path)] = line
        return self._inside(path)

    def _inside(self, path: Path) -> Path:
        """``path``, gone on into the last element where it is an array of tables."""
        index = self._last_index.get(path)
        return path if index is None else (*path, index)

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for part in self._key_parts():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._expect("=")
        self._value(path)

    def _key_parts(self) -> Iterator[str]:
        while True:
            self._skip_blank()
            match = _BARE.match(self._text, self._at)
            if match:
                yield match[0]
            else:
                match = _STRING.match(self._text, self._at)
                assert match is not None, "the text was valid"
                yield str(tomllib.loads(f"key = {match[0]}")["key"])
            self._at = match.end()
            self._skip_blank()
            if not self._text.startswith(".", self._at):
                return
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        first = self._text[self._at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            pattern = _STRING if first in "\"'" else _SCALAR
            match = pattern.match(self._text, self._at)
            assert match is not None, "the text was valid"
            self._at = match.end()

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while not self._closed("]"):
            element = (*path, index)
            self._note(element)
            self._value(element)
            index += 1
            self._comma()

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)
            self._comma()

    def _closed(self, bracket: str) -> bool:
        self._skip_blank()
        if not self._text.startswith(bracket, self._at):
            return False
        self._at += 1
        return True

    def _comma(self) -> None:
        self._skip_blank()
        if self._text.startswith(",", self._at):
            self._at += 1

    def _expect(self, mark: str) -> None:
        self._skip_blank()
        assert self._text.startswith(mark, self._at), "the text was valid"
        self._at += len(mark)

    def _skip_blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        assert match is not None, "it matches nothing too"
        self._at = match.end()

    def _line(self) -> int:
        self._skip_blank()
        return bisect_right(self._newlines, self._at - 1) + 1

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._line())
