"""The road in the running engine: its commands, its questions, and what it looks over once a day."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial

from sqlalchemy import Connection

from opsconsole.base.clock import Clock, utc
from opsconsole.base.errors import Invalid, NotFound
from opsconsole.base.text import N_
from opsconsole.client import instructions as told
from opsconsole.client import integration as asks
from opsconsole.client import problem_register as register
from opsconsole.client.integration_commands import Prove, VoidProof
from opsconsole.client.query import R
from opsconsole.engine.asked import Answerer, Asked
from opsconsole.engine.batch import Command
from opsconsole.engine.commands import Handler, Outcome, Request
from opsconsole.engine.inventory import known_code
from opsconsole.engine.office import Office
from opsconsole.engine.record import Recorder
from opsconsole.engine.staging import Levels, gathered, judged
from opsconsole.engine.switching_off import candidates
from opsconsole.engine.usage import UsageFigures
from opsconsole.integration import commands, queries, stored
from opsconsole.integration.commands import To
from opsconsole.integration.evaluate import Seen
from opsconsole.integration.projection import INSTRUCTION
from opsconsole.inventory.office import Inventory
from opsconsole.store.database import Store
from opsconsole.store.drafts import Decided, EventDraft, own_event
from probes.spec import parse_duration

# So long an engine has looked before it says what stopped; and so often it asks whether the day has turned.
SETTLED_SECONDS = 900.0
TURN_SECONDS = 60.0
# So many days ahead of its due date somebody is reminded of an instruction.
REMIND_DAYS = 3
_DAY_SECONDS = 86_400
_FARTHEST_DUE_DAYS = 732
# Before any office had a network; days and weeks are counted back from what is asked.
EARLIEST = date(1970, 1, 1)


class Roads:
    """The commands of the road, and its daily turn. Called in the loop.

    ``office()`` is the one in force; ``levels(conn, now)`` the readiness of the people of each application.
    """

    def __init__(
        self, store: Store, recorder: Recorder, clock: Clock, office: Callable[[], Office], levels: Levels
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._clock = clock
        self._office = office
        self._levels = levels
        self._began = clock.monotonic()
        self._reminded: date | None = None
        self._taken = ""
        self._turning = False

    def handlers(self) -> Mapping[str, Handler]:
        """What carries out the commands of this room, by name."""
        return {
            "prove": self._prove,
            "void": self._void,
            "evaluate": self._evaluate_now,
            **UsageFigures(self._office, self.today).handlers(),
            "problem-add": self._add_problem,
            "problem-status": partial(self._decide, commands.move_problem),
            "problem-note": partial(self._decide, commands.note_problem),
            "problem-set": self._describe_problem,
            "problem-link": self._link_problem,
            "instruct": self._issue,
            "instruction-ack": self._acknowledge,
            "instruction-answer": self._answer,
            "instruction-withdraw": partial(self._decide, commands.withdraw),
        }

    async def _take_up(self) -> None:
        """Write down the problems of the files that the register does not have yet, once for each set."""
        inventory = self._office().inventory
        known = inventory.road.problems
        if inventory.digest != self._taken:
            self._taken = inventory.digest
            await self._run(lambda conn: commands.known_problems(conn, known, self._author))

    async def turn(self) -> None:
        """Look everything over once a day, and remind of what is due; called now and then."""
        if self._turning:
            return
        self._turning = True
        try:
            today = self.today()
            await self._take_up()
            if self._reminded != today:
                await self._run(
                    lambda conn: Decided(commands.due_events(conn, today, REMIND_DAYS, self._author))
                )
                self._reminded = today
            if self._clock.monotonic() - self._began >= SETTLED_SECONDS and await self._is_due(today):
                await self._run(await self._evaluating(self._author))
        finally:
            self._turning = False

    def today(self) -> date:
        """The day in the office's zone."""
        return day_of(self._office().inventory, self._clock.now())

    async def _is_due(self, today: date) -> bool:
        def read() -> bool:
            with self._store.reader() as conn:
                last = stored.evaluation(conn)
            return last is None or last[1] < today

        return await asyncio.to_thread(read)

    async def _evaluating(self, author: commands.Author) -> Callable[[Connection], Decided]:
        office, now = self._office(), self._clock.now()

        def read() -> list[Seen]:
            with self._store.reader() as conn:
                return gathered(conn, office, now, self._levels)

        seen = await asyncio.to_thread(read)
        return lambda conn: judged(conn, office.inventory, seen, self.today(), author)

    async def _run(self, decide: Callable[[Connection], Decided]) -> None:
        command = Command(None, (), decide=decide)
        self._recorder.command(command)
        await asyncio.wrap_future(command.done)

    def _author(self, kind: str, subject: str, body: Mapping[str, object]) -> EventDraft:
        return own_event(kind, subject, self._clock.now(), body)

    async def _decide(self, decide: Callable[..., Decided], request: Request) -> Outcome:
        return Outcome(decide=lambda conn: decide(conn, request.args, request.event))

    async def _evaluate_now(self, request: Request) -> Outcome:
        """Look everything over. The result counts what was reached and what fell."""
        return Outcome(decide=await self._evaluating(request.event))

    async def _prove(self, request: Request) -> Outcome:
        args: Prove = request.args
        self._application(args.application)
        until = commands.written_day(args.valid_to) if args.valid_to else None
        return Outcome(decide=lambda conn: commands.prove(args, self.today(), until, request.event))

    async def _void(self, request: Request) -> Outcome:
        args: VoidProof = request.args
        self._application(args.application)
        return Outcome(decide=lambda conn: commands.void(args, self.today(), request.event))

    async def _add_problem(self, request: Request) -> Outcome:
        """The result is its number."""
        args: register.AddProblem = request.args
        opd = known_code(self._office(), args.opd)
        if args.application:
            opd = self._application(args.application) or opd
        named = register.AddProblem(
            category=args.category, text=args.text, opd=opd, application=args.application, source=args.source
        )
        return Outcome(decide=lambda conn: commands.add_problem(conn, named, self.today(), request.event))

    async def _describe_problem(self, request: Request) -> Outcome:
        args: register.DescribeProblem = request.args
        text = args.text.strip()
        if args.part == "opd":
            text = known_code(self._office(), text)
        elif args.part == "application" and text:
            self._application(text)
        named = register.DescribeProblem(problem=args.problem, part=args.part, text=text)
        return Outcome(decide=lambda conn: commands.describe_problem(conn, named, request.event))

    async def _link_problem(self, request: Request) -> Outcome:
        args: register.LinkProblem = request.args
        inventory = self._office().inventory
        return Outcome(
            decide=lambda conn: commands.link_problem(
                conn, args, request.event, exists=partial(_exists, conn, inventory)
            )
        )

    async def _issue(self, request: Request) -> Outcome:
        """The result is its number."""
        args: told.IssueInstruction = request.args
        to, due = self._addressee(args.to), self._due(args.due)
        return Outcome(decide=lambda conn: commands.issue(conn, args, to, due, request.event))

    async def _acknowledge(self, request: Request) -> Outcome:
        args: told.AcknowledgeInstruction = request.args
        by = args.by.strip() or request.caller.person
        return Outcome(decide=lambda conn: commands.acknowledge(conn, args, by, request.event))

    async def _answer(self, request: Request) -> Outcome:
        args: told.AnswerInstruction = request.args
        by = args.by.strip() or request.caller.person
        return Outcome(decide=lambda conn: commands.answer(conn, args, by, self.today(), request.event))

    def _application(self, name: str) -> str:
        """The OPD of an application. Raises NotFound."""
        entry = self._office().inventory.applications.get(name)
        if entry is None:
            raise NotFound(N_("There is no application {id}."), id=name)
        return entry.opd

    def _addressee(self, text: str) -> To:
        office = self._office()
        person = office.inventory.people.get(text)
        if person is not None:
            return To(person.opd, person.id)
        try:
            code = known_code(office, text.removeprefix("opd:") or "?")
        except NotFound:
            raise NotFound(N_("There is no OPD and no person {name}."), name=text) from None
        return To(code)

    def _due(self, text: str) -> date:
        try:
            due = self.today() + timedelta(days=round(parse_duration(text) / _DAY_SECONDS))
        except ValueError:
            due = commands.written_day(text)
        except OverflowError:
            due = date.max
        if not 0 <= (due - self.today()).days <= _FARTHEST_DUE_DAYS:
            raise Invalid(N_("{text} is not a day within the next two years."), text=text)
        return due


