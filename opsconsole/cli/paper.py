"""Where commands draw: a terminal of some width, or a pipe that takes lines of any length."""

import shutil
import sys
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from opsconsole.console.draw.times import Times
from opsconsole.console.draw.view import View

# Wide enough that nothing is wrapped for a program that reads lines.
PIPE_WIDTH = 1000
# As high as the screens are designed for: nothing that is printed is cut by it.
PAGE_LINES = 24
Cell = str | Text


def line_width() -> int:
    """How many cells a line may take: the terminal's, or what no program that reads lines would mind."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH


def paper_view(times: Times, now: datetime, person: str = "") -> View:
    """What the console draws for a screen, drawn for paper as wide as a line may be, for ``person``."""
    return View(line_width(), PAGE_LINES, now, times, person)


def paper() -> Console:
    """Standard output. No markup, no emoji, no highlighting: what is printed comes from outside too."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)


def columns(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Columns without rules; the last one takes what room is left and is folded where it is too long."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for header in headers[:-1]:
        table.add_column(Text(header), no_wrap=True)
    table.add_column(Text(headers[-1]), overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return table


def show(console: Console, table: Table) -> None:
    """Print a table without the blanks that fill its last column."""
    for segments in console.render_lines(table):
        line = Text.assemble(*((part.text, part.style or "") for part in segments))
        line.rstrip()
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
