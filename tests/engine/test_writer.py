"""Batches into a real store: what is published when, and what happens when it can not be written."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection

from opsconsole.base.errors import Conflict, Problem
from opsconsole.engine import record
from opsconsole.engine.batch import Batch, Command
from opsconsole.engine.record import Recorder
from opsconsole.engine.writer import Writer
from opsconsole.store.drafts import Decided, EventDraft, Reaction, own_event
from opsconsole.store.events import StoredEvent, append, verify
from probes.observation import Verdict
from tests.engine.inside import NOON, Inside
from tests.engine.looking import observation
from tests.engine.offices import application

SATU = application("satu", "http://127.0.0.1:9/", probe={"every": "60s", "attempts": 1})


@pytest.fixture
async def inside(home: Path) -> Iterator[Inside]:
    made = Inside(home, SATU)
    made.fit("unset")
    yield made
    made.close()


async def commit(inside: Inside, command: Command) -> int:
    inside.recorder.command(command)
    return (await asyncio.wrap_future(command.done)).seq


async def test_a_command_is_answered_with_the_number_of_its_event(inside: Inside):
    draft = own_event("test.done", "satu", NOON, {"text": "ya"})
    seq = await commit(inside, Command("command-1", (draft, draft)))
    rows = inside.query("SELECT seq, command_id, kind FROM event ORDER BY seq DESC LIMIT 2")
    assert rows == [(seq + 1, None, "test.done"), (seq, "command-1", "test.done")]


async def test_one_bad_command_takes_neither_looks_nor_other_commands_with_it(inside: Inside):
    def broken(conn: Connection) -> None:
        append(conn, at=NOON, uid=0, person="", via="", command_id=None, kind="half", subject="", body={})
        raise ValueError("a mistake of ours")

    inside.look("satu", observation())
    bad = Command("command-bad", (own_event("test.bad", "satu", NOON),), broken)
    good = Command("command-good", (own_event("test.good", "satu", NOON),))
    inside.recorder.command(bad)
    inside.recorder.command(good)
    with pytest.raises(Problem):
        await asyncio.wrap_future(bad.done)
    await asyncio.wrap_future(good.done)
    kinds = {kind for (kind,) in inside.query("SELECT kind FROM event")}
    assert "test.good" in kinds and not {"half", "test.bad"} & kinds
    assert inside.query("SELECT count(*) FROM look") == [(1,)]
    assert inside.writer.condition == "ok"
    with inside.store.reader() as conn:
        assert verify(conn).whole


async def test_subscribers_write_in_the_same_transaction_and_publish_after_it(home: Path):
    seen: list[tuple[str, bool]] = []

    def subscriber(conn: Connection, event: StoredEvent) -> Reaction:
        seen.append((event.kind, conn.in_transaction()))
        if event.kind.startswith("test."):
            conn.exec_driver_sql("INSERT INTO look_detail VALUES (99, ?, x'00')", (event.seq,))
        if event.kind == "test.stumbles":
            raise ValueError("no")
        if event.kind == "test.done":
            return Reaction((own_event("test.followed", "s", NOON),), (("opd", "EXTRA", None),))
        return Reaction()

    inside = Inside(home, subscribers=[subscriber])
    before = inside.hub.seq
    seq = await commit(inside, Command("command-1", (own_event("test.done", "s", NOON),)))
    assert seen[-2:] == [("test.done", True), ("test.followed", True)]
    assert inside.query("SELECT at FROM look_detail WHERE probe = 99") == [(seq,), (seq + 1,)]
    assert inside.hub.seq > before
    # What really happened is kept though a subscriber fails over it, and what that one wrote is undone.
    await commit(inside, Command("command-2", (own_event("test.stumbles", "s", NOON),)))
    assert inside.query("SELECT count(*) FROM event WHERE kind = 'test.stumbles'") == [(1,)]
    assert inside.query("SELECT count(*) FROM look_detail WHERE probe = 99") == [(2,)]
    assert inside.writer.stumbled == 1 and inside.writer.condition == "ok"
    inside.close()


async def test_a_command_decides_in_the_transaction_that_stores_it(inside: Inside):
    def decide(conn: Connection) -> Decided:
        events = conn.exec_driver_sql("SELECT count(*) FROM event WHERE kind = 'test.done'").scalar_one()
        if events:
            raise Conflict("It was done already.")
        return Decided((own_event("test.done", "satu", NOON),), "first")

    first = Command("command-1", (), decide=decide)
    second = Command("command-2", (), decide=decide)
    inside.recorder.command(first)
    inside.recorder.command(second)
    assert (await asyncio.wrap_future(first.done)).value == "first"
    with pytest.raises(Conflict):
        await asyncio.wrap_future(second.done)
    assert inside.query("SELECT command_id FROM event WHERE kind = 'test.done'") == [("command-1",)]


async def test_what_subscribers_return_is_published_once_though_the_batch_was_written_in_parts(home: Path):
    inside = Inside(home)
    await inside.written()
    writer = Writer(
        inside.store,
        inside.hub,
        inside.clock,
        inside.log.logger,
        run=inside.outset.run,
        subscribers=[lambda _conn, event: Reaction((), (("opd", event.kind, None),))],
    )
    good, twice = (
        Command("command-1", (own_event(kind, "s", NOON),)) for kind in ("test.good", "test.twice")
    )
    before = inside.hub.seq
    assert writer.write(Batch(commands=[good, twice])) is None
    assert good.done.result().seq
    with pytest.raises(Problem):
        twice.done.result()
    assert inside.hub.seq == before + 1
    inside.close()


async def test_while_the_store_takes_nothing_the_board_goes_on_and_transitions_are_kept(inside: Inside):
    with inside.store.writer() as conn:
        conn.exec_driver_sql("ALTER TABLE state RENAME TO gone")
        conn.exec_driver_sql("ALTER TABLE look RENAME TO looked")
    inside.look("satu", observation(Verdict.DOWN, "connect_refused", address="127.0.0.1"))
    await inside.written()
    assert inside.shown("satu") == "down"
    assert (inside.writer.condition, inside.writer.shed) == ("failing", 1)
    with inside.store.writer() as conn:
        conn.exec_driver_sql("ALTER TABLE gone RENAME TO state")
        conn.exec_driver_sql("ALTER TABLE looked RENAME TO look")
    await inside.written()
    await inside.written()
    assert inside.writer.condition == "ok"
    changes = inside.query("SELECT to_state FROM transition WHERE entity = 'application'")
    assert changes == [("down",)]
    assert inside.query("SELECT health FROM state WHERE entity = 'application'") == [("down",)]


async def test_after_the_end_commands_are_refused_not_lost(home: Path):
    inside = Inside(home)
    inside.close()
    command = Command("command-1", (own_event("test.late", "s", NOON),))
    inside.recorder.command(command)
    with pytest.raises(Problem, match="ending"):
        await asyncio.wrap_future(command.done)


async def test_what_was_not_written_is_not_counted_as_logged(inside: Inside):
    await inside.written()
    before = inside.writer.logged
    with inside.store.writer() as conn:
        conn.exec_driver_sql("ALTER TABLE state RENAME TO gone")
    inside.look("satu", observation(Verdict.DOWN, "connect_refused", address="127.0.0.1"))
    await inside.written()
    assert inside.writer.logged == before
    with inside.store.writer() as conn:
        conn.exec_driver_sql("ALTER TABLE gone RENAME TO state")
    await inside.written()
    [(noted,)] = inside.query(
        "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM transition WHERE entity = 'application')"
    )
    assert inside.writer.logged == noted


async def test_who_no_longer_waits_for_a_command_does_not_end_the_writer(inside: Inside):
    with inside.store.writer():
        command = Command("command-left", (own_event("test.left", "satu", NOON),))
        inside.recorder.command(command)
        assert command.done.cancel()
    assert await commit(inside, Command("command-next", (own_event("test.next", "satu", NOON),)))
    assert inside.query("SELECT count(*) FROM event WHERE kind = 'test.left'") == [(1,)]


async def test_a_batch_that_fails_beyond_all_that_is_foreseen_does_not_end_the_writer(inside: Inside):
    def broken(conn: Connection) -> None:
        raise SystemError("a mistake of ours")

    inside.recorder.publish(("engine", "engine", object()))  # type: ignore[arg-type]
    lost = Command("command-lost", (own_event("test.lost", "satu", NOON),), broken)
    inside.recorder.command(lost)
    with pytest.raises(Problem):
        await asyncio.wrap_future(lost.done)
    assert await commit(inside, Command("command-next", (own_event("test.next", "satu", NOON),)))


async def test_a_disk_that_hangs_is_told_of_and_the_looks_that_wait_are_bounded(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(record, "HANGING_SECONDS", 0.0)
    monkeypatch.setattr(record, "WAITING_MOST", 3)
    await inside.written()
    with inside.store.writer():
        inside.recorder.flush()
        async with asyncio.timeout(10):
            while inside.recorder.condition == "ok":
                await asyncio.sleep(0.01)
        for _ in range(5):
            inside.look("satu", observation())
    await inside.written()
    await inside.written()
    monkeypatch.undo()
    assert (inside.recorder.condition, inside.writer.shed) == ("ok", 2)
    assert inside.query("SELECT count(*) FROM look") == [(3,)]


class Hasty(Recorder):
    """Has everything written the moment that it is told what people were told."""

    def event(self, draft: EventDraft) -> None:
        super().event(draft)
        if draft.kind == "application.announced":
            with suppress(TimeoutError):
                self.flush().result(0.5)
            self.stored = self.told()

    told: Callable[[], list[tuple[object, ...]]]
    stored: list[tuple[object, ...]]


async def test_an_announcement_is_never_stored_without_what_it_leaves_people_knowing(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.engine.inside.Recorder", Hasty)
    inside = Inside(home, SATU)
    inside.fit("unset")
    assert isinstance(inside.recorder, Hasty)
    inside.recorder.told = lambda: inside.query(
        "SELECT (SELECT count(*) FROM event WHERE kind = 'application.announced'),"
        " (SELECT count(*) FROM state WHERE entity = 'application' AND announced = 'down')"
    )
    inside.look("satu", observation(Verdict.DOWN, "connect_refused", address="127.0.0.1"))
    # An engine that is killed just now must not tell it again.
    assert inside.recorder.stored == [(0, 0)]
    await inside.written()
    assert inside.recorder.told() == [(1, 1)]
    inside.close()
