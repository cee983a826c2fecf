"""A chain of events as a store seals it, made up of nothing, for a scripted engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from opsconsole.client.audit import MOST_EVENTS, AskAuditPage, AuditEvent, AuditHead, AuditPage
from opsconsole.store.events import canonical_json

if TYPE_CHECKING:
    from tests.fakes.scripted_engine import ScriptedEngine

STORE = "5d6f0c9e-0000-4000-8000-00000000c0de"


def canned_audit(engine: "ScriptedEngine") -> dict[str, Callable[[Any], object]]:
    """The answers by the name of their query; three events, or as many as ``engine.events``."""
    return {
        "audit_head": lambda args: AuditHead(
            store=STORE, seq=engine.events, hash=sealed(engine.events), at=engine.now
        ),
        "audit_page": lambda args: _page(engine, args),
    }


def sealed(seq: int) -> str:
    """A hash that is none, but another one for each event."""
    return f"{seq:064x}"


def _page(engine: "ScriptedEngine", args: AskAuditPage) -> AuditPage:
    last = min(args.after + min(args.limit, MOST_EVENTS), engine.events)
    start = round(engine.start_of_script.timestamp() * 1000)
    events = (
        AuditEvent(
            seq=seq, at_ms=start - 1000 * (engine.events - seq) + 7, uid=1000, person="sari", via="console",
            command_id=f"c{seq}", kind="incident.noted", subject="incident:409",
            body=canonical_json({"text": f"=1+{seq}\nvendor dihubungi", "number": 409}).decode(),
            prev=sealed(seq - 1), hash=sealed(seq),
        )
        for seq in range(args.after + 1, last + 1)
    )  # fmt: skip
    return AuditPage(events=tuple(events), more=last < engine.events)
