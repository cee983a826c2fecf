"""How the API reaches the engine: the one Protocol between the two.

All of it is called from the API's own thread and loop; whoever implements it makes it safe there.
Errors meant for a user are raised as `opsconsole.base.errors.Problem`.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from opsconsole.client.commands import CommandShape
from opsconsole.client.queries import Query, QueryShape
from opsconsole.client.shapes import (
    ApplicationDetail,
    Board,
    Caller,
    CommandBody,
    CommandResult,
    Hello,
    Look,
    Role,
)


class Subscription(Protocol):
    """Encoded changes for one client, as they come: each item is one or more whole lines."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Lines until the subscription or the server is closed."""
        ...

    def close(self) -> None:
        """End the iteration. May be called twice, and from any thread."""
        ...


class EnginePort(Protocol):
    """What the engine offers to those outside."""

    def role_of(self, uid: int, gids: Sequence[int]) -> Role:
        """What this account may do; `Role.NONE` unless the configuration says more."""
        ...

    def hello(self, caller: Caller) -> Hello:
        """Who the engine is."""
        ...

    def board(self) -> Board:
        """Every row, as of one sequence number."""
        ...

    async def detail(self, row_id: str) -> ApplicationDetail:
        """Everything about one application. Raises `NotFound`."""
        ...

    async def looks(
        self, row_id: str, probe: str, before: datetime | None, limit: int, failures: bool
    ) -> list[Look]:
        """Recorded looks, newest first; ``probe`` empty means all of them. Raises `NotFound`."""
        ...

    async def query(self, shape: QueryShape, args: Query[Any], caller: Caller) -> object:
        """What answers a query: the shape's ``result``. Raises `Problem`."""
        ...

    async def execute(
        self, shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        """Carry out a command once for each ``body.command_id``. Committed when this returns."""
        ...

    def subscribe(self, after: int | None, run: int | None, watch: frozenset[str]) -> Subscription:
        """Changes after ``after`` of run ``run``, and the looks of the applications in ``watch``.

        ``after`` None starts with what comes next. What can no longer be told is one change of entity
        ``gap``. ``"*"`` in ``watch`` means the looks of all.
        """
        ...
