"""The registry of queries: what can be read beside the board and an application's page.

A query is a struct of what is asked, typed by what answers it; the struct and the shapes of its answer
stand in the module of the capability. To add one: those, a line in `QUERIES`, and a handler in the engine.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from opsconsole.client.agency import AskOpd, OpdPage
from opsconsole.client.audit import AskAuditHead, AskAuditPage, AuditHead, AuditPage
from opsconsole.client.availability import AskAvailability, AvailabilityPage
from opsconsole.client.backups import AskStoreCheck, StoreState
from opsconsole.client.briefing import AskBriefing, Briefing
from opsconsole.client.dimensions import AskDimensions, DimensionsPage
from opsconsole.client.expiries import AskExpiries, ExpiriesPage
from opsconsole.client.explained import AskExplain, Explained
from opsconsole.client.findings import AskInventory, InventoryPage
from opsconsole.client.history import AskHistory, History
from opsconsole.client.importing import AskKeys, AskSheet, EditableKey, SheetRows
from opsconsole.client.incident_pages import (
    AskHandover,
    AskIncident,
    AskIncidents,
    Handover,
    IncidentDetail,
    IncidentsPage,
)
from opsconsole.client.indices import AskIndices, IndicesPage
from opsconsole.client.instructions import AskInstructions, InstructionsPage
from opsconsole.client.integration import (
    AskRoad,
    AskStages,
    AskSwitchOff,
    Road,
    StagesPage,
    SwitchOffPage,
)
from opsconsole.client.logbook import AskLog, LogPage
from opsconsole.client.maintenance import AskMaintenance, MaintenancePage
from opsconsole.client.outbox import AskOutbox, OutboxPage
from opsconsole.client.planned import AskSchedule, Schedule
from opsconsole.client.problem_register import AskProblems, ProblemsPage
from opsconsole.client.query import Query
from opsconsole.client.readiness import (
    AskBimtek,
    AskOpdReadiness,
    AskPerson,
    AskReadiness,
    AskReminders,
    BimtekPage,
    OpdReadinessPage,
    PersonPage,
    ReadinessPage,
    RemindersPage,
)
from opsconsole.client.replayed import AskReplay, Replay
from opsconsole.client.secrets import AskSecrets, SecretsReport
from opsconsole.client.shapes import Role
from opsconsole.client.verified import AskVerify, Verified
from opsconsole.client.yearly import AskPeopleYear, AskStagesYear, PeopleYear, StagesYear

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
    QueryShape("sheet", AskSheet, SheetRows, Role.ADMIN),
    QueryShape("keys", AskKeys, tuple[EditableKey, ...], Role.ADMIN),
    QueryShape("opd", AskOpd, OpdPage),
    QueryShape("incidents", AskIncidents, IncidentsPage),
    QueryShape("incident", AskIncident, IncidentDetail),
    QueryShape("handover", AskHandover, Handover),
    QueryShape("readiness", AskReadiness, ReadinessPage),
    QueryShape("readiness-opd", AskOpdReadiness, OpdReadinessPage),
    QueryShape("person", AskPerson, PersonPage),
    QueryShape("reminders", AskReminders, RemindersPage),
    QueryShape("bimtek", AskBimtek, BimtekPage),
    QueryShape("road", AskRoad, Road),
    QueryShape("stages", AskStages, StagesPage),
    QueryShape("switch_off", AskSwitchOff, SwitchOffPage, seconds=20.0),
    QueryShape("problems", AskProblems, ProblemsPage),
    QueryShape("expiries", AskExpiries, ExpiriesPage),
    QueryShape("dimensions", AskDimensions, DimensionsPage),
    QueryShape("briefing", AskBriefing, Briefing, seconds=30.0),
    QueryShape("availability", AskAvailability, AvailabilityPage, seconds=60.0),
    QueryShape("indices", AskIndices, IndicesPage),
    QueryShape("people-year", AskPeopleYear, PeopleYear, seconds=60.0),
    QueryShape("stages-year", AskStagesYear, StagesYear, seconds=60.0),
    QueryShape("instructions", AskInstructions, InstructionsPage),
    QueryShape("outbox", AskOutbox, OutboxPage),
    QueryShape("explain", AskExplain, Explained),
    QueryShape("replay", AskReplay, Replay, seconds=600.0),
    QueryShape("verify", AskVerify, Verified, seconds=60.0),
    QueryShape("store-check", AskStoreCheck, StoreState, Role.OPERATOR, seconds=600.0),
    QueryShape("secrets", AskSecrets, SecretsReport, Role.ADMIN),
    QueryShape("audit_head", AskAuditHead, AuditHead),
    QueryShape("audit_page", AskAuditPage, AuditPage),
)

QUERIES: dict[str, QueryShape] = {shape.name: shape for shape in _ALL}


def shape_of(args: Query[Any]) -> QueryShape:
    """The shape of the query that these arguments belong to. Raises KeyError for one that is not listed."""
    return _BY_ARGS[type(args)]


_BY_ARGS = {shape.args: shape for shape in QUERIES.values()}
