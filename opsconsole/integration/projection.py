"""From the events of problems and instructions to how they stand. Pure: the same events, the same again."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from opsconsole.base.clock import utc
from opsconsole.client.instructions import Instruction
from opsconsole.client.problem_register import ProblemNote, RegisteredProblem
from opsconsole.store.events import StoredEvent

PROBLEM, INSTRUCTION = "problem:", "instruction:"
"""How the subjects of their events begin; the number follows."""
KINDS = (
    *("integration.evaluated", "integration.proved", "integration.voided"),
    *(
        "integration.stage_reached",
        "integration.stage_fell",
        "integration.opd_gained",
        "integration.opd_lost",
    ),
    *("integration.usage_recorded", "integration.usage_voided"),
    *("integration.reorganised", "integration.reorganisation_tried"),
    *("problem.recorded", "problem.moved", "problem.noted", "problem.described", "problem.linked"),
    *("instruction.issued", "instruction.acknowledged", "instruction.answered", "instruction.withdrawn"),
    *("instruction.due_soon", "instruction.late"),
)
"""Every kind of event of this room."""
_DATES = frozenset({"due"})


def problem_after(before: RegisteredProblem | None, event: StoredEvent) -> RegisteredProblem:
    """How a problem stands after an event of it. Raises KeyError, ValueError for one that does not fit."""
    body = event.body
    if event.kind == "problem.recorded":
        return _recorded(body, event)
    if before is None:
        raise ValueError(f"not recorded: {event.subject}")
    changes: Mapping[str, Callable[[], dict[str, Any]]] = {
        "problem.moved": lambda: {"status": body["status"], "reason": body["reason"]},
        "problem.noted": lambda: {
            "notes": (*before.notes, ProblemNote(at=utc(event.at), by=who(event), text=str(body["text"])))
        },
        "problem.described": lambda: {str(body["part"]): _value(str(body["part"]), str(body["text"]))},
        "problem.linked": lambda: {
            "links": tuple(dict.fromkeys((*before.links, (body["kind"], body["target"]))))
        },
    }
    return replace(before, **changes[event.kind](), changed_at=utc(event.at), version=before.version + 1)


def instruction_after(before: Instruction | None, event: StoredEvent) -> Instruction:
    """How it stands after an event of it. Raises KeyError, ValueError for one that does not fit."""
    body, at = event.body, utc(event.at)
    if event.kind == "instruction.issued":
        told = {name: body[name] for name in ("number", "opd", "person", "text", "source", "due")}
        return msgspec.convert({**told, "issued_at": at, "issued_by": who(event)}, Instruction)
    if before is None:
        raise ValueError(f"not issued: {event.subject}")
    changes: Mapping[str, Callable[[], dict[str, Any]]] = {
        "instruction.acknowledged": lambda: {
            "status": "acknowledged", "acknowledged_at": at, "acknowledged_by": body["by"],
        },
        "instruction.answered": lambda: {
            "status": "answered", "answered_at": at, "answered_by": body["by"], "answer": body["answer"],
            "document": body["document"], "answered_late": body["late"],
        },
        "instruction.withdrawn": lambda: {
            "status": "withdrawn", "withdrawn_at": at, "withdrawn_why": body["reason"],
        },
        "instruction.due_soon": lambda: {"reminded_at": at},
        "instruction.late": lambda: {"late_at": at},
    }  # fmt: skip
    return replace(before, **changes[event.kind](), version=before.version + 1)


def who(event: StoredEvent) -> str:
    """Who did it, as people are told."""
    return event.person or ("" if event.via == "engine" else f"uid {event.uid}")


def _recorded(body: Mapping[str, Any], event: StoredEvent) -> RegisteredProblem:
    at = utc(event.at)
    told = {
        name: value for name, value in body.items() if name in RegisteredProblem.__struct_fields__ and value
    }
    return msgspec.convert({**told, "by": who(event), "recorded_at": at, "changed_at": at}, RegisteredProblem)


def _value(part: str, text: str) -> Any:
    if part in _DATES:
        return date.fromisoformat(text) if text else None
    return text
