"""Commands carried out: each once for its id, and answered only when it is committed.

A handler does its work in the loop and returns an outcome; its events, and what else it has to write,
are stored in one transaction under the command's id. The same id again finds that and does nothing; one
that comes while the first is under way waits for it. An id that comes with something else than the first
time is refused: each event says what was asked, as a digest.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from opsconsole.base.errors import Conflict, NotFound, Problem
from opsconsole.base.text import N_
from opsconsole.client.commands import CommandShape
from opsconsole.client.shapes import Application, Caller, CommandBody, CommandResult
from opsconsole.engine.batch import Command
from opsconsole.engine.record import Recorder
from opsconsole.store import events
from opsconsole.store.database import Store
from opsconsole.store.drafts import Decide, EventDraft


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way: what it asks, who asks, its id, and `digest` of all of it.

    ``version`` is that of what it is about, as the caller saw it.
    """

    args: Any
    caller: Caller
    command_id: str
    at: float
    asked: str
    version: int | None = None

    def event(self, kind: str, subject: str, body: Mapping[str, object] | None = None) -> EventDraft:
        """An event that this caller caused."""
        caller = self.caller
        told = {**(body or {}), ASKED: self.asked}
        return EventDraft(kind, subject, self.at, caller.uid, caller.person, caller.via, told)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler did: events to store, and the result to answer with.

    With ``decide``, events and result are found in the transaction that stores them. ``seq``: the handler
    has committed already, and this is the number of its event. ``answered`` is
    called a moment after the answer left. ``harmless``: it is answered also when the store does not take
    the events, since nothing follows from it but what it shows.
    """

    events: tuple[EventDraft, ...] = ()
    result: object = None
    seq: int = 0
    answered: Callable[[], None] | None = None
    harmless: bool = False
    decide: Decide | None = None


Handler = Callable[[Request], Awaitable[Outcome]]
# So long an answer takes to leave through the API's thread.
ANSWER_SECONDS = 0.05
# Where an event keeps the digest of what was asked.
ASKED = "asked"


class Commands:
    """The handlers by name. `execute` runs in the engine's loop; ``row`` is a row as it is shown now."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        store: Store,
        recorder: Recorder,
        now: Callable[[], float],
        row: Callable[[str], Application | None],
    ) -> None:
        self._row = row
        self._handlers = handlers
        self._store = store
        self._recorder = recorder
        self._now = now
        self._under_way: dict[str, tuple[str, asyncio.Task[CommandResult]]] = {}

    async def execute(
        self, shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        """Carry out one command. Raises `Problem` when it was not carried out."""
        handler = self._handlers.get(shape.name)
        if handler is None:
            raise NotFound(N_("This engine has no command {name}."), name=shape.name)
        request = Request(
            args, caller, body.command_id, self._now(), digest(shape, args, caller), body.version
        )
        if not shape.writes:
            outcome = await handler(request)
            return CommandResult(command_id=body.command_id, result=_raw(outcome.result))
        first = self._under_way.get(body.command_id)
        if first is not None:
            asked, task = first
            _check_same(request, asked)
            done = await asyncio.shield(task)
            return msgspec.structs.replace(done, repeated=True)
        carried_out = self._carry_out(shape, handler, request, body.version)
        task = asyncio.get_running_loop().create_task(carried_out)
        self._under_way[body.command_id] = request.asked, task
        task.add_done_callback(lambda _task: self._under_way.pop(body.command_id))
        # A caller who leaves does not leave a command half done.
        return await asyncio.shield(task)

    async def _carry_out(
        self, shape: CommandShape, handler: Handler, request: Request, version: int | None
    ) -> CommandResult:
        before = await asyncio.to_thread(self._find, request.command_id)
        if before is not None:
            _check_same(request, before.body.get(ASKED, request.asked))
            return _repeated(request.command_id, before.seq)
        if shape.versioned and shape.on == "application" and version is not None:
            self._check_version(request.args.application, version)
        outcome = await handler(request)
        seq, result, unrecorded = outcome.seq, outcome.result, False
        try:
            if not seq:
                seq, result = await self._commit(request, outcome)
        except Problem:
            if not outcome.harmless:
                raise
            unrecorded = True
        if outcome.answered is not None:
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, outcome.answered)
        return CommandResult(
            command_id=request.command_id, seq=seq, result=_raw(result), unrecorded=unrecorded
        )

    async def _commit(self, request: Request, outcome: Outcome) -> tuple[int, object]:
        command = Command(request.command_id, outcome.events, decide=outcome.decide)
        self._recorder.command(command)
        written = await asyncio.wrap_future(command.done)
        return written.seq, written.value if outcome.decide is not None else outcome.result

    def _check_version(self, row_id: str, seen: int) -> None:
        row = self._row(row_id)
        if row is not None and row.version != seen:
            raise Conflict(
                N_("{id} has changed meanwhile: it is {state} now."),
                N_("Look at it again, then decide."),
                id=row_id,
                state=row.state.value,
            )

    def _find(self, command_id: str) -> events.StoredEvent | None:
        with self._store.reader() as conn:
            return events.find_command(conn, command_id)


def digest(shape: CommandShape, args: msgspec.Struct, caller: Caller) -> str:
    """Sixteen characters that differ for another command, other arguments or another account."""
    asked = msgspec.json.encode((shape.name, caller.uid, args), order="sorted")
    return hashlib.blake2b(asked, digest_size=8).hexdigest()


def _check_same(request: Request, asked: object) -> None:
    if request.asked != asked:
        raise Conflict(
            N_("The command_id {command_id} was used for another command."),
            N_("Give each command an id of its own; only a repetition has the same."),
            command_id=request.command_id,
        )


def _repeated(command_id: str, seq: int) -> CommandResult:
    return CommandResult(command_id=command_id, seq=seq, repeated=True)


def _raw(result: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(result))
