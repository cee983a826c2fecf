"""Where entries stand in the files."""

from collections import Counter
from functools import lru_cache

from opsconsole.inventory.office import Inventory
from opsconsole.inventory.scan import Path, key_lines, line_of


def row_lines(inventory: Inventory) -> dict[str, int]:
    """The line of each application and service in its file, by row id."""
    lines: dict[str, int] = {}
    before: Counter[str] = Counter()
    for row in inventory.rows():
        table = "services" if row.kind == "service" else "applications"
        lines[row.id] = key_line(inventory, row.file, (table, before[row.file]))
        before[row.file] += 1
    return lines


def key_line(inventory: Inventory, file: str, path: Path) -> int:
    """The line of a key in a file, or of the nearest part of its path that is there; 1 for no such file."""
    return line_of(_lines(inventory.files.get(file, b"")), path)


# The files of a revision never change, and a scan of a whole city takes tens of milliseconds.
@lru_cache(maxsize=512)
def _lines(content: bytes) -> dict[Path, int]:
    return key_lines(content.decode("utf-8-sig"))
