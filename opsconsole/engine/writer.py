"""Batches into the store: one transaction each, and what to do when the disk takes nothing.

On a full disk looks are left out and counted, while commands, transitions and states are written into
the room that the reserve gives up. Any other failure is met part by part, so that one bad row can not
take the rest with it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from opsconsole.api.hub import Hub
from opsconsole.base.clock import Clock
from opsconsole.base.errors import Problem
from opsconsole.client.shapes import Published
from opsconsole.engine import shown
from opsconsole.engine.batch import Batch, Command, Written, not_written, undone
from opsconsole.engine.log import Logger
from opsconsole.health import states
from opsconsole.store import events, looks, runs
from opsconsole.store.database import Store, StoreFull
from opsconsole.store.drafts import EventDraft, NotApplied, Subscriber
from opsconsole.store.events import StoredEvent

HEARTBEAT_SECONDS = 2.0
RESERVE_SECONDS = 2.0

Condition = Literal["ok", "full", "failing"]
Part = Callable[[Connection], None]


class Writer:
    """Writes batches, publishes what they say, answers their commands. Used by one thread.

    ``subscribers`` are called for each event in the transaction that stores it, each within a savepoint:
    what one reacts with is stored or published with it, and one that fails takes nothing else with it
    (``stumbled`` counts that); where it can not apply an event of its own, what led to that is undone.
    ``shed`` counts the looks that were left out, ``logged`` the events and
    changes of state that were written.
    """

    def __init__(
        self,
        store: Store,
        hub: Hub,
        clock: Clock,
        log: Logger,
        *,
        run: int,
        subscribers: Sequence[Subscriber] = (),
    ) -> None:
        self._store = store
        self._hub = hub
        self._clock = clock
        self._log = log
        self._run = run
        self._subscribers = subscribers
        # Without room for the reserve there is none for looks: a restart must not spend what is left.
        self.condition: Condition = "ok" if store.keep_reserve() else "full"
        self.shed = self.logged = self.stumbled = 0
        self._beaten = self._asked_reserve = float("-inf")

    def write(self, batch: Batch) -> Batch | None:
        """Write one batch. What is returned could not be written and is to be kept for the next one."""
        self._ask_for_reserve()
        self.shed += batch.left_out
        if self.condition == "full":
            self._leave_out_looks(batch)
        parts = [*self._heartbeat_due(), *self._parts(batch)]
        kept = None
        if parts:
            try:
                self._transact(batch, parts)
            except StoreFull:
                self._full()
                kept = self._write_apart(batch)
            except Exception as error:
                # Which of them is to blame shows when each is tried alone.
                self._log.warning("store.retry", error=type(error).__name__)
                kept = self._write_apart(batch)
            else:
                self._recovered()
        if kept is None:
            self.logged += batch.log_entries
        self.logged += sum(len(command.events) for command in batch.commands if command.failed is None)
        self.logged += batch.reactions
        self._publish(batch)
        batch.answer_all()
        return kept

    def end(self) -> None:
        """Write down that the run ended by itself."""
        with self._store.writer() as conn:
            runs.end_run(conn, self._run, self._clock.now())

    def _parts(self, batch: Batch) -> list[Part]:
        parts: list[Part] = []
        if batch.looks:
            parts.append(lambda conn: looks.insert(conn, [look.record for look in batch.looks]))
        if batch.has_states:
            parts.append(lambda conn: self._put_states(conn, batch))
        return parts + [self._putting(batch, command) for command in batch.commands]

    def _heartbeat_due(self) -> list[Part]:
        now = time.monotonic()
        if now - self._beaten < HEARTBEAT_SECONDS:
            return []
        self._beaten = now
        return [lambda conn: runs.heartbeat(conn, self._run, self._clock.now())]

    def _transact(self, batch: Batch, parts: Iterable[Part]) -> None:
        published, reactions = len(batch.published), batch.reactions
        try:
            with self._store.writer() as conn:
                for part in parts:
                    part(conn)
        except Exception:
            del batch.published[published:]
            batch.reactions = reactions
            raise

    def _write_apart(self, batch: Batch) -> Batch | None:
        kept = None
        for command in batch.commands:
            command.written = command.failed = None  # it was undone with the rest
        if batch.looks:
            records = [look.record for look in batch.looks]
            if self.condition == "full" or not self._try(batch, lambda conn: looks.insert(conn, records)):
                self._leave_out_looks(batch)
                self._failing()
        if batch.has_states and not self._try(batch, lambda conn: self._put_states(conn, batch)):
            kept = batch
            self._failing()
        for command in batch.commands:
            if (error := self._attempt(batch, self._putting(batch, command))) is not None:
                command.failed = undone(error) if isinstance(error, NotApplied) else not_written()
        return kept

    def _try(self, batch: Batch, part: Part) -> bool:
        return self._attempt(batch, part) is None

    def _attempt(self, batch: Batch, part: Part) -> Exception | None:
        """Write one part in a transaction of its own; what kept it from being written."""
        try:
            self._transact(batch, [part])
        except StoreFull as error:
            self._full()
            return error
        except Exception as error:
            # Once in full: while the store takes nothing, every batch fails in the same way.
            self._log.error("store.write", exc_info=error if self.condition == "ok" else None)
            return error
        return None

    def _putting(self, batch: Batch, command: Command) -> Part:
        def put(conn: Connection) -> None:
            value = command.write(conn) if command.write else None
            if command.decide is not None:
                try:
                    command.events, value = command.decide(conn)
                except Problem as problem:
                    command.failed = problem
                    return
            seqs = [
                self._append(conn, batch, draft, None if number else command.command_id).seq
                for number, draft in enumerate(command.events)
            ]
            command.written = Written(seqs[0] if seqs else 0, value)

        return put

    def _put_states(self, conn: Connection, batch: Batch) -> None:
        states.save(conn, probes=batch.probes, applications=batch.rows, opds=batch.opds)
        for rev, changes in batch.changes.items():
            states.record(conn, changes, rev=rev, run=self._run)
        for draft in batch.events:
            self._append(conn, batch, draft, None)

    def _append(
        self, conn: Connection, batch: Batch, draft: EventDraft, command_id: str | None
    ) -> StoredEvent:
        stored = events.append(
            conn,
            at=draft.at,
            uid=draft.uid,
            person=draft.person,
            via=draft.via,
            command_id=command_id,
            kind=draft.kind,
            subject=draft.subject,
            body=draft.body,
        )
        for subscriber in self._subscribers:
            self._react(conn, batch, subscriber, stored)
        return stored

    def _react(self, conn: Connection, batch: Batch, subscriber: Subscriber, event: StoredEvent) -> None:
        """Store what a subscriber makes of an event. Its mistake must not undo what really happened."""
        published, reactions, applied = len(batch.published), batch.reactions, False
        name = f"reaction_{event.seq}"
        conn.exec_driver_sql(f"SAVEPOINT {name}")
        try:
            reaction = subscriber(conn, event)
            applied = True
            batch.published.extend(reaction.published)
            for draft in reaction.events:
                batch.reactions += 1
                self._append(conn, batch, draft, None)
        except OperationalError:
            raise  # the disk, not the subscriber
        except Exception as error:
            conn.exec_driver_sql(f"ROLLBACK TO {name}")
            del batch.published[published:]
            batch.reactions = reactions
            self._log.exception("store.reaction", kind=event.kind, seq=event.seq)
            if isinstance(error, NotApplied) and not applied:
                raise  # this event itself must not stand: what led to it is undone
            self.stumbled += 1
        conn.exec_driver_sql(f"RELEASE {name}")

    def _publish(self, batch: Batch) -> None:
        # After a failure too: what is shown does not wait for a disk that takes nothing, and the
        # engine's own row says that it takes nothing.
        changes = _newest(batch.published)
        for look in batch.looks:
            if self._hub.watched(look.row_id):
                changes.append(("look", look.row_id, shown.look(look.record, look.probe)))
        if changes:
            self._hub.publish(changes)

    def _leave_out_looks(self, batch: Batch) -> None:
        self.shed += len(batch.looks)
        batch.looks.clear()

    def _full(self) -> None:
        if self.condition != "full":
            self.condition = "full"
            self._asked_reserve = time.monotonic()
            self._log.error("store.full", reserve=self._store.free_reserve())

    def _failing(self) -> None:
        if self.condition == "ok":
            self.condition = "failing"

    def _recovered(self) -> None:
        # From "full" only the reserve leads back: until it is whole again its room is not for looks.
        if self.condition == "failing":
            self.condition = "ok"
            self._log.info("store.recovered")

    def _ask_for_reserve(self) -> None:
        now = time.monotonic()
        if self.condition == "full" and now - self._asked_reserve >= RESERVE_SECONDS:
            self._asked_reserve = now
            if self._store.keep_reserve():
                self.condition = "ok"
                self._log.info("store.recovered", shed=self.shed)


def _newest(published: Sequence[Published]) -> list[Published]:
    """Without the incidents that stand there again later on: in a storm each member is a change of one."""
    last = {row_id: place for place, (entity, row_id, _row) in enumerate(published) if entity == "incident"}
    return [one for place, one in enumerate(published) if one[0] != "incident" or last[one[1]] == place]
