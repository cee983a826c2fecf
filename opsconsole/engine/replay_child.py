"""The process in which a replay runs: it only reads, and takes no time from the looks.

``python -m opsconsole.engine.replay_child`` reads one line of JSON, a `Task`, and writes one, the answer or
a problem.
"""

import os
import sys
from pathlib import Path

import msgspec

from opsconsole.base.errors import Problem
from opsconsole.client.problems import body_of
from opsconsole.client.replayed import Replay
from opsconsole.client.shapes import ProblemBody
from opsconsole.engine.replaying import Job, replay
from opsconsole.inventory.load import parse
from opsconsole.inventory.register import accepted_files
from opsconsole.store.database import Store

_NICE = 10


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A job, the store it is about, and the folder that its files name others from."""

    database: str
    config: str
    job: Job


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: one of the two."""

    answer: Replay | None = None
    problem: ProblemBody | None = None


def run(task: Task) -> Done:
    """Replay, under the configuration that the engine runs."""
    # It is open and whole: the engine has it. Of this one only readers are taken.
    store = Store(Path(task.database), "")
    try:
        with store.reader() as conn:
            files = accepted_files(conn, task.job.rev)
        return Done(answer=replay(store, parse(files, Path(task.config)), task.job))
    except Problem as problem:
        return Done(problem=body_of(problem))
    finally:
        store.close()


def main() -> None:
    """Read the task, do it, write what came of it."""
    os.nice(_NICE)
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    sys.stdout.buffer.write(msgspec.json.encode(run(task)) + b"\n")


if __name__ == "__main__":
    main()
