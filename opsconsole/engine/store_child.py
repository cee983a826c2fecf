"""The process that verifies, checks and copies the store: beside the engine, and it only reads.

``python -m opsconsole.engine.store_child`` reads one line of JSON, a task, and writes one, a `Done`.
"""

import os
import sys
from contextlib import closing
from pathlib import Path

import msgspec

from opsconsole.base.clock import utc
from opsconsole.base.errors import Problem
from opsconsole.client.backups import Backup, StoreState
from opsconsole.client.problems import body_of
from opsconsole.client.shapes import ProblemBody
from opsconsole.client.verified import Verified
from opsconsole.store import chain, sqlite

_NICE = 10


class VerifyTask(msgspec.Struct, frozen=True, kw_only=True, tag="verify"):
    """One step along the chain, for so many seconds. ``prev`` is in hexadecimal, empty for the beginning."""

    database: str
    after: int
    prev: str
    wanted: tuple[int, ...]
    seconds: float


class CheckTask(msgspec.Struct, frozen=True, kw_only=True, tag="check"):
    """Everything that can be wrong with the store in use."""

    database: str


class BackupTask(msgspec.Struct, frozen=True, kw_only=True, tag="backup"):
    """A copy of it into a new file."""

    database: str
    target: str


Task = VerifyTask | CheckTask | BackupTask


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: one of them."""

    verified: Verified | None = None
    state: StoreState | None = None
    backup: Backup | None = None
    problem: ProblemBody | None = None


def run(task: Task) -> Done:
    """Do one task. Of the library's own errors the text is told."""
    try:
        match task:
            case VerifyTask():
                return Done(verified=verify(task))
            case CheckTask():
                return Done(state=_check(task))
            case BackupTask():
                return Done(backup=_back_up(task))
    except Problem as problem:
        return Done(problem=body_of(problem))


def verify(task: VerifyTask) -> Verified:
    """One step along the chain."""
    with closing(sqlite.connect(Path(task.database), writes=False)) as connection:
        uuid = chain.uuid_of(connection)
        report = chain.walk(
            connection, uuid, after=task.after, prev=bytes.fromhex(task.prev) or chain.FIRST,
            wanted=frozenset(task.wanted), seconds=task.seconds,
        )  # fmt: skip
        newest = chain.newest(connection)
    return Verified(
        store=uuid,
        events=report.events,
        seq=report.seq,
        hash=report.head.hex(),
        at=utc(report.at / 1000) if report.at else None,
        newest=max(newest, report.seq),
        broken_at=report.broken_at,
        why=report.why,
        marks={seq: sealed.hex() for seq, sealed in report.marks.items()},
        ended=report.ended,
    )


def _check(task: CheckTask) -> StoreState:
    # Late: these need the models and their library, which a step along the chain does not.
    from opsconsole.engine.store_state import state_of
    from opsconsole.store.check import check_store

    return state_of(check_store(Path(task.database)))


def _back_up(task: BackupTask) -> Backup:
    from opsconsole.engine.store_state import state_of
    from opsconsole.store.backup import back_up

    made = back_up(Path(task.database), Path(task.target))
    return Backup(file=made.file, state=state_of(made.checked), seconds=made.seconds)


def main() -> None:
    """Read the task, do it, write what came of it."""
    os.nice(_NICE)
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    sys.stdout.buffer.write(msgspec.json.encode(run(task)) + b"\n")


if __name__ == "__main__":
    main()
