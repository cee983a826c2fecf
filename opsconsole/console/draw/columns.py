"""Columns: cells of fixed width side by side, the last one taking what is left."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opsconsole.base.text import _
from opsconsole.console.draw.lines import Line, Span, fit


class Column(NamedTuple):
    """``title`` is a template of the catalogues; ``width`` in cells, 0 for the rest of the line."""

    key: str
    title: str
    width: int
    align: str = "<"


Cells = Mapping[str, Span]


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """The width of each column in a line of ``room`` cells, one blank between two columns."""
    fixed = sum(column.width for column in columns) + len(columns) - 1
    return [column.width or max(room - fixed, 0) for column in columns]


def head_line(columns: Sequence[Column], room: int, indent: int = 1) -> Line:
    """The titles over the columns, beside the cursor's column of ``indent`` cells."""
    cells = [
        fit(_(column.title) if column.title else "", width, column.align)
        for column, width in zip(columns, widths(columns, room - indent), strict=True)
    ]
    return (Span(" " * indent + " ".join(cells), "quiet"),)


def row_line(columns: Sequence[Column], cells: Cells, before: Cells | None, room: int) -> Line:
    """A row in ``room`` cells; a cell that is not what it was ``before`` is marked as changed."""
    spans: list[Span] = []
    for column, width in zip(columns, widths(columns, room), strict=True):
        cell = cells[column.key]
        changed = before is not None and before[column.key].text != cell.text
        text = fit(cell.text, width, column.align)
        if spans:
            spans.append(Span(" "))
        spans.extend(_underlined(text, cell.tone) if changed else [Span(text, cell.tone)])
    return tuple(spans)


def framed(row: Line, place: int) -> Line:
    """A row with the cell of this column, which is no first one, between brackets in place of blanks."""
    before, cell, rest = row[2 * place - 1], row[2 * place], row[2 * place + 1 :]
    text = cell.text.rstrip()
    padding = Span(" " * (len(cell.text) - len(text)))
    framed_cell = (before._replace(text="["), cell._replace(text=text), Span("]"), padding)
    return (*row[: 2 * place - 1], *framed_cell, *(rest if padding.text else rest[1:]))


def _underlined(text: str, tone: str) -> list[Span]:
    """The text marked as changed, its padding not."""
    body = text.strip()
    if not body:
        return [Span(text)]
    start = text.index(body)
    parts = (Span(text[:start]), Span(body, tone, True), Span(text[start + len(body) :]))
    return [part for part in parts if part.text]
