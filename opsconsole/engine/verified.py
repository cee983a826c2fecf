"""What answers the queries ``verify`` and ``store-check``: a child that only reads, one at a time."""

import asyncio
import re

import msgspec

from opsconsole.base.errors import Invalid, Problem
from opsconsole.base.text import N_
from opsconsole.client.backups import StoreState
from opsconsole.client.problems import problem_of
from opsconsole.client.verified import MOST_WANTED, AskVerify, Verified
from opsconsole.engine.asked import Asked
from opsconsole.engine.child import ask_child
from opsconsole.engine.store_child import CheckTask, Done, Task, VerifyTask

# So often whoever waits is told how far it has come.
STEP_SECONDS = 1.5
_HASH = re.compile(r"([0-9a-f]{64})?")
CHILD = "opsconsole.engine.store_child"


class Verifications:
    """Answers one question after the other."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def verify(self, asked: Asked) -> Verified:
        """One step along the chain. Raises `Invalid`."""
        args: AskVerify = asked.args
        if args.after < 0 or not _HASH.fullmatch(args.hash) or bool(args.after) != bool(args.hash):
            raise Invalid(
                N_("No event has that number and hash."), N_("Begin anew: `opsconsole audit verify`.")
            )
        if len(args.wanted) > MOST_WANTED:
            raise Invalid(N_("At most {most} anchors are looked up at once."), most=MOST_WANTED)
        task = VerifyTask(
            database=str(asked.store.path), after=args.after, prev=args.hash, wanted=args.wanted,
            seconds=STEP_SECONDS,
        )  # fmt: skip
        async with self._turn:
            done = await in_child(task)
        assert done.verified is not None
        return done.verified

    async def check(self, asked: Asked) -> StoreState:
        """Everything that can be wrong with the store."""
        async with self._turn:
            done = await in_child(CheckTask(database=str(asked.store.path)))
        assert done.state is not None
        return done.state


async def in_child(task: Task) -> Done:
    """What came of a task. Raises its Problem."""
    failed = Problem(
        N_("The store could not be read to its end."),
        N_("Please report it with the command and the number {code}."),
    )
    done = msgspec.json.decode(await ask_child(CHILD, task, failed), type=Done)
    if done.problem is not None:
        raise problem_of(done.problem)
    return done
