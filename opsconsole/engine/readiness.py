"""Readiness in the running engine: what is recorded of people, drills whose time is over, and questions."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import inf
from typing import TypeVar

from sqlalchemy import Connection

from opsconsole.base.clock import Clock, utc
from opsconsole.client.incidents import Status
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
from opsconsole.client.readiness_commands import CheckAttendance
from opsconsole.client.shapes import State
from opsconsole.engine.asked import Answerer, Asked
from opsconsole.engine.batch import Command
from opsconsole.engine.behaviour import bimtek_page
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.inventory import known_code
from opsconsole.engine.office import Office
from opsconsole.engine.outset import Outset
from opsconsole.engine.record import Recorder
from opsconsole.incidents import stored
from opsconsole.readiness import bimtek, commands, drilling, queries
from opsconsole.readiness.asking import Asking, Decision
from opsconsole.readiness.changes import reorganised
from opsconsole.readiness.project import project
from opsconsole.readiness.seed import is_example, seed
from opsconsole.readiness.shown import Seen
from opsconsole.store.database import Store
from opsconsole.store.drafts import Decided, EventDraft, Reaction, own_event
from opsconsole.store.events import StoredEvent

_WORKS = (State.UP, State.WARN)
# So long after an incident was resolved what is left to do of it is done, and it is closed.
_ACTIONS_DAYS = 14
_DAY_SECONDS = 86_400
T = TypeVar("T")
_NEXT = "SELECT min(due_at) FROM drill WHERE ended_at IS NULL"


class Readiness:
    """Records evidence by command and ends the drills whose time is over. Called in the loop.

    ``project`` is the subscriber that the writer calls, in its own thread. ``office()`` is the one in force.
    """

    def __init__(
        self, clock: Clock, store: Store, recorder: Callable[[], Recorder], office: Callable[[], Office]
    ) -> None:
        self._clock = clock
        self._store = store
        self._recorder = recorder
        self._office = office
        # Not known before the first look: an earlier run may have left drills that go on.
        self._next_due = 0.0

    def project(self, conn: Connection, event: StoredEvent) -> Reaction:
        """Bring the tables up to date; a reorganisation takes evidence away from whom it moves."""
        reaction = project(conn, event)
        if event.kind.startswith("readiness."):
            self._look_ahead(conn)
        if event.kind == "integration.reorganised":
            rules = self._office().inventory.readiness
            body = reorganised(rules, event.body, utc(event.at))
            drafts = (own_event("readiness.changed", "readiness", event.at, body),) if body else ()
            return Reaction(drafts, reaction.published)
        return reaction

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the commands of `client.readiness_commands`, by name."""
        decisions = {**commands.DECISIONS, **drilling.DECISIONS, **bimtek.DECISIONS}
        handlers: dict[str, Handler] = {
            name: partial(self._record, decision) for name, decision in decisions.items()
        }
        return {**handlers, "attendance-check": self._check}

    def beginnings(self, outset: Outset) -> tuple[EventDraft, ...]:
        """What a store begins with: nothing, but where the office is the example's, so that it has a past."""
        inventory = outset.office.inventory
        if outset.last_sign is not None or not is_example(inventory):
            return ()
        body = seed(inventory, outset.started)
        return (own_event("readiness.imported", "readiness", outset.started, body),)

    def turn(self) -> None:
        """End what is over. Nothing is read or written while nothing is."""
        if self._clock.now() > self._next_due:
            self._next_due = inf
            self._recorder().command(Command(None, (), decide=self._ended))

    def _ended(self, conn: Connection) -> Decided:
        ended = drilling.overdue(conn, self._office().inventory, self._clock.now())
        self._look_ahead(conn)
        return Decided(ended)

    def _look_ahead(self, conn: Connection) -> None:
        due = conn.exec_driver_sql(_NEXT).scalar_one()
        self._next_due = inf if due is None else due / 1000

    async def _record(self, decision: Decision, request: Request) -> Outcome:
        return Outcome(decide=partial(decision, self._asking(request)))

    async def _check(self, request: Request) -> Outcome:
        args: CheckAttendance = request.args
        ask = self._asking(request)

        def read() -> object:
            with self._store.answering() as conn:
                return bimtek.check(ask, conn, args.session, args.lines)

        return Outcome(result=await asyncio.to_thread(read))

    def _asking(self, request: Request) -> Asking:
        inventory = self._office().inventory
        return Asking(request.args, inventory, request.event, round(request.at, 3), request.caller.uid)


def answers() -> Mapping[str, Answerer]:
    """The handlers of the queries of `client.readiness`, by name."""
    return {
        "readiness": answer_readiness,
        "readiness-opd": answer_opd_readiness,
        "person": answer_person,
        "reminders": answer_reminders,
        "bimtek": answer_bimtek,
    }


async def answer_readiness(asked: Asked) -> ReadinessPage:
    """Every OPD, or one. Raises `NotFound`."""
    args: AskReadiness = asked.args
    code = known_code(asked.office, args.opd)
    return await _read(asked, lambda conn, known: queries.page(known, code))


async def answer_opd_readiness(asked: Asked) -> OpdReadinessPage:
    """One OPD. Raises `NotFound`."""
    args: AskOpdReadiness = asked.args
    code = known_code(asked.office, args.code or "?")
    return await _read(asked, lambda conn, known: queries.opd_page(conn, known, code, args.rows, args.kinds))


async def answer_person(asked: Asked) -> PersonPage:
    """One person. Raises `NotFound`."""
    args: AskPerson = asked.args
    return await _read(asked, lambda conn, known: queries.person_page(conn, known, args.person))


async def answer_reminders(asked: Asked) -> RemindersPage:
    """Who is to be reminded. Raises `NotFound`."""
    args: AskReminders = asked.args
    code = known_code(asked.office, args.opd)
    return await _read(asked, lambda conn, known: queries.reminders(known, code, due=args.due))


async def answer_bimtek(asked: Asked) -> BimtekPage:
    """Sessions, one with its figures. Raises `NotFound`."""
    args: AskBimtek = asked.args
    return await _read(asked, lambda conn, known: bimtek_page(conn, known, args.code))


async def _read(asked: Asked, answer: Callable[[Connection, queries.Known], T]) -> T:
    def read() -> T:
        with asked.store.answering() as conn:
            return answer(conn, known(conn, asked.office, asked.clock.now()))

    return await asyncio.to_thread(read)


def known(conn: Connection, office: Office, now: float) -> queries.Known:
    """The office with its evidence, and what its rows show now."""
    return queries.read(conn, office.inventory, partial(_prove, office), now, frozenset(_late(conn, now)))


def _prove(office: Office, row_id: str) -> Seen | None:
    row = office.rows.get(row_id)
    published = row.published if row is not None else None
    if published is None:
        return None
    return Seen(published.state in _WORKS, published.since.timestamp())


def _late(conn: Connection, now: float) -> Iterable[str]:
    """The OPD with an incident of theirs that was resolved long ago, and is not closed: something is left."""
    bodies = conn.exec_driver_sql("SELECT body FROM incident WHERE status = ?", (Status.RESOLVED.value,))
    limit = utc(now - _ACTIONS_DAYS * _DAY_SECONDS)
    for incident in stored.decoded(bodies.scalars()):
        if incident.opd and incident.resolved_at is not None and incident.resolved_at < limit:
            yield incident.opd
