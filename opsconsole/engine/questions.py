"""What answers each query of `client.queries.QUERIES`.

Called in the API's thread and loop, over values that the engine's loop replaces and never changes in
place. What reads the store for long does so in a thread, with a reader of its own.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from opsconsole.api.hub import Hub
from opsconsole.base.secrets.store import SecretStore
from opsconsole.engine.agency import answer_opd
from opsconsole.engine.asked import Answerer, Asked
from opsconsole.engine.audit import answer_head, answer_page
from opsconsole.engine.availability import answer_availability
from opsconsole.engine.briefing import answer_briefing
from opsconsole.engine.dimensions import answer_dimensions
from opsconsole.engine.expiries import answer_expiries
from opsconsole.engine.explained import answer_explain
from opsconsole.engine.handover import answer_handover
from opsconsole.engine.importing import sheet_questions
from opsconsole.engine.incident_pages import answer_incident, answer_incidents
from opsconsole.engine.indices import answer_indices
from opsconsole.engine.integration import road_questions
from opsconsole.engine.inventory import answer_inventory
from opsconsole.engine.keeping import Keeping
from opsconsole.engine.logbook import answer_log
from opsconsole.engine.maintenance import answer_maintenance
from opsconsole.engine.past import answer_history
from opsconsole.engine.planned import answer_schedule
from opsconsole.engine.prober import Prober
from opsconsole.engine.readiness import answers
from opsconsole.engine.replay import Replays
from opsconsole.engine.secrets import answer_secrets
from opsconsole.engine.windows import Windows
from opsconsole.engine.yearly import answer_people_year, answer_stages_year

__all__ = ["Answerer", "Asked", "questions"]


def questions(
    secrets: SecretStore,
    prober: Prober,
    hub: Hub,
    windows: Windows,
    *,
    config: Path,
    checked_at: Callable[[], float | None],
    outbox: Answerer,
    keeping: Keeping,
) -> Mapping[str, Answerer]:
    """The handlers by the name of their query.

    ``config`` is the folder of the office's files, ``checked_at`` when our self-check last passed, ``outbox``
    what reads the outbox, ``keeping`` what verifies and checks the store.
    """
    return {
        "history": answer_history,
        "log": answer_log,
        "schedule": partial(answer_schedule, prober, hub),
        "maintenance": partial(answer_maintenance, windows),
        "incidents": answer_incidents,
        "incident": partial(answer_incident, checked_at),
        "handover": answer_handover,
        **answers(),
        **road_questions(),
        **sheet_questions(),
        "expiries": answer_expiries,
        "dimensions": answer_dimensions,
        "briefing": answer_briefing,
        "availability": answer_availability,
        "indices": answer_indices,
        "people-year": answer_people_year,
        "stages-year": answer_stages_year,
        "explain": partial(answer_explain, checked_at),
        "replay": Replays(config).answer,
        "inventory": answer_inventory,
        "opd": answer_opd,
        "outbox": outbox,
        "secrets": partial(answer_secrets, secrets),
        "audit_head": answer_head,
        "audit_page": answer_page,
        "verify": keeping.verify,
        "store-check": keeping.check,
    }
