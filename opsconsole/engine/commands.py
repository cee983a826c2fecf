"""Commands carried out: each once for its id, and answered only when it is committed.

A handler does its work in the loop and returns an outcome; its events, and what else it has to write,
are stored in one transaction under the command's id. The same id again finds that and does nothing; one
that comes while the first is under way waits for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from opsconsole.base.errors import NotFound
from opsconsole.base.text import N_
from opsconsole.client.commands import CommandShape
from opsconsole.client.shapes import Caller, CommandBody, CommandResult
from opsconsole.engine.batch import Command, EventDraft
from opsconsole.engine.record import Recorder
from opsconsole.store import events
from opsconsole.store.database import Store


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way: what it asks, who asks, and its id."""

    args: Any
    caller: Caller
    command_id: str
    at: float

    def event(self, kind: str, subject: str, body: Mapping[str, object] | None = None) -> EventDraft:
        """An event that this caller caused."""
        caller = self.caller
        return EventDraft(kind, subject, self.at, caller.uid, caller.person, caller.via, body or {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler did: events to store, and the result to answer with.

    ``seq``: the handler has committed already, and this is the number of its event. ``answered`` is
    called a moment after the answer left.
    """

    events: tuple[EventDraft, ...] = ()
    result: object = None
    seq: int = 0
    answered: Callable[[], None] | None = None


Handler = Callable[[Request], Awaitable[Outcome]]
# So long an answer takes to leave through the API's thread.
ANSWER_SECONDS = 0.05


class Commands:
    """The handlers by name. `execute` runs in the engine's loop."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        store: Store,
        recorder: Recorder,
        now: Callable[[], float],
    ) -> None:
        self._handlers = handlers
        self._store = store
        self._recorder = recorder
        self._now = now
        self._under_way: dict[str, asyncio.Task[CommandResult]] = {}

    async def execute(
        self, shape: CommandShape, args: msgspec.Struct, caller: Caller, body: CommandBody
    ) -> CommandResult:
        """Carry out one command. Raises `Problem` when it was not carried out."""
        handler = self._handlers.get(shape.name)
        if handler is None:
            raise NotFound(N_("This engine has no command {name}."), name=shape.name)
        request = Request(args, caller, body.command_id, self._now())
        if not shape.writes:
            outcome = await handler(request)
            return CommandResult(command_id=body.command_id, result=_raw(outcome.result))
        first = self._under_way.get(body.command_id)
        if first is not None:
            return _repeated(body.command_id, (await asyncio.shield(first)).seq)
        task = asyncio.get_running_loop().create_task(self._carry_out(handler, request))
        self._under_way[body.command_id] = task
        task.add_done_callback(lambda _task: self._under_way.pop(body.command_id))
        # A caller who leaves does not leave a command half done.
        return await asyncio.shield(task)

    async def _carry_out(self, handler: Handler, request: Request) -> CommandResult:
        before = await asyncio.to_thread(self._find, request.command_id)
        if before is not None:
            return _repeated(request.command_id, before.seq)
        outcome = await handler(request)
        seq = outcome.seq or await self._commit(request, outcome)
        if outcome.answered is not None:
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, outcome.answered)
        return CommandResult(command_id=request.command_id, seq=seq, result=_raw(outcome.result))

    async def _commit(self, request: Request, outcome: Outcome) -> int:
        command = Command(request.command_id, outcome.events)
        self._recorder.command(command)
        return (await asyncio.wrap_future(command.done)).seq

    def _find(self, command_id: str) -> events.StoredEvent | None:
        with self._store.reader() as conn:
            return events.find_command(conn, command_id)


def _repeated(command_id: str, seq: int) -> CommandResult:
    return CommandResult(command_id=command_id, seq=seq, repeated=True)


def _raw(result: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(result))
