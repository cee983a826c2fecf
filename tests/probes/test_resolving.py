"""Names become addresses without holding up the loop, the process or the deadline."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from probes.env import Env
from probes.observation import Verdict
from probes.resolve import Resolved, ResolveError, SystemResolver
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer


class Lookups:
    """Stands for getaddrinfo: answers by name, remembers the calls, and can be held back."""

    def __init__(self, answers: dict[str, Any]):
        self.answers = answers
        self.calls: list[tuple[str, int]] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, host: bytes, port: None, *, family: int, type: int) -> list[tuple[Any, ...]]:
        self.calls.append((host.decode(), family))
        self.go_on.wait(30)
        answer = self.answers[host.decode()]
        if isinstance(answer, Exception):
            raise answer
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, type, 6, "", (each, 0)) for each in answer
        ]


def in_a_moment() -> float:
    return asyncio.get_running_loop().time() + 10


def env(lookups: Callable[..., Any], threads: int = 4) -> Env:
    return Env(resolver=SystemResolver(threads, lookups))


async def test_the_system_knows_localhost() -> None:
    found = await SystemResolver().resolve("localhost", "4", in_a_moment())
    assert found.addresses == ("127.0.0.1",)
    assert found.seconds > 0


async def test_addresses_keep_the_systems_order_and_are_told_once() -> None:
    lookups = Lookups({"app.example": ["::1", "127.0.0.1", "::1"]})
    found = await SystemResolver(1, lookups).resolve("app.example", "auto", in_a_moment())
    assert found.addresses == ("::1", "127.0.0.1")


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns_nxdomain"),
        (socket.gaierror(socket.EAI_NODATA, "No address"), "dns_no_address"),
        (socket.gaierror(socket.EAI_ADDRFAMILY, "Address family"), "dns_no_address"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "dns_failed"),
        (socket.gaierror(socket.EAI_FAIL, "Failure"), "dns_failed"),
        (UnicodeError("label too long"), "dns_failed"),
        ([], "dns_no_address"),
    ],
)
async def test_a_name_without_an_answer_says_why(problem: Any, reason: str) -> None:
    seen = await look(url="http://app.example/", env=env(Lookups({"app.example": problem})))
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, reason)
    assert seen.params["name"] == "app.example"
    assert seen.phases_ms.connect == 0


async def test_a_silent_name_server_ends_by_the_deadline() -> None:
    lookups = Lookups({"app.example": ["127.0.0.1"]})
    lookups.go_on.clear()
    seen = await look(url="http://app.example/", timeout="200ms", retry="1s", env=env(lookups))
    lookups.go_on.set()
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "dns_timeout")
    assert seen.detail == "no answer from DNS for app.example in 200ms"
    assert seen.phases_ms.resolve > 100


async def test_a_look_that_found_no_free_thread_blames_nobody_else() -> None:
    lookups = Lookups({"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]})
    lookups.go_on.clear()
    busy = env(lookups, threads=1)
    first, second = await asyncio.gather(
        *(look(url=f"http://{name}.example/", timeout="200ms", retry="1s", env=busy) for name in "ab")
    )
    lookups.go_on.set()
    assert first.reason == "dns_timeout"
    assert (second.verdict, second.reason) == (Verdict.UNKNOWN, "internal_error")


async def test_looks_that_ask_the_same_at_once_share_the_answer() -> None:
    lookups = Lookups({"app.example": ["127.0.0.1"]})
    lookups.go_on.clear()
    resolver = SystemResolver(4, lookups)
    asking = [asyncio.ensure_future(resolver.resolve("app.example", "4", in_a_moment())) for _ in range(5)]
    while not lookups.calls:
        await asyncio.sleep(0.005)
    lookups.go_on.set()
    assert {found.addresses for found in await asyncio.gather(*asking)} == {("127.0.0.1",)}
    assert lookups.calls == [("app.example", socket.AF_INET)]
    await resolver.resolve("app.example", "4", in_a_moment())
    assert len(lookups.calls) == 2, "a later look asks afresh"


async def test_a_resolver_serves_one_loop_after_another() -> None:
    resolver = SystemResolver(1, Lookups({"app.example": ["127.0.0.1"]}))

    def in_a_loop_of_its_own() -> Resolved:
        async def ask() -> Resolved:
            return await resolver.resolve("app.example", "4", in_a_moment())

        return asyncio.run(ask())

    for _ in range(2):
        assert (await asyncio.to_thread(in_a_loop_of_its_own)).addresses == ("127.0.0.1",)


async def test_a_loop_that_ended_meanwhile_does_no_harm() -> None:
    lookups = Lookups({"app.example": ["127.0.0.1"]})
    lookups.go_on.clear()
    resolver = SystemResolver(1, lookups)

    async def give_up() -> None:
        with pytest.raises(ResolveError):
            await resolver.resolve("app.example", "4", asyncio.get_running_loop().time() + 0.05)

    await asyncio.to_thread(lambda: asyncio.run(give_up()))
    lookups.go_on.set()
    assert (await resolver.resolve("app.example", "4", in_a_moment())).addresses == ("127.0.0.1",)


async def test_a_literal_address_asks_nobody() -> None:
    lookups = Lookups({})
    async with PageServer() as server:
        seen = await look(url=server.url(), env=env(lookups))
    assert (seen.reason, seen.phases_ms.resolve) == ("ok", 0)
    assert lookups.calls == []


@pytest.mark.parametrize(
    ("family", "asked"), [("auto", socket.AF_UNSPEC), ("4", socket.AF_INET), ("6", socket.AF_INET6)]
)
async def test_the_family_that_is_wanted_is_asked_for(family: str, asked: int) -> None:
    lookups = Lookups({"app.example": ["127.0.0.1"]})
    await look(url="http://app.example:1/", ip_family=family, env=env(lookups))
    assert lookups.calls == [("app.example", asked)]


@pytest.mark.parametrize(("url", "family"), [("http://127.0.0.1:1/", "6"), ("http://[::1]:1/", "4")])
async def test_a_literal_address_of_another_family_is_none(url: str, family: str) -> None:
    seen = await look(url=url, ip_family=family)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "dns_no_address")


async def test_of_several_addresses_one_is_chosen_and_no_other_is_tried() -> None:
    async with PageServer() as server:
        lookups = Lookups({"app.example": ["127.0.0.9", "127.0.0.1"]})
        seen = await look(url=f"http://app.example:{server.port}/", env=env(lookups))
    assert (seen.reason, seen.address) == ("connect_refused", "127.0.0.9")


@pytest.mark.parametrize("host", ["0x7f000001", "2130706433"])
async def test_an_address_in_disguise_is_resolved_and_checked_like_any_name(host: str) -> None:
    seen = await look(url=f"http://{host}:1/")
    assert (seen.reason, seen.address) == ("connect_refused", "127.0.0.1")


def test_a_process_ends_while_a_name_server_keeps_silent() -> None:
    code = """
import asyncio, time
from probes.resolve import ResolveError, SystemResolver
async def main():
    resolver = SystemResolver(1, lambda *_, **__: time.sleep(600))
    try:
        await resolver.resolve("app.example", "auto", asyncio.get_running_loop().time() + 0.05)
    except ResolveError as error:
        print(error.reason)
asyncio.run(main())
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == "dns_timeout\n"
