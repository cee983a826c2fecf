"""One look as a whole: what is sent, what is told, and that it is honest about its own trouble."""

import asyncio
import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from probes.env import Env
from probes.http import HttpSpec, http_target, look_http
from probes.observation import Observation, Verdict
from probes.registry import KINDS
from probes.resolve import Family, Resolved
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer, page


async def test_an_observation_tells_the_whole_look() -> None:
    async with PageServer() as server:
        server.pages["/health?full=1"] = page(b"fine", headers=("Content-Type: text/plain",))
        seen = await look(url=server.url("/health?full=1"), env=Env(wall=lambda: 1_800_000_000.0))
    assert seen.kind == "http"
    assert seen.target == server.url("/health?full=1")
    assert seen.started_at.isoformat() == "2027-01-15T08:00:00+00:00"
    assert (seen.verdict, seen.reason, seen.detail) == (Verdict.UP, "ok", "answered as expected")
    assert (seen.address, seen.port) == ("127.0.0.1", server.port)
    phases = [getattr(seen.phases_ms, phase) for phase in seen.phases_ms.__struct_fields__]
    assert min(phases) >= 0
    assert seen.phases_ms.connect > 0
    assert seen.phases_ms.wait > 0
    assert seen.phases_ms.tls == seen.phases_ms.resolve == 0
    assert seen.duration_ms == pytest.approx(sum(phases), abs=0.01)
    assert seen.http is not None
    assert (seen.http.status, seen.http.excerpt, seen.http.body_bytes) == (200, "fine", 4)
    assert seen.http.body_complete
    assert seen.tls is None


async def test_an_observation_crosses_as_json_and_back() -> None:
    async with PageServer() as server:
        seen = await look(url=server.url())
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Observation) == seen


async def test_a_request_says_who_asks_and_wants_one_answer_uncoded() -> None:
    async with PageServer() as server:
        await look(url=server.url("/"))
        await look(url=server.url("/"), headers={"User-Agent": "me", "accept": "text/plain", "X-Id": "1"})
    first, second = server.asked
    assert first.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "opsconsole (availability probe)",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
    }
    assert (second.headers["user-agent"], second.headers["accept"], second.headers["x-id"]) == (
        "me",
        "text/plain",
        "1",
    )


async def test_a_body_is_sent_whole_and_a_head_asks_for_none() -> None:
    big = "ü" * 500_000
    async with PageServer() as server:
        assert (await look(url=server.url(), method="POST", body=big)).reason == "ok"
        assert (await look(url=server.url(), method="HEAD")).reason == "ok"
        assert (await look(url=server.url(), method="POST")).reason == "ok"
    posted, head, empty = server.asked
    assert (posted.method, posted.body) == ("POST", big.encode())
    assert (head.method, head.body) == ("HEAD", b"")
    assert empty.headers["content-length"] == "0"


async def test_a_path_and_a_query_go_as_they_were_written() -> None:
    async with PageServer() as server:
        await look(url=server.url("/a%20b/ü?q=%2F&x=1#part"))
    assert server.asked[0].path == "/a%20b/%C3%BC?q=%2F&x=1"


async def test_ipv6_is_looked_at_like_ipv4() -> None:
    async with PageServer("::1") as server:
        seen = await look(url=server.url())
        assert (seen.reason, seen.address) == ("ok", "::1")
        assert server.asked[0].headers["host"] == f"[::1]:{server.port}"
        assert (await look("tcp", host="::1", port=server.port)).reason == "ok"


async def test_a_refused_connection_is_down_and_names_the_address() -> None:
    for seen in (await look(url="http://127.0.0.1:1/"), await look("tcp", host="127.0.0.1", port=1)):
        assert (seen.verdict, seen.reason) == (Verdict.DOWN, "connect_refused")
        assert seen.params == {"address": "127.0.0.1"}
        assert (seen.address, seen.port) == ("127.0.0.1", 1)


async def test_a_port_that_accepts_is_up() -> None:
    async with PageServer() as server:
        seen = await look("tcp", host="localhost", port=server.port, ip_family="4")
    assert (seen.verdict, seen.kind, seen.target) == (Verdict.UP, "tcp", f"localhost:{server.port}")
    assert seen.phases_ms.resolve > 0
    assert seen.phases_ms.connect > 0
    assert seen.http is None
    assert server.asked == []


async def test_a_denied_address_is_our_own_mistake_and_nothing_is_sent() -> None:
    for seen in (
        await look(url="http://169.254.169.254/latest/"),
        await look("tcp", host="0.0.0.0", port=1),
        await look("tcp", host="::ffff:169.254.169.254", port=80),
    ):
        assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "address_denied")
        assert (seen.address, seen.phases_ms.connect) == ("", 0)


class BrokenResolver:
    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved:
        raise RuntimeError("a \x1b[31mmistake\x1b[0m of ours")


async def test_our_own_trouble_is_unknown_and_never_raised() -> None:
    env = Env(resolver=BrokenResolver())
    for seen in (
        await look(url="http://app.example/", env=env),
        await look("tcp", host="x.example", port=1, env=env),
    ):
        assert (seen.verdict, seen.reason) == (Verdict.UNKNOWN, "internal_error")
        assert seen.params == {"seen": "RuntimeError: a \ufffd[31mmistake\ufffd[0m of ours"}


