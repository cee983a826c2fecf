"""The queue to the writer: the loop and the commands add to a batch and go on.

Nothing in the path of a look waits for the disk. A thread of its own takes the batch at most half a
second later and has it written; commands wake it at once.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from opsconsole.base.errors import Problem
from opsconsole.base.text import N_
from opsconsole.client.shapes import Published
from opsconsole.engine.batch import Batch, Command, TakenLook, Written
from opsconsole.engine.log import Logger
from opsconsole.engine.writer import Condition, Writer
from opsconsole.health.model import OpdState, ProbeState, ShownState
from opsconsole.health.states import Changed
from opsconsole.store.drafts import EventDraft

# A batch is at most half a second old when it is committed; the rest is left to the commit itself.
BATCH_SECONDS = 0.4
# Transitions and events that are kept for better times while nothing can be written.
KEPT_MOST = 10_000
# Looks that wait for a disk that hangs: some minutes of the largest office foreseen.
WAITING_MOST = 20_000
# A commit takes milliseconds; one that takes so long is not coming soon.
HANGING_SECONDS = 10.0


class Recorder:
    """The batch the writer takes next. Its methods may be called from any thread."""

    def __init__(self, writer: Writer, log: Logger) -> None:
        self._writer = writer
        self._log = log
        self._batch = Batch()
        self._lock = threading.RLock()
        self._began: float | None = None
        self._wake = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    @property
    def condition(self) -> Condition:
        """How the writer fares; ``failing`` also while it hangs over a batch."""
        began = self._began
        hangs = began is not None and time.monotonic() - began > HANGING_SECONDS
        return "failing" if hangs and self._writer.condition == "ok" else self._writer.condition

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is added within is written in one transaction: an end in between can not part it."""
        with self._lock:
            yield

    def look(self, look: TakenLook, state: ProbeState | None) -> None:
        """A look, and the state of its probe after it where that says more than the look does."""
        with self._lock:
            if len(self._batch.looks) < WAITING_MOST:
                self._batch.looks.append(look)
            else:
                self._batch.left_out += 1
            if state is not None:
                self._batch.probes[look.record.probe_id] = state

    def probe(self, probe_id: int, state: ProbeState) -> None:
        """The state of a probe that changed without a look."""
        with self._lock:
            self._batch.probes[probe_id] = state

    def row(self, row_id: str, shown: ShownState) -> None:
        """What is shown of an application or service."""
        with self._lock:
            self._batch.rows[row_id] = shown

    def opd(self, code: str, shown: OpdState) -> None:
        """What is shown of an OPD."""
        with self._lock:
            self._batch.opds[code] = shown

    def publish(self, change: Published) -> None:
        """A row to publish once what stands with it is written."""
        with self._lock:
            self._batch.published.append(change)

    def change(self, rev: int, changed: Changed) -> None:
        """A transition under configuration revision ``rev``."""
        with self._lock:
            self._batch.changes.setdefault(rev, []).append(changed)

    def event(self, draft: EventDraft) -> None:
        """An event of the engine's own."""
        with self._lock:
            self._batch.events.append(draft)

    def command(self, command: Command) -> None:
        """A command to commit at once; `Command.done` tells what came of it."""
        with self._lock:
            if not self._ending:
                self._batch.commands.append(command)
                self._wake.set()
                return
        command.done.set_exception(
            Problem(N_("The engine is ending, so nothing was done."), N_("Try again when it runs."))
        )

    def flush(self) -> "Future[Written]":
        """Done once all that was added before is written and published."""
        command = Command(None, ())
        self.command(command)
        return command.done

    def close(self, seconds: float) -> bool:
        """Write what is there, end the run and stop; whether that was done within ``seconds``."""
        with self._lock:
            self._ending = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        ending = False
        while not ending:
            self._wake.wait(BATCH_SECONDS)
            self._wake.clear()
            with self._lock:
                batch, self._batch = self._batch, Batch()
                ending = self._ending
            kept = self._write(batch)
            if kept is not None:
                with self._lock:
                    self._batch.keep(kept, KEPT_MOST)
        try:
            self._writer.end()
        except Exception:
            self._log.exception("store.end_run")

    def _write(self, batch: Batch) -> Batch | None:
        self._began = time.monotonic()
        try:
            return self._writer.write(batch)
        except Exception:
            # A mistake of ours over one batch must not end all writing.
            self._log.exception("store.batch")
            batch.answer_all()
            return None
        finally:
            self._began = None
