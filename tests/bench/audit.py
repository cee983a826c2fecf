"""A chain of a million events: how long it takes to verify it, to back it up, and in how much memory.

Each runs in a process of its own, as the engine has it do it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from opsconsole.store import chain, sqlite
from opsconsole.store.backup import back_up
from opsconsole.store.database import open_store

EVENTS = 1_000_000
_INSERT = f"INSERT INTO event ({chain.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# As long as what the engine announces usually is.
_BODY = (
    b'{"after":"down","before":"up","happened_at":"2026-11-23T19:02:00.123+00:00","held":"",'
    b'"noticed_at":"2026-11-23T19:02:30.456+00:00","params":{"seen":503,"want":"200-299"},'
    b'"probe":"http","reason":"status_unexpected"}'
)


def measure(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Each step as its name, seconds and the most memory in MiB."""
    path = folder / "opsconsole.db"
    fill(path, EVENTS)
    yield "verify", *_run("verify", str(path))
    yield "back up and verify the copy", *_run("back_up", str(path), str(folder / "copy.db"))


def fill(path: Path, events: int) -> None:
    """Make a store with so many events. Sealed as `events.append` does, without its transactions."""
    open_store(path).close()
    with closing(sqlite.connect(path, writes=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT, _rows(chain.uuid_of(connection), events))
        connection.execute("COMMIT")


def _rows(uuid: str, events: int) -> Iterator[tuple[object, ...]]:
    prev = chain.FIRST
    for seq in range(1, events + 1):
        command = f"{seq:032x}" if seq % 3 == 0 else None
        columns = (
            seq, 1_795_000_000_000 + 500 * seq, 1000, "sari", "engine", command, "application.announced",
            f"application:app-{seq % 200}",
        )  # fmt: skip
        sealed = chain.seal(uuid, prev, columns, _BODY)
        yield (*columns, _BODY, prev, sealed)
        prev = sealed


def _run(step: str, *arguments: str) -> tuple[float, float]:
    began = time.perf_counter()
    command = (sys.executable, "-m", "tests.bench.audit", step, *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, float(json.loads(done.stdout))


def one_step(step: str, path: str, *rest: str) -> None:
    """One step in this process; its peak of memory on standard output."""
    report: Any
    if step == "verify":
        with closing(sqlite.connect(Path(path), writes=False)) as connection:
            report = chain.walk(connection, chain.uuid_of(connection))
    else:
        report = back_up(Path(path), Path(rest[0])).checked.chain
    assert report.whole
    assert report.events == EVENTS
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """All steps, each as a line."""
    with tempfile.TemporaryDirectory(prefix="opsconsole-bench-") as folder:
        for step, seconds, mebibytes in measure(Path(folder)):
            print(f"{step}, {EVENTS:,} events: {seconds:.1f} s, {mebibytes:.0f} MiB at most", flush=True)


if __name__ == "__main__":
    one_step(*sys.argv[1:]) if sys.argv[1:] else main()