async def test_a_deadline_that_is_over_already_still_gives_a_verdict() -> None:
    target = http_target(HttpSpec(url="http://127.0.0.1:1/"), Path())
    seen = await look_http(target, asyncio.get_running_loop().time() - 1, Env())
    assert seen.verdict == Verdict.DOWN


async def test_a_look_that_is_called_off_ends_and_closes(tmp_path: Path) -> None:
    gone = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        await reader.read()
        gone.set()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    target = http_target(HttpSpec(url=f"http://127.0.0.1:{port}/"), Path())
    looking = asyncio.ensure_future(look_http(target, asyncio.get_running_loop().time() + 60, Env()))
    await asyncio.sleep(0.05)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    async with asyncio.timeout(10):
        await gone.wait()
    server.close()


async def test_one_target_may_be_looked_at_many_times_at_once() -> None:
    async with PageServer() as server:
        target = http_target(HttpSpec(url=server.url()), Path())
        deadline = asyncio.get_running_loop().time() + 30
        looks = await asyncio.gather(*(look_http(target, deadline, Env()) for _ in range(50)))
    assert {seen.reason for seen in looks} == {"ok"}


async def test_looks_leave_no_rubbish_behind() -> None:
    """Reference cycles would wait for the collector by megabytes, those of failed looks above all."""
    async with PageServer() as server:
        targets = [
            http_target(HttpSpec(url=url), Path())
            for url in ("http://127.0.0.1:1/", "http://169.254.1.1/", "http://127.0.0.1:1/x")
        ]
        good = http_target(HttpSpec(url=server.url()), Path())
        env, loop = Env(), asyncio.get_running_loop()
        await look_http(good, loop.time() + 30, env)
        await asyncio.sleep(0.05)
        gc.collect()
        gc.disable()
        try:
            for target in targets * 5:
                await look_http(target, loop.time() + 30, env)
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            left = [item for item in gc.garbage if type(item).__module__.startswith("probes")]
            frames = [item for item in gc.garbage if type(item).__name__ in ("frame", "traceback")]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()
    assert left == []
    assert frames == []


QUEUEING = """
import asyncio, json, sys, time
from pathlib import Path
from probes.env import Env
from probes.http import HttpSpec, http_target, look_http

async def main():
    loop = asyncio.get_running_loop()
    target = http_target(HttpSpec(url=sys.argv[1]), Path())
    await look_http(target, loop.time() + 60, Env())
    looking = asyncio.ensure_future(look_http(target, loop.time() + 60, Env()))
    for _ in range(6):
        await asyncio.sleep(0)
        time.sleep(0.3)
    print((await looking).duration_ms)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's time stamps are Linux's")
async def test_what_our_own_loop_delays_is_not_the_targets_time() -> None:
    async with PageServer() as server:
        asking = await asyncio.create_subprocess_exec(
            sys.executable, "-c", QUEUEING, server.url(), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asking.communicate()
    # Its loop stood still for 1.8 seconds in all, 0.3 at each step of the look.
    assert float(told) < 600


def test_the_kinds_are_registered_under_their_names() -> None:
    assert {"http", "tcp", "tls", "ping", "dns"} <= set(KINDS)
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.spec.model_fields["kind"].default == name


@pytest.mark.parametrize(
    ("kind", "keys", "label", "host_key"),
    [
        ("http", {"url": "https://App.Example/x?y=1"}, "https://App.Example/x?y=1", "app.example:443"),
        ("http", {"url": "http://app.example:8080"}, "http://app.example:8080", "app.example:8080"),
        ("http", {"url": "http://[::1]/"}, "http://[::1]/", "[::1]:80"),
        ("tcp", {"host": "Mail.Example", "port": 25}, "Mail.Example:25", "mail.example:25"),
        ("tcp", {"host": "::1", "port": 22}, "[::1]:22", "[::1]:22"),
        ("tls", {"host": "Mail.Example", "port": 993}, "Mail.Example:993", "mail.example:993"),
        ("ping", {"host": "Gate.Example"}, "Gate.Example", "gate.example"),
        (
            "dns",
            {"server": "NS1.Example", "name": "Kota.Example", "type": "soa"},
            "dns://NS1.Example:53/Kota.Example?type=SOA",
            "ns1.example:53",
        ),
    ],
)
def test_a_target_has_a_label_and_a_key_of_its_host(
    kind: str, keys: dict[str, Any], label: str, host_key: str
) -> None:
    target = KINDS[kind].target(KINDS[kind].spec.model_validate(keys), Path())
    assert (target.kind, target.label, target.host_key) == (kind, label, host_key)
    assert target.spec.kind == kind


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("probes.registry", ("opsconsole", "textual", "sqlmodel", "sqlalchemy", "apscheduler", "starlette")),
        (
            "probes.observation, probes.reasons, probes.text",
            ("pydantic", "httpx", "cryptography", "re2", "asyncio", "ssl"),
        ),
    ],
)
def test_the_probes_pull_in_nothing_they_must_not(modules: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {modules}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert not loaded.intersection(absent)
