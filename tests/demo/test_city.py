"""The city, looked at by the real probes: each ill is seen for what it is, and goes when it is over."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dns.asyncquery
import dns.message
import msgspec
import pytest

from opsconsole.demo.certs import make_certificates
from opsconsole.demo.city import City
from opsconsole.demo.plan import Certificates, CityOpened, CityPlan, Door, Leaf, Page
from opsconsole.demo.story import Fault, Ill
from probes.env import Env
from probes.observation import Observation
from probes.registry import KINDS
from probes.secrets import Secret

WEB, SECURE, PLAIN, SHARED = "127.20.9.1", "127.20.9.2", "127.20.9.3", "127.20.9.4"
TOKEN = "bukan-untuk-umum"
DOORS = (
    Door(address=WEB, port=80, protocol="http", pages=(Page(row="web", path="/", title="Layanan Web"),)),
    Door(
        address=SECURE,
        port=443,
        protocol="https",
        pages=(Page(row="secure", path="/health", title="API", form="json"),),
    ),
    Door(address=PLAIN, port=5432, protocol="tcp", pages=(Page(row="plain"),)),
    Door(address=PLAIN, port=636, protocol="tls", pages=(Page(row="ldap"),)),
    Door(address=PLAIN, port=25, protocol="smtp", pages=(Page(row="mail"),)),
    Door(
        address=SHARED,
        port=80,
        protocol="http",
        pages=(
            Page(row="one", path="/one", title="Satu"),
            Page(row="two", path="/two", title="Dua & Tiga"),
            Page(row="khusus", path="/khusus", form="json", token=TOKEN),
        ),
    ),
)


@dataclass
class Town:
    """A city whose story the test tells."""

    opened: CityOpened
    city: City
    certificates: Certificates
    wrong: dict[str, Fault] = field(default_factory=dict)

    async def afflict(self, where: str, ill: Ill, value: float = 0.0) -> None:
        self.wrong[where] = Fault(ill, value)
        await self.city.settle()

    async def heal(self) -> None:
        self.wrong.clear()
        await self.city.settle()

    async def look(self, door: str, path: str = "/", env: Env | None = None, **keys: Any) -> Observation:
        address, port = door.partition(":")[0], self.opened.ports[door]
        common = {"timeout": "1s", **keys}
        if path:
            scheme = "https" if address == SECURE else "http"
            kind, where = KINDS["http"], {"url": f"{scheme}://{address}:{port}{path}"}
        else:
            kind, where = KINDS["tcp"], {"host": address, "port": port}
        if address == SECURE or door.endswith(":636"):
            common["tls"] = {"ca_file": str(self.certificates.ca_file)}
        spec = kind.spec.model_validate({"kind": kind.name, **where, **common})
        deadline = asyncio.get_running_loop().time() + spec.timeout
        return await kind.look(kind.target(spec, Path("/")), deadline, env or Env())


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    wanted = [(SECURE, leaf) for leaf in Leaf] + [(PLAIN, Leaf.GOOD)]
    certificates = make_certificates(tmp_path / "certs", wanted, datetime.now(UTC))
    wrong: dict[str, Fault] = {}
    city = City(CityPlan(certificates=str(certificates.folder), doors=DOORS), lambda t: wrong)
    town = Town(await city.open(), city, certificates, wrong)
    yield town
    city.close()


@pytest.mark.parametrize(
    ("door", "path"),
    [
        (f"{WEB}:80", "/"),
        (f"{SECURE}:443", "/health"),
        (f"{SHARED}:80", "/one"),
        (f"{SHARED}:80", "/two"),
        (f"{PLAIN}:5432", ""),
        (f"{PLAIN}:636", ""),
    ],
)
async def test_while_nothing_is_wrong_every_door_is_up(town: Town, door: str, path: str) -> None:
    seen = await town.look(door, path)
    assert (seen.verdict, seen.reason) == ("up", "ok")


async def test_a_page_with_a_token_is_for_those_who_bring_it(town: Town) -> None:
    async def resolve(ref: str) -> Secret:
        return Secret(ref, TOKEN if ref == "env:RIGHT" else "something-else")

    door, env = f"{SHARED}:80", Env(secrets=resolve)
    refused = {"reason": "status_unexpected", "seen": 401}
    for auth in ({}, {"auth": {"bearer": "env:WRONG"}}):
        seen = await town.look(door, "/khusus", env, **auth)
        assert {"reason": seen.reason, "seen": seen.params["seen"]} == refused
    right = await town.look(door, "/khusus", env, auth={"bearer": "env:RIGHT"}, json=["status == 'ok'"])
    assert right.reason == "ok"


async def test_a_page_says_whose_it_is(town: Town) -> None:
    seen = await town.look(f"{SHARED}:80", "/two")
    assert seen.http and seen.http.title == "Dua & Tiga"


async def test_an_address_without_a_page_is_not_found(town: Town) -> None:
    seen = await town.look(f"{SHARED}:80", "/three")
    assert (seen.reason, seen.params["seen"]) == ("status_unexpected", 404)


HEALTHY = {"json": ["status == 'ok'"]}


@pytest.mark.parametrize(
    ("ill", "value", "keys", "expected"),
    [
        (Ill.STATUS, 503, {}, ("down", "status_unexpected")),
        (Ill.UNHEALTHY, 0, HEALTHY, ("down", "json_unexpected")),
        (Ill.SLOW, 0.4, {"slow_over": "300ms"}, ("degraded", "slow")),
        (Ill.SILENT, 0, {}, ("down", "tls_timeout")),
        (Ill.RESET, 0, {}, ("down", "connection_reset")),
        (Ill.REFUSED, 0, {}, ("down", "connect_refused")),
        (Ill.EXPIRED, 0, {}, ("down", "tls_expired")),
        (Ill.EXPIRING, 0, {}, ("degraded", "cert_expiring")),
    ],
)
async def test_an_ill_behind_tls_is_seen_for_what_it_is_and_goes(
    town: Town, ill: Ill, value: float, keys: dict[str, Any], expected: tuple[str, str]
) -> None:
    await town.afflict("secure", ill, value)
    seen = await town.look(f"{SECURE}:443", "/health", **keys)
    assert (seen.verdict, seen.reason) == expected
    await town.heal()
    assert (await town.look(f"{SECURE}:443", "/health", **HEALTHY)).reason == "ok"


async def test_a_maintenance_page_has_status_200_and_says_so(town: Town) -> None:
    await town.afflict("web", Ill.MAINTENANCE)
    seen = await town.look(f"{WEB}:80", body_must_not_match=["(?i)sedang (dalam )?perbaikan"])
    assert (seen.reason, seen.http and seen.http.status) == ("body_unexpected", 200)


async def test_a_silent_server_in_the_clear_takes_the_connection_and_never_answers(town: Town) -> None:
    await town.afflict("web", Ill.SILENT)
    seen = await town.look(f"{WEB}:80", timeout="300ms")
    assert (seen.verdict, seen.reason) == ("down", "response_timeout")


async def test_on_a_shared_door_an_application_is_ill_alone(town: Town) -> None:
    await town.afflict("one", Ill.STATUS, 502)
    assert (await town.look(f"{SHARED}:80", "/one")).reason == "status_unexpected"
    assert (await town.look(f"{SHARED}:80", "/two")).reason == "ok"


async def test_a_host_that_stops_accepting_takes_every_door_down_and_keeps_its_ports(town: Town) -> None:
    ports = dict(town.opened.ports)
    await town.afflict(PLAIN, Ill.REFUSED)
    for door in (f"{PLAIN}:5432", f"{PLAIN}:636"):
        assert (await town.look(door, "")).reason == "connect_refused"
    await town.heal()
    for door in (f"{PLAIN}:5432", f"{PLAIN}:636"):
        assert (await town.look(door, "")).reason == "ok"
    assert town.opened.ports == ports


async def test_while_a_door_is_shut_nobody_else_can_be_given_its_port(town: Town) -> None:
    await town.afflict(PLAIN, Ill.REFUSED)
    port = town.opened.ports[f"{PLAIN}:5432"]
    with pytest.raises(OSError, match="in use"):
        await asyncio.start_server(lambda *_: None, PLAIN, port, reuse_address=False)


async def test_who_speaks_no_tls_is_cut_off_and_the_next_one_served(town: Town) -> None:
    reader, writer = await asyncio.open_connection(SECURE, town.opened.ports[f"{SECURE}:443"])
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert b"HTTP" not in await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert (await town.look(f"{SECURE}:443", "/health")).reason == "ok"


async def test_an_endless_request_is_cut_off(town: Town) -> None:
    reader, writer = await asyncio.open_connection(WEB, town.opened.ports[f"{WEB}:80"])
    writer.write(b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000)
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(1), 5)
    writer.close()


MAIL = [{"expect": "^220 "}, {"send": "EHLO me"}, {"starttls": True}, {"send": "QUIT"}, {"expect": "^221 "}]


@pytest.mark.parametrize(
    ("ill", "expected"),
    [
        (None, ("up", "ok")),
        (Ill.SILENT, ("down", "response_timeout")),
        (Ill.RESET, ("down", "connection_reset")),
        (Ill.REFUSED, ("down", "connect_refused")),
    ],
)
async def test_mail_is_greeted_upgraded_and_taken_leave_of(
    town: Town, ill: Ill | None, expected: tuple[str, str]
) -> None:
    if ill:
        await town.afflict("mail", ill)
    tls = {"ca_file": str(town.certificates.ca_file)}
    seen = await town.look(f"{PLAIN}:25", "", script=MAIL, tls=tls)
    assert (seen.verdict, seen.reason) == expected


async def test_mail_knows_no_other_commands(town: Town) -> None:
    script = [{"send": "VRFY root"}, {"expect": "^502 "}]
    assert (await town.look(f"{PLAIN}:25", "", script=script)).reason == "ok"


async def test_what_a_self_check_asks_is_answered(town: Town) -> None:
    for endpoint in (town.opened.gateway, *town.opened.canaries):
        address, port = endpoint.split(":")
        _, writer = await asyncio.open_connection(address, int(port))
        writer.close()
    address, port = town.opened.dns.split(":")
    query = dns.message.make_query(".", "NS")
    answer = await dns.asyncquery.udp(query, address, timeout=5, port=int(port))
    assert query.is_response(answer)


async def test_a_reset_is_a_reset_even_to_who_says_nothing(town: Town) -> None:
    await town.afflict("plain", Ill.RESET)
    reader, writer = await asyncio.open_connection(PLAIN, town.opened.ports[f"{PLAIN}:5432"])
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(), 5)
    writer.close()


async def test_a_city_process_ends_with_its_standard_input(town: Town) -> None:
    plan = CityPlan(certificates=str(town.certificates.folder), doors=DOORS)
    city = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "opsconsole.demo.city"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert city.stdin and city.stdout
    city.stdin.write(msgspec.json.encode(plan) + b"\n")
    opened = msgspec.json.decode(await city.stdout.readline(), type=CityOpened)
    assert set(opened.ports) == {door.name for door in DOORS}
    assert city.returncode is None
    city.stdin.close()
    assert await asyncio.wait_for(city.wait(), 20) == 0


async def test_two_cities_on_the_same_addresses_do_not_meet(town: Town) -> None:
    city = City(CityPlan(certificates=str(town.certificates.folder), doors=DOORS), lambda t: {})
    other = Town(await city.open(), city, town.certificates)
    assert all(town.opened.ports[door.name] != other.opened.ports[door.name] for door in DOORS)
    await town.afflict("web", Ill.REFUSED)
    assert (await town.look(f"{WEB}:80")).reason == "connect_refused"
    assert (await other.look(f"{WEB}:80")).reason == "ok"
    city.close()
