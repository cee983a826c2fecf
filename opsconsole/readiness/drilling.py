"""Drills by command: begun, answered, missed; and those whose time is over."""

from collections.abc import Mapping

from sqlalchemy import Connection, Row

from opsconsole.base.clock import utc
from opsconsole.base.errors import Conflict
from opsconsole.base.text import N_
from opsconsole.client.readiness import RunningDrill
from opsconsole.client.readiness_commands import AnswerDrill, MissDrill, StartDrill
from opsconsole.inventory.office import Inventory
from opsconsole.readiness.asking import Asking, Decision
from opsconsole.readiness.drills import Drill, begin, quiet, result
from opsconsole.readiness.duties import NO_TIER
from opsconsole.readiness.evidence import MISSED
from opsconsole.readiness.project import PREFIX
from opsconsole.store.drafts import Decided, EventDraft, own_event

_RUNNING = """
SELECT id, person, opd, application, tier, hours, meant, asked_at, due_at, "by" FROM drill
WHERE ended_at IS NULL ORDER BY due_at, id
"""
_WHY_QUIET: Mapping[str, str] = {
    "holiday": N_("Today is a day off: nobody is drilled."),
    "quiet": N_("Now is {name}: nobody is drilled."),
    "outside": N_("It is outside working hours: nobody is drilled for such an application."),
}


def start(ask: Asking, conn: Connection) -> Decided:
    """Ask somebody for an answer. The result is the drill."""
    args: StartDrill = ask.args
    person = ask.person(args.person)
    row = ask.application(args.application)
    tier = row.tier if row else min((one.tier for one in ask.answers_for(person)), default=NO_TIER)
    for one in running(conn, ask.inventory):
        if one.person == person.id:
            raise Conflict(
                N_("{name} is being drilled already, since {since}."),
                N_("Say how that ended: answered or missed."),
                name=person.name,
                since=f"{one.asked_at.astimezone(ask.inventory.calendar.zone):%H:%M}",
            )
    drill = _allowed(ask.inventory, tier, ask.at, meant=args.meant)
    [last] = conn.exec_driver_sql(
        "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'drill'"
    ).one()
    found = RunningDrill(
        number=last + 1,
        person=person.id,
        name=person.name,
        opd=person.opd,
        application=row.id if row else "",
        tier=tier,
        hours=drill.hours,  # type: ignore[arg-type]
        meant=args.meant,
        asked_at=utc(round(ask.at, 3)),
        due_at=utc(round(drill.due_at, 3)),
    )
    body = {
        "person": person.id,
        "opd": person.opd,
        "application": found.application,
        "tier": tier,
        "hours": drill.hours,
        "meant": args.meant,
        "asked_at": found.asked_at.isoformat(timespec="milliseconds"),
        "due_at": found.due_at.isoformat(timespec="milliseconds"),
    }
    return Decided((ask.event(PREFIX + "drill_started", f"person:{person.id}", body),), found)


def _allowed(inventory: Inventory, tier: int, now: float, *, meant: bool) -> Drill:
    """The drill that may begin now. Raises Conflict at a time that is not for it, unless it is meant."""
    calendar = inventory.calendar
    found = begin(inventory.readiness, calendar, tier, now)
    held_back = quiet(inventory.readiness, calendar, now)
    if held_back is not None and not meant:
        raise _refused(held_back.why, held_back.name)
    if not isinstance(found, Drill):
        # There is no target for it, so it can not be meant either.
        raise _refused(found.why, "", also_meant=meant)
    return found


def _refused(why: str, name: str, *, also_meant: bool = False) -> Conflict:
    return Conflict(
        _WHY_QUIET[why],
        N_("Drill in working hours, or give it a target in readiness.toml.")
        if why == "outside" or also_meant
        else N_("Drill later, or say that it is meant: --meant."),
        name=name,
    )


def answered(ask: Asking, conn: Connection) -> Decided:
    """They answered."""
    args: AnswerDrill = ask.args
    one = _running_of(ask, conn, args.person)
    return _ended(ask, one, result(one.due_at.timestamp(), ask.at))


def missed(ask: Asking, conn: Connection) -> Decided:
    """They did not."""
    args: MissDrill = ask.args
    return _ended(ask, _running_of(ask, conn, args.person), MISSED)


def _running_of(ask: Asking, conn: Connection, person_id: str) -> RunningDrill:
    person = ask.person(person_id)
    for one in running(conn, ask.inventory):
        if one.person == person.id:
            return one
    raise Conflict(
        N_("{name} is not being drilled."),
        N_("A drill whose time is over has ended as missed. Begin another one: drill."),
        name=person.name,
    )


def _ended(ask: Asking, one: RunningDrill, came_to: str) -> Decided:
    body = ended_body(one, came_to, ask.at)
    event = ask.event(PREFIX + "drill_ended", f"person:{one.person}", body)
    return Decided((event,), {"kind": "UR", "people": [one.person], "opd": one.opd, "result": came_to})


def ended_body(one: RunningDrill, came_to: str, now: float) -> dict[str, object]:
    """The body of the event that ends a drill: it is evidence, whatever it came to."""
    took = max(0, round(now - one.asked_at.timestamp()))
    return {
        "kind": "UR",
        "at": one.asked_at.isoformat(timespec="milliseconds"),
        "ended_at": utc(now).isoformat(timespec="milliseconds"),
        "people": [one.person],
        "opds": [one.opd],
        "application": one.application,
        "result": came_to,
        "variant": one.hours,
        "drill": one.number,
        "params": {"seconds": took, "tier": one.tier},
        "took": took,
    }


def overdue(conn: Connection, inventory: Inventory, now: float) -> tuple[EventDraft, ...]:
    """What ends the drills whose time is over: nobody answered them in time."""
    return tuple(
        own_event(PREFIX + "drill_ended", f"person:{one.person}", now, ended_body(one, MISSED, now))
        for one in running(conn, inventory)
        if one.due_at.timestamp() < now
    )


def running(conn: Connection, inventory: Inventory) -> list[RunningDrill]:
    """The drills that run, the one that ends first first."""
    return [_shown(row, inventory) for row in conn.exec_driver_sql(_RUNNING)]


def _shown(row: "Row[tuple[object, ...]]", inventory: Inventory) -> RunningDrill:
    person = inventory.people.get(row.person)
    return RunningDrill(
        number=row.id,
        person=row.person,
        name=person.name if person else row.person,
        opd=row.opd,
        application=row.application,
        tier=row.tier,
        hours=row.hours,
        meant=bool(row.meant),
        asked_at=utc(row.asked_at / 1000),
        due_at=utc(row.due_at / 1000),
        by=row.by,
    )


DECISIONS: Mapping[str, Decision] = {"drill": start, "answered": answered, "missed": missed}
"""By the name of their command."""
