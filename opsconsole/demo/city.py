"""The demo city: one process, one loop, a real server for every application and service of the office.

``python -m opsconsole.demo.city`` reads a `plan.CityPlan` from the first line of standard input, opens
every door on a port of the kernel's choice, writes one line of `plan.CityOpened`, and serves until
standard input ends: it never outlives the process that started it.
"""

import asyncio
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from opsconsole.demo.names import NameServer
from opsconsole.demo.plan import Certificates, CityOpened, CityPlan, Door, Leaf, Page
from opsconsole.demo.resolver import Resolver
from opsconsole.demo.servers import DoorServer
from opsconsole.demo.story import (
    EVERYWHERE,
    OUR_CANARIES,
    OUR_GATEWAY,
    OUR_RESOLVER,
    Fault,
    faults,
)

_TICK = 0.25

RECEIVER = Door(
    address="127.20.6.1",
    port=8081,
    protocol="http",
    pages=(Page(row="pesan", path="/pesan", title="Pesan piket", owner="Kominfo", form="json"),),
)
"""Takes the messages of the demo's channel, and forgets them; the example office has no row there."""

Story = Callable[[float], Mapping[str, Fault]]


class City:
    """Every server of the demo. ``story`` gives what is wrong by seconds since the city opened."""

    def __init__(self, plan: CityPlan, story: Story = faults) -> None:
        self._plan, self._story = plan, story
        self._certificates = Certificates(Path(plan.certificates))
        self._contexts: dict[tuple[str, Leaf], ssl.SSLContext] = {}
        self._wrong: Mapping[str, Fault] = {}
        self._doors: list[DoorServer] = []
        self._resolver: asyncio.DatagramTransport | None = None
        self._opened_at = 0.0

    async def open(self) -> CityOpened:
        """Open everything; the story begins."""
        loop = asyncio.get_running_loop()
        self._opened_at = loop.time()
        doors = {door.name: self._door(door) for door in self._plan.doors}
        own = [
            self._door(Door(address=at, port=0, protocol="tcp", pages=()))
            for at in (OUR_GATEWAY, *OUR_CANARIES)
        ]
        receiver = self._door(RECEIVER)
        self._resolver, _ = await loop.create_datagram_endpoint(
            lambda: Resolver(lambda: OUR_RESOLVER in self._wrong), local_addr=(OUR_RESOLVER, 0)
        )
        await self.settle()
        dns_socket: socket.socket = self._resolver.get_extra_info("socket")
        gateway, *canaries = (f"{server.door.address}:{server.port}" for server in own)
        return CityOpened(
            ports={name: server.port for name, server in doors.items()},
            gateway=gateway,
            dns=f"{OUR_RESOLVER}:{dns_socket.getsockname()[1]}",
            canaries=tuple(canaries),
            receiver=f"{receiver.door.address}:{receiver.port}",
            opened_at=self._opened_at,
        )

    async def settle(self) -> None:
        """Bring every door to what the story says now."""
        self._wrong = self._story(asyncio.get_running_loop().time() - self._opened_at)
        for door in self._doors:
            await door.settle()

    async def run(self) -> None:
        """Follow the story until cancelled."""
        while True:
            await asyncio.sleep(_TICK)
            await self.settle()

    def close(self) -> None:
        """Shut every door and give its port back."""
        for door in self._doors:
            door.close()
        if self._resolver:
            self._resolver.close()

    def _door(self, door: Door) -> DoorServer:
        kind = NameServer if door.protocol == "dns" else DoorServer
        server = kind(door, self._fault_of, self._context_for)
        self._doors.append(server)
        return server

    def _fault_of(self, where: str) -> Fault | None:
        return self._wrong.get(where) or self._wrong.get(EVERYWHERE)

    def _context_for(self, address: str, leaf: Leaf) -> ssl.SSLContext:
        """One context for all doors of a host; made when it is first needed, then kept."""
        context = self._contexts.get((address, leaf))
        if context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificates.leaf_file(address, leaf))
            # Nobody comes back with a ticket: every look is a fresh connection.
            context.num_tickets = 0
            self._contexts[address, leaf] = context
        return context


async def _serve(plan: CityPlan) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_reader(sys.stdin.fileno(), _end_with_input, sys.stdin.fileno(), ended)
    city = City(plan)
    opened = await city.open()
    sys.stdout.buffer.write(msgspec.json.encode(opened) + b"\n")
    sys.stdout.buffer.flush()
    story = asyncio.create_task(city.run())
    await asyncio.wait({story, asyncio.create_task(ended.wait())}, return_when=asyncio.FIRST_COMPLETED)
    city.close()
    if not ended.is_set():
        await story


def _end_with_input(descriptor: int, ended: asyncio.Event) -> None:
    if not os.read(descriptor, 4096):
        ended.set()


def main() -> None:
    """Read the plan, serve, end with standard input."""
    plan = msgspec.json.decode(sys.stdin.buffer.readline(), type=CityPlan)
    asyncio.run(_serve(plan))


if __name__ == "__main__":
    main()
