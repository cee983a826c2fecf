"""What a query is, apart from the registry of all of them, which imports every one."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec

R = TypeVar("R")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time that says its zone: one without is the caller's, whom the engine can not ask."""


class Query(msgspec.Struct, Generic[R], frozen=True, forbid_unknown_fields=True):
    """What is asked. ``R`` is the shape of the answer."""
