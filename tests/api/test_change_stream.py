"""The change stream over a real socket: who is sent what, who is cut off, and how it ends."""

import asyncio
import socket
import threading
from contextlib import aclosing

import msgspec
import pytest

from opsconsole.base.errors import Refused, Unreachable
from opsconsole.client.calls import AsyncClient
from opsconsole.client.shapes import Change, Role, State, row_of
from tests.fakes.scripted_engine import ScriptedEngine


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def stalled(engine: ScriptedEngine) -> socket.socket:
    """A client that asks for the stream and reads nothing."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(10)
    connection.connect(str(engine.place.socket))
    connection.sendall(b"GET /v1/changes HTTP/1.1\r\nHost: engine\r\n\r\n")
    return connection


def api_runs() -> bool:
    return any(thread.name == "api" for thread in threading.enumerate())


async def collect(client: AsyncClient, count: int, *args, **kwargs) -> list[Change]:
    found = []
    async with asyncio.timeout(10), aclosing(client.changes(*args, **kwargs)) as changes:
        async for change in changes:
            found.append(change)
            if len(found) == count:
                break
    return found


async def test_nothing_is_missed_between_the_board_and_the_stream(engine):
    async with AsyncClient(engine.place) as client:
        board = await client.board()
        engine.set_state("portal", State.UP)
        changes = await collect(client, 3, board.seq, board.run)
    assert [(change.entity, change.id) for change in changes] == [
        ("application", "portal"),
        ("opd", "KOMINFO"),
        ("engine", "engine"),
    ]
    assert row_of(changes[0]).state is State.UP


async def test_a_board_of_an_earlier_run_is_told_to_read_afresh(engine):
    async with AsyncClient(engine.place) as client:
        board = await client.board()
        engine.die()
        engine.come_back()
        (change,) = await collect(client, 1, board.seq, board.run)
    assert change.entity == "gap"


async def test_only_the_watched_applications_looks_are_sent(engine):
    async with (
        AsyncClient(engine.place) as client,
        aclosing(client.changes(watch=["portal", "mail"])) as changes,
    ):
        await anext(changes)
        for row_id in ("portal", "lapor", "mail"):
            engine.look(row_id)
        assert [(await anext(changes)).id for _ in range(2)] == ["portal", "mail"]


async def test_the_end_of_the_engine_ends_the_stream(engine):
    async with AsyncClient(engine.place) as client:
        reader = asyncio.create_task(collect(client, 99))
        await until(lambda: engine.streams == 1)
        await asyncio.to_thread(engine.stop)
        changes = await reader
    assert [change.entity for change in changes] == ["engine"]


async def test_a_silent_engine_is_noticed_by_who_asks_for_it(engine):
    async with AsyncClient(engine.place) as client:
        with pytest.raises(Unreachable):
            await collect(client, 99, silence=0.05)


async def test_a_client_that_leaves_is_forgotten(engine):
    async with AsyncClient(engine.place) as client:
        await collect(client, 1)
    await until(lambda: engine.streams == 0)


async def test_a_client_that_is_cut_off_while_it_reads_nothing_is_forgotten(engine):
    connection = stalled(engine)
    await until(lambda: engine.streams == 1)
    connection.close()
    await until(lambda: engine.streams == 0)


async def test_a_role_that_is_taken_away_ends_the_stream_at_the_next_change(engine):
    async with AsyncClient(engine.place) as client:
        async with aclosing(client.changes()) as changes:
            await anext(changes)
            engine.role = Role.NONE
            engine.set_state("portal", State.UP)
            with pytest.raises(StopAsyncIteration):
                await anext(changes)
        with pytest.raises(Refused):
            await collect(client, 1)


async def test_a_reader_that_stalls_holds_nobody_up_and_is_told_of_the_gap(engine):
    with stalled(engine) as connection:
        await until(lambda: engine.streams == 1)
        for number in range(12_000):
            engine.beat(looks=number)
        async with AsyncClient(engine.place) as quick:
            assert len(await collect(quick, 1)) == 1
        assert "gap" in await asyncio.to_thread(entities_until_beat, connection, 11_999)


def entities_until_beat(connection: socket.socket, looks: int) -> set[str]:
    """The entities of all lines up to the beat that counts ``looks``."""
    seen: set[str] = set()
    rest = b""
    while True:
        *lines, rest = (rest + connection.recv(1 << 20)).split(b"\n")
        for line in lines:
            if line.startswith(b'{"seq"'):
                change = msgspec.json.decode(line, type=Change)
                seen.add(change.entity)
                row = row_of(change)
                if row is not None and row.looks == looks:
                    return seen


async def test_the_engine_ends_in_time_though_readers_stall(engine):
    with stalled(engine) as connection:
        await until(lambda: engine.streams == 1)
        for number in range(12_000):
            engine.beat(looks=number)
        async with AsyncClient(engine.place) as client:
            reader = asyncio.create_task(collect(client, 99_999))
            await until(lambda: engine.streams == 2)
            await asyncio.to_thread(engine.stop)  # returns after one second at most
            assert not api_runs()
            await reader
        assert connection.fileno() > 0


async def test_a_command_that_is_under_way_is_answered_before_the_engine_ends(engine):
    from opsconsole.client.commands import Reload

    engine.answer_after = threading.Event()
    async with AsyncClient(engine.place) as client:
        asked = asyncio.create_task(client.command(Reload()))
        await until(lambda: engine.waiting)
        stopping = asyncio.create_task(asyncio.to_thread(engine.stop))
        await until(lambda: not engine.place.socket.exists())
        engine.answer_after.set()
        assert (await asked).seq == 1
        await stopping
    assert not api_runs()
