"""The registry of queries: what can be read beside the board and an application's page.

A query is a struct of what is asked, typed by what answers it; the struct and the shapes of its answer
stand in the module of the capability. To add one: those, a line in `QUERIES`, and a handler in the engine.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.explained import AskExplain, Explained
from opsconsole.client.findings import AskInventory, InventoryPage
from opsconsole.client.history import AskHistory, History
from opsconsole.client.logbook import AskLog, LogPage
from opsconsole.client.maintenance import AskMaintenance, MaintenancePage
from opsconsole.client.planned import AskSchedule, Schedule
from opsconsole.client.query import Query
from opsconsole.client.replayed import AskReplay, Replay
from opsconsole.client.secrets import AskSecrets, SecretsReport
from opsconsole.client.shapes import Role

__all__ = ["ANSWER_SECONDS", "QUERIES", "Query", "QueryShape", "shape_of"]

# Everything but a command that waits, and a question that reads for long, is answered at once.
ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class QueryShape:
    """One query: its name on the wire, what it takes, what answers it, and the least role that may ask.

    ``seconds`` is how long its answer may take.
    """

    name: str
    args: type[Query[Any]]
    result: Any
    role: Role = Role.VIEWER
    seconds: float = ANSWER_SECONDS

    def decoder(self) -> "msgspec.json.Decoder[Any]":
        """What reads the answer."""
        return msgspec.json.Decoder(self.result)


_ALL: tuple[QueryShape, ...] = (
    QueryShape("history", AskHistory, History),
    QueryShape("log", AskLog, LogPage),
    QueryShape("schedule", AskSchedule, Schedule),
    QueryShape("maintenance", AskMaintenance, MaintenancePage),
    QueryShape("inventory", AskInventory, InventoryPage),
    QueryShape("opd", AskOpd, OpdPage),
    QueryShape("explain", AskExplain, Explained),
    QueryShape("replay", AskReplay, Replay, seconds=600.0),
    QueryShape("secrets", AskSecrets, SecretsReport, Role.ADMIN),
)

QUERIES: dict[str, QueryShape] = {shape.name: shape for shape in _ALL}


def shape_of(args: Query[Any]) -> QueryShape:
    """The shape of the query that these arguments belong to. Raises KeyError for one that is not listed."""
    return _BY_ARGS[type(args)]


_BY_ARGS = {shape.args: shape for shape in QUERIES.values()}
