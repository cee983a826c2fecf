"""What is read of this room: the road as of a day, stages, problems, instructions."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from opsconsole.base.clock import utc
from opsconsole.client import integration as shapes
from opsconsole.client.instructions import AskInstructions, InstructionsPage
from opsconsole.client.integration import AskStages, Road, StagesPage
from opsconsole.client.problem_register import AskProblems, ProblemsPage, RegisteredProblem
from opsconsole.client.yearly import StageMove
from opsconsole.integration import before, rules, stored
from opsconsole.integration.burnup import Move, held
from opsconsole.integration.evaluate import Counted, Known
from opsconsole.integration.register import Register
from opsconsole.integration.road import Facts, as_of
from opsconsole.integration.subscriber import OPD
from opsconsole.inventory.office import ApplicationEntry, Inventory
from opsconsole.inventory.road_model import HIGHEST_STAGE
from opsconsole.store import events, runs

_OPD_KINDS = ("integration.opd_gained", "integration.opd_lost")
_STAGE_KINDS = ("integration.stage_reached", "integration.stage_fell")
# Later than anything that is stored.
_END = float(1 << 40)


def road(conn: Connection, inventory: Inventory, day: date, today: date) -> Road:
    """The road as it was on a day."""
    register = Register(inventory.opds)
    is_now = day == today
    every = moves(conn, inventory, register)
    then = as_of(
        Facts(
            road=inventory.road,
            register=register,
            days_off=inventory.calendar.days_off,
            moves=every,
            opd_term=inventory.settings.office.opd_term,
            stages=_stage_counts(conn, inventory, day),
            risks=_risks(conn, inventory) if is_now else {},
        ),
        day,
    )
    return replace(then, recorded_since=_recorded_since(conn, inventory, every, today))


def _recorded_since(conn: Connection, inventory: Inventory, every: Iterable[Move], today: date) -> date:
    """The first day of which a milestone, the history, an event or a run of the engine tells anything."""
    started = runs.first_start(conn)
    days = [move.day for move in every]
    days += [one.announced or one.start or one.date for one in inventory.road.milestones]
    days += [one.date for one in inventory.road.history]
    if started:
        days.append(utc(started).astimezone(inventory.calendar.zone).date())
    return min([*days, today])


def moves(conn: Connection, inventory: Inventory, register: Register) -> list[Move]:
    """Everything OPD gained and lost, by history and by what was recorded since."""
    recorded = [
        Move(
            date.fromisoformat(str(one.body["day"])),
            one.subject.removeprefix(OPD),
            one.body["measure"],  # type: ignore[arg-type]
            one.kind == _OPD_KINDS[0],
            str(one.body.get("why", "")),
        )
        for one in events.of_kinds(conn, _OPD_KINDS, 0.0, _END)
    ]
    return [*before.moves(inventory.road, register), *recorded]


def known(conn: Connection, inventory: Inventory, day: date) -> Known:
    """What stands today, before it is looked over again."""
    register = Register(inventory.opds)
    stopped = {(one.opd, one.measure): one.standing.stopped for one in stored.opds(conn) if one.counted}
    return Known(
        standings=before.merged(before.standings(inventory.road, day), stored.proofs(conn)),
        stages={name: stage for name, (stage, _since) in _stages(conn, inventory, day).items()},
        opds={
            key: Counted(since, stopped.get(key))
            for key, since in held(moves(conn, inventory, register), day).items()
        },
    )


def stages(conn: Connection, inventory: Inventory, asked: AskStages, now: float, today: date) -> StagesPage:
    """How far the applications are; those with the lowest stage and the highest tier first."""
    stand = known(conn, inventory, today)
    since = _stages(conn, inventory, today)
    last = stored.evaluation(conn)
    found = [
        _application(entry, inventory, stand, since.get(entry.id), today)
        for entry in inventory.applications.values()
        if asked.application in ("", entry.id) and asked.opd.casefold() in ("", entry.opd.casefold())
    ]
    return StagesPage(
        at=utc(now),
        evaluated_at=None if last is None else utc(last[0]),
        applications=tuple(sorted(found, key=lambda one: (one.stage, one.tier, one.application))),
    )


def problems(conn: Connection, asked: AskProblems, now: float, today: date) -> ProblemsPage:
    """The register: late ones first, then by number, what is over last."""
    found = [one for one in stored.problems(conn) if _wanted(one, asked)]

    def place(one: RegisteredProblem) -> tuple[bool, bool, int]:
        late = one.open and one.due is not None and one.due < today
        return not one.open, not late, one.number

    return ProblemsPage(at=utc(now), today=today, problems=tuple(sorted(found, key=place)))


def instructions(
    conn: Connection, inventory: Inventory, asked: AskInstructions, now: float, today: date
) -> InstructionsPage:
    """The instructions, each with the names of today."""
    page = []
    for one in stored.instructions(conn):
        fits = asked.opd.casefold() in ("", one.opd.casefold()) and asked.person in ("", one.person)
        if fits and (asked.all or one.open):
            opd, person = inventory.opds.get(one.opd), inventory.people.get(one.person)
            names = opd.short if opd else one.opd, person.name if person else one.person
            page.append(replace(one, opd_short=names[0], person_name=names[1]))
    page.sort(key=lambda one: (not one.open, one.due if one.open else date.max - (one.due - date.min)))
    return InstructionsPage(
        at=utc(now),
        today=today,
        instructions=tuple(page),
        open=sum(one.open for one in page),
        late=sum(one.late(today) for one in page),
    )


def late_opds(conn: Connection, today: date) -> frozenset[str]:
    """The OPD that owe an answer to an instruction whose due date has passed."""
    return frozenset(one.opd for one in stored.instructions(conn) if one.late(today))


def _wanted(one: RegisteredProblem, asked: AskProblems) -> bool:
    if asked.number:
        return one.number == asked.number
    fits = asked.opd.casefold() in ("", one.opd.casefold()) and asked.application in ("", one.application)
    return fits and (asked.all or one.open)


def _stages(conn: Connection, inventory: Inventory, day: date) -> dict[str, tuple[int, date]]:
    """The stage of each application today, and since when, as it was recorded or was so before."""
    found = {name: (stage, since) for name, (since, stage) in before.stages(inventory.road, day).items()}
    return {**found, **stored.stages(conn)}


def stage_moves(conn: Connection) -> list[StageMove]:
    """Every stage that was reached or lost since the store began, in the order of recording."""
    return [
        StageMove(
            day=date.fromisoformat(str(one.body["day"])),
            application=one.subject,
            stage=int(str(one.body["stage"])),
            was=int(str(one.body["was"])),
            missing=tuple(map(str, one.body.get("missing", ()))),  # type: ignore[call-overload]
            seq=one.seq,
        )
        for one in events.of_kinds(conn, _STAGE_KINDS, 0.0, _END)
    ]


def _stage_counts(conn: Connection, inventory: Inventory, day: date) -> tuple[int, ...]:
    """How many of today's applications were at each stage on a day."""
    at = {name: stage for name, (_since, stage) in before.stages(inventory.road, day).items()}
    at |= {one.application: one.stage for one in stage_moves(conn) if one.day <= day}
    counts = [0] * (HIGHEST_STAGE + 1)
    for entry in inventory.applications.values():
        if entry.active:
            counts[at.get(entry.id, 0)] += 1
    return tuple(counts)


