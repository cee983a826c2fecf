"""The registry of queries: what can be read beside the board and an application's page.

A query is a struct of what is asked, typed by what answers it; the struct and the shapes of its answer
stand in the module of the capability. To add one: those, a line in `QUERIES`, and a handler in the engine.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from opsconsole.client.shapes import Role

R = TypeVar("R")


class Query(msgspec.Struct, Generic[R], frozen=True, forbid_unknown_fields=True):
    """What is asked. ``R`` is the shape of the answer."""


@dataclass(frozen=True, slots=True)
class QueryShape:
    """One query: its name on the wire, what it takes, what answers it, and the least role that may ask."""

    name: str
    args: type[Query[Any]]
    result: Any
    role: Role = Role.VIEWER

    def decoder(self) -> "msgspec.json.Decoder[Any]":
        """What reads the answer."""
        return msgspec.json.Decoder(self.result)


_ALL: tuple[QueryShape, ...] = ()

QUERIES: dict[str, QueryShape] = {shape.name: shape for shape in _ALL}


def shape_of(args: Query[Any]) -> QueryShape:
    """The shape of the query that these arguments belong to. Raises KeyError for one that is not listed."""
    return _BY_ARGS[type(args)]


_BY_ARGS = {shape.args: shape for shape in QUERIES.values()}
