"""The hub: one encoding for all, resuming, gaps, bounded queues, looks only for who watches."""

import asyncio
import threading
from datetime import UTC, datetime

import msgspec
import pytest

from opsconsole.api.hub import Hub, HubSubscription
from opsconsole.base.errors import Unreachable
from opsconsole.client.shapes import Application, Change, Engine, Look, Opd, State, row_of

NOW = datetime(2026, 11, 23, 19, 14, tzinfo=UTC)
ENGINE = Engine(run=7, version="1", office="o", started_at=NOW, heartbeat_at=NOW, config_rev=1)
LOOK = Look(probe="http", at=NOW, verdict="up", reason="ok")
NOBODY = frozenset[str]()


def app(row_id: str, state: State = State.UP) -> Application:
    return Application(id=row_id, name=row_id, since=NOW, state=state)


async def read(client: HubSubscription, count: int) -> list[Change]:
    changes: list[Change] = []
    async with asyncio.timeout(10):
        async for chunk in client:
            changes += [msgspec.json.decode(line, type=Change) for line in chunk.splitlines()]
            if len(changes) >= count:
                break
    assert len(changes) == count
    return changes


def told(changes: list[Change]) -> list[tuple[int, str, str]]:
    return [(change.seq, change.entity, change.id) for change in changes]


async def test_a_change_reaches_every_client_with_its_row():
    hub = Hub(7)
    clients = [hub.subscribe(None, None, NOBODY) for _ in range(3)]
    hub.publish([("application", "a", app("a", State.DOWN))])
    for client in clients:
        (change,) = await read(client, 1)
        assert row_of(change) == app("a", State.DOWN)


async def test_one_line_is_shared_by_all_clients():
    hub = Hub(7)
    first, second = (hub.subscribe(None, None, NOBODY) for _ in range(2))
    hub.publish([("application", "a", app("a"))])
    assert first._lines[0] is second._lines[0]


async def test_what_waits_is_handed_over_in_one_piece():
    hub = Hub(7)
    client = hub.subscribe(None, None, NOBODY)
    hub.publish([("application", row_id, app(row_id)) for row_id in "abc"])
    hub.publish([("application", "d", app("d"))])
    chunk = await anext(aiter(client))
    assert chunk.count(b"\n") == 4


async def test_the_board_is_every_row_as_of_the_last_change():
    hub = Hub(7)
    hub.publish([("application", "a", app("a")), ("engine", "engine", ENGINE)])
    hub.publish(
        [
            ("application", "a", app("a", State.DOWN)),
            ("opd", "X", Opd(code="X", name="X", short="X", since=NOW)),
        ]
    )
    board = hub.board()
    assert (board.run, board.seq, board.engine) == (7, 4, ENGINE)
    assert board.applications == (app("a", State.DOWN),)
    assert [opd.code for opd in board.opds] == ["X"]


async def test_before_the_engines_own_row_there_is_no_board():
    with pytest.raises(Unreachable):
        Hub(7).board()


async def test_a_row_that_is_taken_away_leaves_the_board_and_is_told_as_none():
    hub = Hub(7)
    hub.publish([("engine", "engine", ENGINE), ("application", "a", app("a"))])
    client = hub.subscribe(None, None, NOBODY)
    hub.publish([("application", "a", None)])
    changes = await read(client, 2)
    assert hub.board().applications == ()
    assert (changes[1].id, row_of(changes[1])) == ("a", None)


async def test_a_client_that_comes_back_gets_what_it_missed():
    hub = Hub(7)
    hub.publish([("application", row_id, app(row_id)) for row_id in "abc"])
    assert told(await read(hub.subscribe(1, 7, NOBODY), 2)) == [
        (2, "application", "b"),
        (3, "application", "c"),
    ]


async def test_a_new_stream_begins_with_the_engines_row():
    hub = Hub(7)
    hub.publish([("engine", "engine", ENGINE), ("application", "a", app("a"))])
    assert told(await read(hub.subscribe(1, 7, NOBODY), 2)) == [
        (2, "application", "a"),
        (2, "engine", "engine"),
    ]
    assert told(await read(hub.subscribe(None, None, NOBODY), 1)) == [(2, "engine", "engine")]


