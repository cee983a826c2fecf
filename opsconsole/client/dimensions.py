"""The six dimensions of a smart city, in counts. No score is made of them."""

from datetime import date, datetime

import msgspec

from opsconsole.client.query import Query


class Dimension(msgspec.Struct, frozen=True, kw_only=True):
    """One dimension: of its active ``applications`` so many are ``reachable`` now, ``integrated`` (at the
    stage that the definition asks for) and ``ready`` (their people are at the level that it asks for).

    ``counted``: the gate before it is passed, so it may be counted.
    """

    dimension: str
    applications: int = 0
    reachable: int = 0
    integrated: int = 0
    ready: int = 0
    counted: bool = True


class DimensionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """All six, in the order in which they are worked on. ``untold`` applications have none.

    ``stage`` and ``level`` are what integrated and ready go by, of ``definition``. ``gate`` is the least
    percentage of the first dimension's applications that must be reachable, integrated and ready before any
    other is counted; ``gate_met`` whether they are.
    """

    at: datetime
    definition: str
    register_date: date
    stage: int = 5
    level: int = 3
    gate: tuple[int, int, int] = (0, 0, 0)
    gate_met: bool = True
    dimensions: tuple[Dimension, ...] = ()
    untold: int = 0


class AskDimensions(Query[DimensionsPage], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the dimensions stand now."""
