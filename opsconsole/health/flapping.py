"""Flapping as Icinga 2 finds it. Pure.

Of the last 20 results those that differ from the one before are weighed, the newest with 1.18 and the
oldest with 0.80 of a slot: above 30 % it begins, at 25 % it ends. Weights are in hundredths, so that the
limits are exact: 30 % of 20 slots is 600, 25 % is 500.
"""

SLOTS = 20
_ABOVE, _UNTIL = 600, 500


def turned(history: int, changed: bool) -> int:
    """``history``, a bit for each result and the newest lowest, with one more."""
    return (history << 1 | changed) & ((1 << SLOTS) - 1)


def weight(history: int) -> int:
    """The weighted sum of the changes in ``history``, in hundredths of a slot."""
    return sum(118 - 2 * age for age in range(SLOTS) if history >> age & 1)


def percent(history: int) -> float:
    """The same as people read it, 0 to 99."""
    return weight(history) / SLOTS


def flaps(history: int, flapping: bool) -> bool:
    """Whether it flaps after ``history``, where it did or did not before."""
    return weight(history) > (_UNTIL if flapping else _ABOVE)
