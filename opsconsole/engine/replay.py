"""What answers the query ``replay``: a child that only reads, one at a time."""

import asyncio
from pathlib import Path

import msgspec

from opsconsole.base.errors import Invalid, NotFound, Problem
from opsconsole.base.text import N_
from opsconsole.client.problems import problem_of
from opsconsole.client.replayed import AskReplay, Replay
from opsconsole.engine.asked import Asked
from opsconsole.engine.child import ask_child
from opsconsole.engine.inventory import known_code
from opsconsole.engine.office import Office
from opsconsole.engine.replay_child import Done, Task
from opsconsole.engine.replaying import Job
from opsconsole.engine.thresholds import read_thresholds

# Enough for the answer of an office in which everything flaps.
_ANSWER_BYTES = 64 * 1024 * 1024
_DAY_SECONDS = 86_400
_CHILD = "opsconsole.engine.replay_child"


class Replays:
    """Answers one question after the other. ``config`` is the folder of the office's files."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._turn = asyncio.Lock()

    async def answer(self, asked: Asked) -> Replay:
        """Replay what is asked. Raises `Invalid`, `NotFound`."""
        args: AskReplay = asked.args
        now = asked.clock.now()
        until = now if args.until is None else args.until.timestamp()
        if not args.since.timestamp() < until <= now:
            raise Invalid(
                N_("There is no time between the two."),
                N_("Ask from an earlier time to a later one, up to now."),
            )
        if args.since.timestamp() < _DAY_SECONDS:
            raise Invalid(N_("Nothing was recorded so long ago."), N_("Ask for a later time."))
        read_thresholds(args.sets)
        job = _job(asked.office, args, until)
        task = Task(database=str(asked.store.path), config=str(self._config), job=job)
        async with self._turn:
            return await _in_child(task)


def _job(office: Office, args: AskReplay, until: float) -> Job:
    return Job(
        rev=office.rev,
        start=round(args.since.timestamp() * 1000),
        end=round(until * 1000),
        rows=tuple(_rows(office, args)),
        probes=tuple((row, name, probe.id) for (row, name), probe in office.probes.items()),
        sets=args.sets,
    )


def _rows(office: Office, args: AskReplay) -> list[str]:
    for row_id in args.applications:
        if row_id not in office.rows:
            raise NotFound(N_("There is no application {id}."), id=row_id)
    code = known_code(office, args.opd) if args.opd else ""
    return [
        row.id
        for row in office.rows.values()
        if (not args.applications or row.id in args.applications) and (not code or row.entry.opd == code)
    ]


async def _in_child(task: Task) -> Replay:
    failed = Problem(N_("The replay failed."), N_("Please report it with the command and the number {code}."))
    said = await ask_child(_CHILD, task, failed, most_bytes=_ANSWER_BYTES)
    done = msgspec.json.decode(said, type=Done)
    if done.answer is None:
        assert done.problem is not None
        raise problem_of(done.problem)
    return done.answer
