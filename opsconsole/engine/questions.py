"""What answers each query of `client.queries.QUERIES`.

Called in the API's thread and loop, over values that the engine's loop replaces and never changes in
place. What reads the store for long does so in a thread, with a reader of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from opsconsole.base.clock import Clock
from opsconsole.client.shapes import Caller
from opsconsole.engine.office import Office
from opsconsole.store.database import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """A query on its way: what is asked, who asks, and what there is to answer from."""

    args: Any
    caller: Caller
    office: Office
    store: Store
    clock: Clock


Answerer = Callable[[Asked], Awaitable[object]]


def questions() -> Mapping[str, Answerer]:
    """The handlers by the name of their query."""
    return {}
