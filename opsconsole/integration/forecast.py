"""When what remains will be done, by drawing from the weeks that were. Pure; a seed gives it again."""

from collections.abc import Sequence
from random import Random
from typing import Literal, NamedTuple

DRAWS = 2_000
# Ten years: who would need longer has no date.
MOST_WEEKS = 520

Why = Literal["", "thin", "far", "done"]


class Forecast(NamedTuple):
    """Weeks until it is done in half of the draws and in 85 of 100; None with ``why`` where none can be told.

    ``thin``: too few gains to draw from. ``far``: not within ten years; then ``p50`` may still be there.
    """

    p50: int | None
    p85: int | None
    why: Why = ""


def forecast(weekly: Sequence[int], gains: int, remaining: int, *, least_gains: int, seed: int) -> Forecast:
    """``weekly`` are gains minus falls of each past week, ``gains`` how many gains there were among them.

    A week is drawn again and again, each as likely as the other, until nothing remains.
    """
    if remaining <= 0:
        return Forecast(0, 0, "done")
    if gains < least_gains or not weekly:
        return Forecast(None, None, "thin")
    # Not for secrets: the same seed has to give the same dates.
    draw = Random(seed)  # noqa: S311
    lengths = sorted(_length(draw, weekly, remaining) for _number in range(DRAWS))
    p50, p85 = lengths[DRAWS // 2 - 1], lengths[DRAWS * 85 // 100 - 1]
    return Forecast(
        p50 if p50 <= MOST_WEEKS else None,
        p85 if p85 <= MOST_WEEKS else None,
        "" if p85 <= MOST_WEEKS else "far",
    )


def _length(draw: Random, weekly: Sequence[int], remaining: int) -> int:
    size, random = len(weekly), draw.random
    for week in range(1, MOST_WEEKS + 1):
        remaining -= weekly[int(random() * size)]
        if remaining <= 0:
            return week
    return MOST_WEEKS + 1
