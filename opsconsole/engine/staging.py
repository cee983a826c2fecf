"""What is known of each application today for its stage, from looks, transitions and the register."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client.integration import Measure
from opsconsole.client.shapes import State
from opsconsole.engine.office import Office
from opsconsole.engine.watched import WatchedProbe, WatchedRow
from opsconsole.health import history
from opsconsole.health.turns import turns_of
from opsconsole.integration import before, queries
from opsconsole.integration.commands import Author
from opsconsole.integration.evaluate import Counted, Evaluation, Seen, Under, evaluate
from opsconsole.integration.register import Register
from opsconsole.integration.road import UNWRITTEN, seal
from opsconsole.inventory.office import Inventory
from opsconsole.inventory.road_model import Definition, StageRules
from opsconsole.store import runs
from opsconsole.store.drafts import Decided, EventDraft
from probes.http_spec import HttpSpec

Levels = Callable[[Connection, Office, float], Mapping[str, int]]
"""The readiness of the people of each application, by its id; one that is left out is at level 0."""
_DAY_MS = 86_400_000
_FIRST = "SELECT row_id, first_seen FROM application"
_PASSED = """
SELECT 1 FROM look WHERE probe = ? AND at >= ? AND (result >> 8 & 3) <= 1 ORDER BY at DESC LIMIT 1
"""
GONE = (State.DOWN, State.UNREACHABLE, State.UNKNOWN, State.STALE, State.PENDING)


def gathered(conn: Connection, office: Office, now: float, levels: Levels) -> list[Seen]:
    """Every application as it is seen at ``now`` (seconds since the epoch)."""
    inventory = office.inventory
    end = round(now * 1000)
    today = utc(now).astimezone(inventory.calendar.zone).date()
    known_since = firsts(conn)
    ran = runs.between(conn, end - inventory.road.rules.success_days * _DAY_MS, end)
    owing = queries.late_opds(conn, today)
    reached = levels(conn, office, now)
    found = []
    for row in office.rows.values():
        if row.entry.kind != "application":
            continue
        level = reached.get(row.id, 0)
        time = _Time(known_since.get(row.id, end), end, ran)
        proofs = set(_seen_by_probes(conn, row, inventory.road.rules, time))
        proofs |= _of_register(row, inventory)
        if level >= inventory.road.rules.command_level:
            proofs.add("people")
        if row.entry.opd not in owing:
            proofs.add("instructions")
        found.append(
            Seen(
                application=row.id,
                opd=row.entry.opd,
                tier=row.entry.tier,
                active=row.entry.active,
                proofs=frozenset(proofs),
                exempt=frozenset(before.exempt(inventory.road, row.id, row.entry.audience, today)),
                reachable=row.shown is not None and row.shown.state not in GONE,
                level=level,
            )
        )
    return found


def judged(
    conn: Connection, inventory: Inventory, seen: Iterable[Seen], today: date, author: Author
) -> Decided:
    """The events that an evaluation comes to. The result counts what was reached and what was lost."""
    road, register = inventory.road, Register(inventory.opds)
    definition = road.definition("") or UNWRITTEN
    known = queries.known(conn, inventory, today)
    applications = list(seen)
    under = Under(register, definition, road.rules.falls_after_days)
    found = evaluate(applications, known, under, today)
    day = today.isoformat()
    summary = {
        "day": day,
        "applications": len(applications),
        "begun": found.begun,
        "stopped": found.stopped,
        "opds_stopped": _with_since(found.opds_stopped, known.opds),
        "opds_back": _with_since(found.opds_back, known.opds),
    }
    moves = _events(found, definition, day, author)
    result = {
        "reached": sum(one.after > one.before for one in found.stages),
        "fell": sum(one.after < one.before for one in found.stages),
        "gained": sum(one.gained for one in found.opds),
        "lost": sum(not one.gained for one in found.opds),
    }
    return Decided((author("integration.evaluated", "road", summary), *moves), result)


def _events(found: Evaluation, definition: Definition, day: str, author: Author) -> Iterable[EventDraft]:
    for one in found.stages:
        kind = "integration.stage_reached" if one.after > one.before else "integration.stage_fell"
        body = {"stage": one.after, "was": one.before, "day": day, "missing": list(one.missing)}
        yield author(kind, one.application, body)
    for move in found.opds:
        kind = "integration.opd_gained" if move.gained else "integration.opd_lost"
        body = {
            "measure": move.measure,
            "definition": definition.version,
            "seal": seal(definition),
            "day": day,
            "why": move.why,
        }
        yield author(kind, f"opd:{move.opd}", body)


def _with_since(
    found: Mapping[str, list[Measure]], known: Mapping[tuple[str, Measure], Counted]
) -> dict[str, dict[str, str]]:
    return {
        opd: {measure: known[opd, measure].since.isoformat() for measure in measures}
        for opd, measures in found.items()
    }


def firsts(conn: Connection) -> dict[str, int]:
    """Since when each application has been watched, milliseconds, by its id."""
    return {str(row_id): int(first) for row_id, first in conn.exec_driver_sql(_FIRST)}


class _Time(NamedTuple):
    """Since when a row is watched, until when it is looked at, and when an engine ran; milliseconds."""

    first: int
    end: int
    ran: list[tuple[int, int]]


def _seen_by_probes(conn: Connection, row: WatchedRow, rules: StageRules, time: _Time) -> Iterable[str]:
    """The proofs that looks and transitions give."""
    if not row.probes:
        return
    yield "watched"
    start = time.end - rules.success_days * _DAY_MS
    shown = State.PENDING if row.shown is None else row.shown.state
    turns = turns_of(conn, "application", row.id, start, time.end)
    spent = history.account(history.held(turns, shown, time.first, time.ran, (start, time.end)))
    known = spent.up + spent.down
    if (
        known
        and 100 * spent.up >= rules.success_percent * known
        and 100 * known >= rules.known_percent * spent.counted
    ):
        yield "reachable"
    named = {"api": rules.api_probes, "sso": rules.sso_probes, "exchange": rules.exchange_probes}
    for proof, names in named.items():
        days = rules.exchange_days if proof == "exchange" else rules.passed_days
        probes = [probe for probe in row.probes if gives(probe, proof, names)]
        if any(_passed(conn, probe.id, time.end - days * _DAY_MS) for probe in probes):
            yield proof


def gives(probe: WatchedProbe, proof: str, names: list[str]) -> bool:
    """Whether a probe is one that gives a proof: by its name, its other end, or what it judges."""
    spec = probe.configured.spec
    if probe.name in names or (proof == "exchange" and spec.to):
        return True
    return proof == "api" and isinstance(spec, HttpSpec) and bool(spec.json_rules)


def _passed(conn: Connection, probe: int, since: int) -> bool:
    return conn.exec_driver_sql(_PASSED, (probe, since)).first() is not None


def _of_register(row: WatchedRow, inventory: Inventory) -> set[str]:
    """The proofs that the register gives."""
    entry = row.entry
    given = {
        "dimension": bool(entry.dimension),
        "runbook": bool(entry.runbook),
        "contact": bool(inventory.contacts(row.id)),
        "probe": bool(entry.probes),
        "note": bool(entry.note),
    }
    proofs = set()
    if all(given[name] for name in inventory.road.rules.register_fields):
        proofs.add("registered")
    if entry.handed_over and entry.hosting == "kominfo":
        proofs.add("handover")
    return proofs
