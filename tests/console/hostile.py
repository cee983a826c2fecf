"""Text that somebody chose to do harm with, from a seed: the same each time, and a little of everything."""

import random
from collections.abc import Iterator

_PIECES: tuple[str, ...] = (
    "\x1b]52;c;QUFB\x07", "\x1b]0;owned\x1b\\", "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",
    "\x1b[2J", "\x1b[31m", "\x1b[9;9H", "\x1b[?1049l", "\x1b[6n", "\x1b[c", "\x1b[21t",
    "\x1bP+q544e\x1b\\", "\x1bPtmux;\x1b\x1b[2J\x1b\\", "\x1b_Gq\x1b\\", "\x1b^x\x1b\\", "\x1bc",
    "\x1b(0", "\x1b#8", "\x1b[8m", "\x1b[20h", "\x1b", "\x9b31m", "\x9d0;x\x9c", "\x90q\x9c",
    "\x9f\x85\x84", "\x07", "\x08\x08\x08", "\r", "\n", "\r\n", "\t", "\v\f", "\x0e", "\x0f", "\x00",
    "\x7f", "\x1a", "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\u200d",
    "\ufeff", "\u2028", "\u2029", "\u00ad", "\u2060", "\U000e0041\U000e0042", "\U000e0100",
    "e" + "\u0301" * 40, "\u0300" * 12, "\u0e49" * 9, "漢字", "ｆｕｌｌ", "한국어",
    "\U0001f469\u200d\U0001f4bb", "\U0001f1ee\U0001f1e9", "\U0001f44d\U0001f3fd", "\u2764\ufe0f",
    "\u3164", "\ud800", "\udcff", "[/]", "[/b]", "[red]", "[@click=app.quit]",
    "[link=file:///x]y[/link]", "{name}", "%s", "${HOME}", "`id`", "$(id)", "\\", "'", '"',
    "=HYPERLINK(1)", "<b>", "&amp;", "../../etc", "a b", "  ", "Rina S.", "x", "503",
)  # fmt: skip
_LONG_IN = 60


def strings(seed: int, count: int) -> Iterator[str]:
    """So many strings, each of some pieces; one in sixty is very long."""
    chance = random.Random(seed)
    for _ in range(count):
        pieces = 400 if not chance.randrange(_LONG_IN) else chance.randrange(1, 6)
        text = "".join(chance.choices(_PIECES, k=pieces))
        if not chance.randrange(4):
            text += "".join(chr(chance.randrange(0x110000)) for _letter in range(8))
        yield text


def valid(text: str) -> str:
    """As it can be sent as JSON: half of a surrogate pair can not."""
    return text.encode("utf-8", "replace").decode()


class Source:
    """Hands the strings out one by one and counts them; begins anew at the end."""

    def __init__(self, seed: int, count: int) -> None:
        self.texts = [valid(text) for text in strings(seed, count)]
        self.given = 0

    def __call__(self) -> str:
        """The next one."""
        self.given += 1
        return self.texts[(self.given - 1) % len(self.texts)]