def _risks(conn: Connection, inventory: Inventory) -> Mapping[str, date]:
    """The OPD whose proof has stopped, with the day on which they are lost."""
    grace = timedelta(days=inventory.road.rules.falls_after_days)
    found: dict[str, date] = {}
    for one in stored.opds(conn):
        if one.counted and one.standing.stopped is not None:
            falls = one.standing.stopped + grace
            found[one.opd] = min(falls, found.get(one.opd, falls))
    return found


def _application(
    entry: ApplicationEntry, inventory: Inventory, stand: Known, since: tuple[int, date] | None, today: date
) -> shapes.ApplicationStage:
    grace = inventory.road.rules.falls_after_days
    exempt = before.exempt(inventory.road, entry.id, entry.audience, today)
    standings = stand.standings.get(entry.id, {})
    proofs = tuple(_proof(name, standings.get(name), today, grace) for name in rules.PROOFS)
    if entry.handed_over and entry.hosting == "kominfo":
        proofs = tuple(_given(one) if one.id == "handover" else one for one in proofs)
    at = rules.reached({one.id for one in proofs if one.holds}, exempt)
    opd = inventory.opds.get(entry.opd)
    shown = since[0] if since else 0
    falls = [one.falls_on for one in proofs if one.falls_on and one.stage <= shown]
    return shapes.ApplicationStage(
        application=entry.id,
        name=entry.name,
        opd=entry.opd,
        opd_short=opd.short if opd else "",
        tier=entry.tier,
        dimension=entry.dimension,
        stage=shown,
        cleared=at.cleared,
        since=since[1] if since else None,
        falls_on=min(falls, default=None),
        exempt=tuple(sorted(exempt.items())),
        proofs=proofs,
    )


def _proof(name: str, standing: rules.Standing | None, today: date, grace: int) -> shapes.ProofStanding:
    stage, automatic = rules.PROOFS[name]
    if standing is None:
        return shapes.ProofStanding(id=name, stage=stage, automatic=automatic, holds=False, proven=False)
    holds = rules.holds(name, standing, today, grace)
    return shapes.ProofStanding(
        id=name,
        stage=stage,
        automatic=automatic,
        holds=holds,
        proven=standing.proven,
        since=standing.since,
        falls_on=rules.falls_on(name, standing, grace) if holds else None,
        document=standing.document,
        until=standing.until,
    )


def _given(one: shapes.ProofStanding) -> shapes.ProofStanding:
    return replace(one, holds=True, proven=True, falls_on=None)
