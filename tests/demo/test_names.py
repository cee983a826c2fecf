"""The city's name server, asked by the real probe: it answers, fails as the story has it, and heals."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import dns.message
import pytest

from opsconsole.base.paths import example_office
from opsconsole.demo.city import City
from opsconsole.demo.names import Zone
from opsconsole.demo.office import Office
from opsconsole.demo.plan import CityOpened, CityPlan
from opsconsole.demo.story import Fault, Ill
from opsconsole.inventory.load import load
from probes.env import Env
from probes.observation import Observation
from probes.registry import KINDS
from probes.target import Target

DOOR = "127.20.0.53:5353"


class NameTown:
    """The name server's door of the example office, and the probes that look at it, moved there."""

    def __init__(self, folder: Path) -> None:
        self.wrong: dict[str, Fault] = {}
        self._folder = folder
        self._office = Office(example_office())
        doors = tuple(door for door in self._office.doors() if door.name == DOOR)
        self.city = City(CityPlan(certificates=str(folder), doors=doors), lambda t: self.wrong)
        self.targets: dict[tuple[str, str], Target] = {}
        self.opened: CityOpened

    async def open(self) -> None:
        self.opened = await self.city.open()
        ports = {door.name: self.opened.ports.get(door.name, 9) for door in self._office.doors()}
        everywhere = CityOpened(ports=ports, gateway="", dns="", canaries=())
        self._office.move_to(everywhere, self._folder / "ca.pem", "en")
        self._office.write(self._folder / "config")
        # Only the probes count here, and not whom the others trust.
        for file in (self._folder / "config").rglob("*.toml"):
            file.write_text(file.read_text("utf-8").replace(str(self._folder / "ca.pem"), ""), "utf-8")
        for probe in load(self._folder / "config").probes():
            if probe.spec.kind == "dns" or probe.target.label == f"127.20.0.53:{self.port}":
                self.targets[probe.row_id, probe.spec.kind] = probe.target

    @property
    def port(self) -> int:
        return self.opened.ports[DOOR]

    async def afflict(self, where: str, ill: Ill) -> None:
        self.wrong[where] = Fault(ill)
        await self.city.settle()

    async def heal(self) -> None:
        self.wrong.clear()
        await self.city.settle()

    async def look(self, row: str, kind: str = "dns") -> Observation:
        deadline = asyncio.get_running_loop().time() + 4
        return await KINDS[kind].look(self.targets[row, kind], deadline, Env())


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[NameTown]:
    town = NameTown(tmp_path)
    await town.open()
    yield town
    town.city.close()


LOOKS = {("dns", "dns"), ("dns", "tcp"), ("portal", "dns")}


async def test_what_the_example_office_asks_is_answered(town: NameTown) -> None:
    assert set(town.targets) == LOOKS
    for row, kind in LOOKS:
        seen = await town.look(row, kind)
        assert seen.reason == "ok", seen
        assert seen.dns is None or seen.dns.authoritative


async def test_a_zone_that_can_not_be_read_fails_every_name_and_heals(town: NameTown) -> None:
    await town.afflict(DOOR, Ill.SERVFAIL)
    for row in ("dns", "portal"):
        seen = await town.look(row)
        assert (seen.verdict, seen.reason, seen.params["seen"]) == ("down", "dns_rcode", "SERVFAIL")
    assert (await town.look("dns", "tcp")).reason == "ok"
    await town.heal()
    assert (await town.look("dns")).reason == "ok"


async def test_a_name_that_leads_elsewhere_is_seen_where_it_leads(town: NameTown) -> None:
    await town.afflict("portal", Ill.ASTRAY)
    seen = await town.look("portal")
    assert (seen.verdict, seen.reason) == ("down", "dns_unexpected")
    assert "127.20.66.6" in str(seen.params["seen"])
    assert (await town.look("dns")).reason == "ok"
    await town.heal()
    assert (await town.look("portal")).reason == "ok"


async def test_a_door_that_is_shut_refuses_datagrams_and_connections_and_keeps_its_port(
    town: NameTown,
) -> None:
    await town.afflict(DOOR, Ill.REFUSED)
    for row, kind in LOOKS:
        assert (await town.look(row, kind)).reason == "connect_refused"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.20.0.53", town.port))
    await town.heal()
    for row, kind in LOOKS:
        assert (await town.look(row, kind)).reason == "ok"


async def test_a_silent_name_server_answers_nobody(town: NameTown) -> None:
    await town.afflict(DOOR, Ill.SILENT)
    deadline = asyncio.get_running_loop().time() + 0.3
    seen = await KINDS["dns"].look(town.targets["portal", "dns"], deadline, Env())
    assert seen.reason == "response_timeout"


async def test_several_questions_may_come_in_pieces_over_one_connection(town: NameTown) -> None:
    reader, writer = await asyncio.open_connection("127.20.0.53", town.port)
    asked = [dns.message.make_query("portal.sukamaju.example", kind) for kind in ("A", "MX")]
    for byte in b"".join(query.to_wire(prepend_length=True) for query in asked):
        writer.write(bytes((byte,)))
        await writer.drain()
    for query in asked:
        length = int.from_bytes(await reader.readexactly(2), "big")
        assert query.is_response(dns.message.from_wire(await reader.readexactly(length)))
    writer.close()


@pytest.mark.parametrize(
    ("name", "kind", "rcode", "answers"),
    [
        ("Portal.Sukamaju.Example", "A", "NOERROR", 1),
        ("portal.sukamaju.example", "AAAA", "NOERROR", 0),
        ("sukamaju.example", "MX", "NOERROR", 1),
        ("hilang.sukamaju.example", "A", "NXDOMAIN", 0),
        ("elsewhere.example", "A", "REFUSED", 0),
    ],
)
def test_the_zone_answers_properly(name: str, kind: str, rcode: str, answers: int) -> None:
    query = dns.message.make_query(name, kind)
    answer = dns.message.from_wire(Zone(lambda path: None).answer(query.to_wire(), 512) or b"")
    assert query.is_response(answer)
    assert (dns.rcode.to_text(answer.rcode()), len(answer.answer)) == (rcode, answers)


@pytest.mark.parametrize("junk", [b"", b"\x00", b"x" * 11, b"\xff" * 600])
def test_what_is_no_query_gets_no_answer(junk: bytes) -> None:
    assert Zone(lambda path: None).answer(junk, 512) is None