@pytest.mark.parametrize(
    ("after", "run"),
    [(1, 7), (9, 7), (4, 6), (4, None)],
    ids=["longer ago than the ring", "from the future", "of another run", "of no run"],
)
async def test_what_can_not_be_told_is_a_gap(after, run):
    hub = Hub(7, ring_lines=2)
    hub.publish([("application", row_id, app(row_id)) for row_id in "abcd"])
    assert told(await read(hub.subscribe(after, run, NOBODY), 1)) == [(4, "gap", "")]


async def test_the_last_change_that_left_the_ring_can_still_be_resumed_from():
    hub = Hub(7, ring_lines=2)
    hub.publish([("application", row_id, app(row_id)) for row_id in "abcd"])
    assert [change.id for change in await read(hub.subscribe(2, 7, NOBODY), 2)] == ["c", "d"]


async def test_a_slow_client_gets_a_gap_and_goes_on_while_others_lose_nothing():
    hub = Hub(7, queue_lines=3)
    slow = hub.subscribe(None, None, NOBODY)
    quick = hub.subscribe(None, None, NOBODY)
    seen = []
    for row_id in "abcde":
        hub.publish([("application", row_id, app(row_id))])
        seen += told(await read(quick, 1))
    assert [row_id for _, _, row_id in seen] == list("abcde")
    assert told(await read(slow, 2)) == [(4, "gap", ""), (5, "application", "e")]


async def test_looks_go_only_to_those_who_watch():
    hub = Hub(7)
    watching = hub.subscribe(None, None, frozenset({"a"}))
    all_of_them = hub.subscribe(None, None, frozenset({"*"}))
    not_watching = hub.subscribe(None, None, NOBODY)
    hub.publish([("look", "a", LOOK), ("look", "b", LOOK), ("application", "z", app("z"))])
    assert [(c.entity, c.id) for c in await read(watching, 2)] == [("look", "a"), ("application", "z")]
    assert [c.id for c in await read(all_of_them, 3)] == ["a", "b", "z"]
    assert [c.entity for c in await read(not_watching, 1)] == ["application"]


async def test_a_look_that_nobody_watches_costs_no_number():
    hub = Hub(7)
    hub.publish([("look", "a", LOOK)])
    assert hub.seq == 0
    assert not hub.watched("a")


async def test_looks_are_not_caught_up_on():
    hub = Hub(7)
    hub.subscribe(None, None, frozenset({"a"}))
    hub.publish([("application", "a", app("a")), ("look", "a", LOOK), ("application", "b", app("b"))])
    changes = await read(hub.subscribe(0, 7, frozenset({"a"})), 2)
    assert told(changes) == [(1, "application", "a"), (3, "application", "b")]


async def test_closing_ends_the_iteration_and_forgets_the_client():
    numbers: list[int] = []
    hub = Hub(7, on_clients=numbers.append)
    client = hub.subscribe(None, None, NOBODY)
    reader = asyncio.create_task(read(client, 0))
    client.close()
    client.close()
    assert await asyncio.wait_for(reader, 5) == []
    assert numbers == [1, 0]


async def test_closing_all_ends_every_stream():
    hub = Hub(7)
    readers = [asyncio.create_task(read(hub.subscribe(None, None, NOBODY), 0)) for _ in range(3)]
    await asyncio.sleep(0)
    hub.close_all()
    async with asyncio.timeout(5):
        await asyncio.gather(*readers)
    assert hub.clients == 0


async def test_publishing_from_many_threads_loses_and_reorders_nothing():
    hub = Hub(7)
    client = hub.subscribe(None, None, NOBODY)

    def publish(name: str) -> None:
        for number in range(200):
            hub.publish([("application", f"{name}{number}", app(f"{name}{number}"))])

    threads = [threading.Thread(target=publish, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    changes = await read(client, 800)
    for thread in threads:
        thread.join()
    assert [change.seq for change in changes] == list(range(1, 801))


def test_a_client_whose_loop_has_ended_does_not_disturb_the_engine():
    hub = Hub(7)

    async def leave_it_behind() -> None:
        hub.subscribe(None, None, NOBODY)

    asyncio.run(leave_it_behind())
    assert hub.publish([("application", "a", app("a"))]) == 1