def day_of(inventory: Inventory, now: float) -> date:
    """The day in an office's zone at a moment."""
    return utc(now).astimezone(inventory.calendar.zone).date()


def road_questions() -> Mapping[str, Answerer]:
    """What answers the queries of this room, by name."""
    return {
        "road": _answer_road,
        "stages": _answer_stages,
        "switch_off": _answer_switch_off,
        "problems": _answer_problems,
        "instructions": _answer_instructions,
    }


async def _answer_road(asked: Asked) -> asks.Road:
    """The road as of a day. Raises Invalid for one that has not come."""
    args: asks.AskRoad = asked.args
    today = day_of(asked.office.inventory, asked.clock.now())
    day = args.at or today
    if day > today:
        raise Invalid(N_("That day has not come yet."), N_("Ask for a day up to today."))
    if day < EARLIEST:
        raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))
    return await _read(asked, lambda conn: queries.road(conn, asked.office.inventory, day, today))


async def _answer_stages(asked: Asked) -> asks.StagesPage:
    args: asks.AskStages = asked.args
    inventory, now = asked.office.inventory, asked.clock.now()
    known_code(asked.office, args.opd)
    if args.application and args.application not in inventory.applications:
        raise NotFound(N_("There is no application {id}."), id=args.application)
    return await _read(asked, lambda conn: queries.stages(conn, inventory, args, now, day_of(inventory, now)))


