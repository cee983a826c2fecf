"""A terminal's cells, and the fewest bytes from one picture to another.

`Grid.feed` reads what a full-screen program draws: absolute moves, colours and text. Everything else in
it is dropped, so that text from outside can not reach the terminal as a command.
"""

import re
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

# A move, a colour, a newline, a run of text; any other sequence is matched to be dropped.
_TOKEN = re.compile(
    "\x1b\\[(?P<move>[0-9;]*)H|\x1b\\[(?P<tone>[0-9;]*)m|(?P<newline>\n)|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    "|\x1b[\\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b\\[[0-?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f]"
)
# What turns the direction of text, is not seen, or is no character at all: never drawn, whoever drew it.
_FOREIGN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The marks on one character: no script needs more, and a flood of them would be a flood on the wire.
_MOST_MARKS = 3
# Codes that say only what is so anyway after a reset: default foreground, default background.
_NO_CHANGE = frozenset({"39", "49"})
# Blinking and hidden text.
_HIDING = frozenset({"5", "6", "8"})
# Sending this many unchanged cells costs no more than moving over them.
_GAP = 5

Cell = tuple[str, str]
"""A character with its colour codes; the text is empty in the second cell of a wide one."""

BLANK: Cell = (" ", "")
_UNKNOWN: Cell = ("\0", "")


def _codes(current: str, given: str) -> str:
    """The colour codes in force after ``given``, from those in force before. What hides text is left out."""
    kept = current.split(";") if current else []
    codes = iter((given or "0").split(";"))
    for code in codes:
        if code in ("", "0"):
            kept = []
        elif code in ("38", "48"):
            mode = next(codes, "")
            kept.append(";".join([code, mode, *(next(codes, "0") for _ in range(1 if mode == "5" else 3))]))
        elif code not in _NO_CHANGE and code not in _HIDING:
            kept.append(code)
    return ";".join(kept)


def _shows_on_blank(codes: str) -> bool:
    """Whether a blank in these codes looks unlike a plain one: underline, reverse, strike, background."""
    return any(
        code in ("4", "7", "9", "21") or (code[:1] == "4" and len(code) > 1) or code[:2] == "10"
        for code in codes.split(";")
    )


class Grid:
    """The cells of a terminal of ``width`` by ``height``, blank, or unknown when it was not we who drew."""

    def __init__(self, width: int, height: int, *, unknown: bool = False) -> None:
        self.width = width
        self.height = height
        cell = _UNKNOWN if unknown else BLANK
        self.rows: list[list[Cell]] = [[cell] * width for _ in range(height)]

    def copy(self) -> "Grid":
        """The same picture, apart."""
        other = Grid(0, 0)
        other.width, other.height = self.width, self.height
        other.rows = [row.copy() for row in self.rows]
        return other

    def feed(self, drawing: str) -> None:
        """Draw what a program sent."""
        x = y = 0
        codes = ""
        for token in _TOKEN.finditer(drawing):
            match token.lastgroup:
                case "move":
                    row, _, column = token["move"].partition(";")
                    y, x = int(row or 1) - 1, int(column or 1) - 1
                case "tone":
                    codes = _codes(codes, token["tone"])
                case "newline":
                    x, y = 0, y + 1
                case "text":
                    x = self._write(x, y, token["text"], codes)

    @staticmethod
    def _combine(row: list[Cell], x: int, mark: str) -> None:
        """Put a mark without width of its own on the character at ``x``, or the wide one that ends there."""
        if 0 < x < len(row) and row[x][0] == "":
            x -= 1
        if 0 <= x < len(row) and 0 < len(row[x][0]) <= _MOST_MARKS:
            row[x] = (row[x][0] + mark, row[x][1])

    @staticmethod
    def _break_wide(row: list[Cell], x: int, size: int) -> None:
        """Blank the other half of a wide character that is about to be overwritten in part."""
        if row[x][0] == "":
            row[x - 1] = BLANK
        if x + size < len(row) and row[x + size][0] == "":
            row[x + size] = BLANK

    def _write(self, x: int, y: int, text: str, codes: str) -> int:
        if not 0 <= y < self.height:
            return x + cell_len(text)
        if not text.isascii():
            text = _FOREIGN.sub("\ufffd", text)
        row = self.rows[y]
        blank = (" ", codes if _shows_on_blank(codes) else "")
        for character in text:
            size = 1 if character < "\u0300" else get_character_cell_size(character)
            if size == 0:
                self._combine(row, x - 1, character)
                continue
            if x + size <= self.width:
                self._break_wide(row, x, size)
                row[x] = blank if character == " " else (character, codes)
                if size == 2:
                    row[x + 1] = ("", codes)
            x += size
        return x


def _is_odd(text: str) -> bool:
    """Whether terminals may disagree about the width of this cell."""
    return len(text) != 1 or text >= "\u0300"


def _runs(before: list[Cell], after: list[Cell]) -> list[tuple[int, int]]:
    """The changed stretches of a row, near ones joined, wide characters kept whole."""
    runs: list[tuple[int, int]] = []
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        start = x - 1 if new[0] == "" and x else x
        end = x + 2 if x + 1 < len(after) and after[x + 1][0] == "" else x + 1
        if runs and start - runs[-1][1] <= _GAP:
            runs[-1] = (runs[-1][0], max(end, runs[-1][1]))
        else:
            runs.append((start, end))
    return runs


# What takes an attribute back; bold and faint go together.
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29", "21": "24"}
_COLOUR = re.compile(r"(38|48);(?:5;\d+|2;\d+;\d+;\d+)|\d+")


def _slots(codes: str) -> tuple[frozenset[str], str, str]:
    """Codes taken apart: attributes, text colour, background."""
    attributes, text, back = set(), "", ""
    for match in _COLOUR.finditer(codes):
        code = match[0]
        first = int(code.partition(";")[0])
        if first == 38 or 30 <= first < 38 or 90 <= first < 98:
            text = code
        elif first == 48 or 40 <= first < 48 or 100 <= first < 108:
            back = code
        else:
            attributes.add(code)
    return frozenset(attributes), text, back


@lru_cache(maxsize=512)
def _turn(before: str, after: str) -> str:
    """The codes that lead from one look to another, with nothing said twice."""
    had, old_text, old_back = _slots(before)
    want, text, back = _slots(after)
    off = sorted({_OFF.get(code, "0") for code in had - want})
    if "0" in off:
        return f"0;{after}"
    gone = {code for code in had if _OFF.get(code) in off}
    parts = [*off, *sorted(want - (had - gone))]
    parts += [text or "39"] if text != old_text else []
    parts += [back or "49"] if back != old_back else []
    return ";".join(parts)


class _Pen:
    """Collects bytes; knows where the cursor is and which codes are in force.

    On a ``ground`` everything is drawn that says no colours of its own.
    """

    def __init__(self, ground: str = "") -> None:
        self.out: list[str] = []
        self.codes = ""
        self.at: tuple[int, int] | None = None
        self._ground = ground

    def move(self, x: int, y: int) -> None:
        if self.at == (x, y):
            return
        if self.at and self.at[1] == y:
            self.out.append(f"\x1b[{x + 1}G")
        else:
            self.out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self.at = (x, y)

    def tone(self, codes: str) -> None:
        if self._ground:
            self._tone_on_ground(codes)
        elif codes != self.codes:
            start = "" if not codes else codes if not self.codes else f"0;{codes}"
            self.out.append(f"\x1b[{start}m")
            self.codes = codes

    def _tone_on_ground(self, codes: str) -> None:
        attributes, text, back = _slots(f"{self._ground};{codes}" if codes else self._ground)
        wanted = ";".join([*sorted(attributes), text, back])
        if wanted != self.codes:
            self.out.append(f"\x1b[{_turn(self.codes, wanted)}m")
            self.codes = wanted

    def end(self) -> None:
        """Leave the terminal's own colours behind."""
        if self.codes:
            self.out.append("\x1b[m")

    def put(self, cells: list[Cell], x: int, y: int) -> None:
        for offset, (text, codes) in enumerate(cells):
            if not text:
                continue
            self.move(x + offset, y)
            self.tone(codes)
            self.out.append(text)
            self.at = None if _is_odd(text) else (x + offset + 1, y)

    def erase_rest(self, x: int, y: int) -> None:
        self.move(x, y)
        self.tone("")
        self.out.append("\x1b[K")


def _blank_from(row: list[Cell]) -> int:
    """The column from which the row is blank to its end."""
    end = len(row)
    while end and row[end - 1] == BLANK:
        end -= 1
    return end


def difference(sent: Grid, wanted: Grid, ground: str = "") -> str:
    """What to send so that a terminal that shows ``sent`` shows ``wanted``; the sizes are the same.

    ``ground``: the colours, as SGR codes, of all that has none of its own; both are meant to stand on it.
    """
    pen = _Pen(ground)
    if sent.rows and sent.rows[0] and sent.rows[0][0] == _UNKNOWN:
        pen.out.append("\x1b[m\x1b[H\x1b[2J")
        # Erasing may leave the terminal's own colours, so on a ground every cell is written.
        sent = sent if ground else Grid(wanted.width, wanted.height)
    for y, (before, after) in enumerate(zip(sent.rows, wanted.rows, strict=True)):
        if before == after:
            continue
        rest = len(after) if ground else _blank_from(after)
        for start, end in _runs(before, after):
            if end > rest and end - max(start, rest) > 3:
                pen.put(after[start:rest], start, y)
                pen.erase_rest(max(start, rest), y)
                break
            pen.put(after[start:end], start, y)
    pen.end()
    return "".join(pen.out)
