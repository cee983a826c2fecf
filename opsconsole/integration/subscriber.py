"""Keeps this room's tables as its events say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection

from opsconsole.client.usage import Usage
from opsconsole.integration import stored
from opsconsole.integration.evaluate import Counted
from opsconsole.integration.projection import INSTRUCTION, PROBLEM, instruction_after, problem_after
from opsconsole.integration.rules import Standing
from opsconsole.integration.stored import StoredOpd
from opsconsole.store.drafts import NotApplied, Reaction
from opsconsole.store.events import StoredEvent

OPD = "opd:"


def subscriber(conn: Connection, event: StoredEvent) -> Reaction:
    """Apply one event. Raises NotApplied for one of ours that does not fit what is stored."""
    room = event.kind.partition(".")[0]
    try:
        if room == "problem":
            number = int(event.subject.removeprefix(PROBLEM))
            stored.put_problem(conn, problem_after(stored.problem(conn, number), event))
        elif room == "instruction":
            number = int(event.subject.removeprefix(INSTRUCTION))
            stored.put_instruction(conn, instruction_after(stored.instruction(conn, number), event))
        elif room == "integration":
            _integration(conn, event)
    except (KeyError, ValueError) as error:
        raise NotApplied(f"{event.kind} {event.subject}: {error}") from error
    return Reaction()


def _integration(conn: Connection, event: StoredEvent) -> None:
    body: Mapping[str, Any] = event.body
    match event.kind:
        case "integration.evaluated":
            _evaluated(conn, event, body)
        case "integration.proved":
            until = date.fromisoformat(body["until"]) if body["until"] else None
            standing = Standing(True, date.fromisoformat(body["day"]), body["document"], until)
            stored.put_proof(conn, event.subject, body["proof"], standing)
        case "integration.voided":
            standing = Standing(False, date.fromisoformat(body["day"]))
            stored.put_proof(conn, event.subject, body["proof"], standing)
        case "integration.stage_reached" | "integration.stage_fell":
            stored.put_stage(conn, event.subject, body["stage"], date.fromisoformat(body["day"]))
        case "integration.usage_recorded":
            stored.put_usage(conn, event.subject, msgspec.convert(body, Usage))
        case "integration.usage_voided":
            stored.drop_usage(conn, event.subject, body["quarter"])
        case "integration.opd_gained" | "integration.opd_lost":
            gained = event.kind == "integration.opd_gained"
            counted = Counted(date.fromisoformat(body["day"]))
            one = StoredOpd(event.subject.removeprefix(OPD), body["measure"], gained, counted)
            stored.put_opd(conn, one)


def _evaluated(conn: Connection, event: StoredEvent, body: Mapping[str, Any]) -> None:
    day = date.fromisoformat(body["day"])
    for proven, key in ((True, "begun"), (False, "stopped")):
        for application, names in body[key].items():
            for proof in names:
                stored.put_proof(conn, application, proof, Standing(proven, day))
    for stopped, key in ((day, "opds_stopped"), (None, "opds_back")):
        for opd, measures in body[key].items():
            for measure, since in measures.items():
                counted = Counted(date.fromisoformat(since), stopped)
                stored.put_opd(conn, StoredOpd(opd, measure, True, counted))
    stored.put_evaluation(conn, event.at, body["day"])
