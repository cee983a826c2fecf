"""Is it us? Real sockets on loopback answer, refuse or stay silent."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.rcode
import pytest

from opsconsole.base.clock import SystemClock
from opsconsole.engine.selfcheck import Endpoints, Fitness, SelfCheckLoop, failing
from tests.engine.city import City


@contextmanager
def name_server(rcode: dns.rcode.Rcode | None) -> Iterator[str]:
    """Answers every question with ``rcode``, or not at all."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    server.setblocking(False)
    loop = asyncio.get_running_loop()

    def answer() -> None:
        raw, peer = server.recvfrom(4096)
        if rcode is not None:
            response = dns.message.make_response(dns.message.from_wire(raw))
            response.set_rcode(rcode)
            server.sendto(response.to_wire(), peer)

    loop.add_reader(server, answer)
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        loop.remove_reader(server)
        server.close()


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def open_port(city: City) -> str:
    return f"127.0.0.1:{city.site().port}"


async def test_a_canary_answers_by_accepting_and_a_gateway_even_by_refusing(city):
    answers, refuses = open_port(city), closed_port()
    assert await failing(Endpoints(canaries=(answers, refuses))) == {refuses}
    assert await failing(Endpoints(gateway=closed_port(), canaries=(answers,))) == set()


async def test_silence_is_no_answer(city):
    address, port = city.black_hole()
    silent = f"{address}:{port}"
    assert await failing(Endpoints(gateway=silent, canaries=(open_port(city),))) == {silent}


@pytest.mark.parametrize(
    ("rcode", "answers"), [(dns.rcode.NOERROR, True), (dns.rcode.SERVFAIL, False), (None, False)]
)
async def test_our_dns_answers_when_it_can_resolve(rcode, answers):
    with name_server(rcode) as server:
        assert (await failing(Endpoints(dns=server)) == set()) is answers


class Checks:
    """A loop of self-checks and what it told."""

    def __init__(self, endpoints: Endpoints, *, troubled: bool = False) -> None:
        self.told: list[tuple[Fitness, Fitness]] = []
        self.news = asyncio.Event()
        self.loop = SelfCheckLoop(SystemClock(), endpoints, lambda: troubled, self._checked)

    def _checked(self, before: Fitness, fitness: Fitness) -> None:
        self.told.append((before, fitness))
        self.news.set()

    async def next(self) -> Fitness:
        self.news.clear()
        await asyncio.wait_for(self.news.wait(), 15)
        return self.told[-1][1]


async def test_we_are_well_while_one_canary_answers_and_offline_when_none_does(city):
    site = city.site()
    first, second = f"127.0.0.1:{site.port}", closed_port()
    checks = Checks(Endpoints(canaries=(first, second)))
    assert checks.loop.fitness.status == "pending"
    checks.loop.start()
    well = await checks.next()
    assert (well.status, well.failed) == ("ok", (second,))
    city.close_site(site)
    checks.loop.hurry()
    offline = await checks.next()
    assert offline.status == "offline"
    assert offline.failed == tuple(sorted((first, second)))
    # When the last check that passed began is remembered, and the status has a time of its own.
    assert offline.passed_at == well.passed_at
    assert well.since is not None and offline.since is not None and offline.since > well.since
    again = await checks.next()
    assert again.since == offline.since
    await checks.loop.stop()


async def test_without_our_dns_we_are_offline_though_a_canary_answers(city):
    checks = Checks(Endpoints(dns=closed_port(), canaries=(open_port(city),)))
    checks.loop.start()
    assert (await checks.next()).status == "offline"
    await checks.loop.stop()


async def test_a_gateway_decides_nothing(city):
    address, port = city.black_hole()
    checks = Checks(Endpoints(gateway=f"{address}:{port}", canaries=(open_port(city),)))
    checks.loop.start()
    fitness = await checks.next()
    assert (fitness.status, fitness.failed) == ("ok", (f"{address}:{port}",))
    await checks.loop.stop()


async def test_nothing_set_is_unset_and_asks_nobody():
    checks = Checks(Endpoints())
    checks.loop.start()
    await asyncio.sleep(0)
    assert checks.loop.fitness.status == "unset"
    assert checks.told == []
    await checks.loop.stop()
