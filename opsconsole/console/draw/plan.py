"""The plan of the board: how many rows each part gets on a screen of this size."""

from typing import NamedTuple

SMALL_WIDTH, SMALL_HEIGHT = 60, 15
# Title and counts above; event and hints below.
_FRAME = 4
# A pane's rule and its column titles.
_PANE = 2
_LEAST_OPDS = 3


class Plan(NamedTuple):
    """Lines of each part; the panes' own include rule and titles, 0 where the pane is not shown."""

    small: bool
    problems: int
    opds: int


def is_small(width: int, height: int) -> bool:
    """Whether the screen is a phone's: then it shows the list of problems and little else."""
    return width < SMALL_WIDTH or height < SMALL_HEIGHT


def plan_board(
    width: int, height: int, *, rows: int, extra: int = 0, opds: int = 0, only_problems: bool = False
) -> Plan:
    """Share the lines out.

    ``rows`` are those of the upper pane, ``opds`` those of the lower; ``extra`` lines are taken by banners
    and menus. The upper pane gets what it needs; the lower one shrinks to three rows, then goes.
    """
    if is_small(width, height):
        return Plan(True, max(height - 2 - extra, 1), 0)
    body = max(height - _FRAME - extra, 1)
    wanted = _PANE + max(rows, 1)
    if only_problems or not opds or body < _PANE + 1 + _PANE + _LEAST_OPDS:
        return Plan(False, body, 0)
    upper = min(wanted, body - _PANE - _LEAST_OPDS)
    lower = body - upper
    spare = lower - _PANE - opds
    return Plan(False, upper + max(spare, 0), lower - max(spare, 0))