async def _answer_switch_off(asked: Asked) -> asks.SwitchOffPage:
    now = asked.clock.now()
    return await _read(asked, lambda conn: candidates(conn, asked.office, now))


async def _answer_problems(asked: Asked) -> register.ProblemsPage:
    args: register.AskProblems = asked.args
    now = asked.clock.now()
    today = day_of(asked.office.inventory, now)
    page = await _read(asked, lambda conn: queries.problems(conn, args, now, today))
    if args.number and not page.problems:
        raise NotFound(
            N_("There is no problem {number}."),
            N_("`opsconsole integration problems` lists them."),
            number=args.number,
        )
    return page


async def _answer_instructions(asked: Asked) -> told.InstructionsPage:
    args: told.AskInstructions = asked.args
    inventory, now = asked.office.inventory, asked.clock.now()
    known_code(asked.office, args.opd)
    today = day_of(inventory, now)
    return await _read(asked, lambda conn: queries.instructions(conn, inventory, args, now, today))


async def _read(asked: Asked, read: Callable[[Connection], R]) -> R:
    def answer() -> R:
        with asked.store.answering() as conn:
            return read(conn)

    return await asyncio.to_thread(answer)


def _exists(conn: Connection, inventory: Inventory, kind: str, target: str) -> bool:
    """Whether there is what a problem is to be tied to."""
    match kind:
        case "incident":
            found = conn.exec_driver_sql("SELECT 1 FROM incident WHERE number = ?", (_number(target),))
            return found.first() is not None
        case "bimtek":
            return conn.exec_driver_sql("SELECT 1 FROM bimtek WHERE code = ?", (target,)).first() is not None
        case "stage":
            application, _colon, stage = target.partition(":")
            return application in inventory.applications and stage in {f"T{n}" for n in range(1, 7)}
    return stored.instruction(conn, _number(target.removeprefix(INSTRUCTION))) is not None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
