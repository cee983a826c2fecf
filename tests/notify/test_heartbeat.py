"""The console's own sign of life, so that somebody notices when it is dead."""

import asyncio
from collections.abc import Iterator

import pytest

from opsconsole.base.clock import Clock
from opsconsole.inventory.notify import Heartbeat
from opsconsole.notify.heartbeat import SignOfLife
from tests.engine.inside import HandClock
from tests.fakes.receiver import Receiver, reply
from tests.notify.conftest import RULE, Wake
from tests.notify.sending import around


class Silent:
    """A log."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []

    def warning(self, event: str, **told: object) -> None:
        self.told.append({"event": event, **told})

    exception = warning


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def watch() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def life(url: str, clock: Clock, log: Silent | None = None, **more: object) -> SignOfLife:
    heartbeat = Heartbeat.model_validate({"url": url, **more})
    return SignOfLife(heartbeat, around(ID="rahasia-jantung"), clock, log or Silent())


async def test_an_engine_gives_its_sign_as_soon_as_it_runs(wake: Wake, watch: Receiver):
    awake = wake(f'[heartbeat]\nurl = "{watch.url}/ping/kominfo"')
    awake.start()
    await awake.until(lambda: watch.received)
    assert (watch.received[0].method, watch.received[0].path) == ("GET", "/ping/kominfo")


async def test_its_address_may_hold_a_secret_and_no_log_does(clock: HandClock, watch: Receiver):
    log = Silent()
    watch.answer = lambda received: reply(404, f"no {received.path}".encode())
    sign = life(watch.url + "/{id}", clock, log, secrets={"id": "env:ID"}, method="POST")
    await sign.beat()
    assert (watch.received[0].method, watch.received[0].path) == ("POST", "/rahasia-jantung")
    assert log.told and "rahasia-jantung" not in str(log.told)


async def test_an_engine_whose_loop_stands_still_gives_none(clock: HandClock, watch: Receiver):
    sign = life(watch.url, clock)
    clock.advance(20)
    await sign.beat()
    assert not watch.received
    sign.alive()
    await sign.beat()
    assert len(watch.received) == 1


async def test_an_office_without_one_gives_none_and_a_reload_begins_or_ends_it(
    clock: HandClock, watch: Receiver
):
    sign = life(watch.url, clock)
    sign.take(None)
    await sign.beat()
    assert not watch.received
    sign.take(Heartbeat.model_validate({"url": watch.url}))
    await sign.beat()
    assert len(watch.received) == 1


async def test_three_lost_in_a_row_are_told_since_the_first_and_one_that_is_taken_ends_that(
    clock: HandClock, watch: Receiver
):
    sign = life(watch.url, clock)
    watch.answer = lambda _received: reply(500)
    begun = clock.now()
    for _minute in range(3):
        assert sign.failing_since is None
        await sign.beat()
        clock.advance(10)
        sign.alive()
    assert sign.failing_since == begun
    watch.answer = lambda _received: reply()
    await sign.beat()
    assert sign.failing_since is None


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_a_watch_that_is_missing_or_hangs_is_told_and_so_is_that_it_is_back(clock: HandClock):
    with Receiver() as gone:
        url = gone.url
    sign = life(url, clock)
    with Receiver(behave=hangs) as silent:
        await sign.beat()
        sign.take(Heartbeat.model_validate({"url": silent.url, "timeout": "200ms"}))
        for _minute in range(3):
            assert sign.failing_since is None
            await sign.beat()
            clock.advance(10)
            sign.alive()
    assert sign.failing_since is not None
    with Receiver() as back:
        sign.take(Heartbeat.model_validate({"url": back.url}))
        await sign.beat()
        assert len(back.received) == 1
    assert sign.failing_since is None


async def test_a_watch_that_hangs_holds_up_no_message(wake: Wake, taker: Receiver):
    with Receiver(behave=hangs) as silent:
        awake = wake(RULE + f'[heartbeat]\nurl = "{silent.url}"\n')
        awake.start()
        await awake.report()
        await awake.until(lambda: awake.states() == {"sent": 1})
