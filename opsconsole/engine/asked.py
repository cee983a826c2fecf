"""A query on its way to its handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from opsconsole.base.clock import Clock
from opsconsole.client.shapes import Caller
from opsconsole.engine.office import Office
from opsconsole.store.database import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, who asks, and what there is to answer from."""

    args: Any
    caller: Caller
    office: Office
    store: Store
    clock: Clock


Answerer = Callable[[Asked], Awaitable[object]]
