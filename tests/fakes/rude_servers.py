"""Servers that misbehave, each in a way of its own on a port of its own, in a process of their own."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import trustme

from tests.fakes.rude_http import BEHAVIOURS, Behaviour
from tests.fakes.rude_tls import TLS_BEHAVIOURS

_ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def rude_servers() -> Iterator[dict[str, int]]:
    """The ports of all behaviours by name, for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.rude_servers"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _guarded(behaviour: Behaviour) -> Behaviour:
    """End quietly when the other side has gone, and close whatever happens."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await behaviour(reader, writer)
        writer.close()

    return serve


def _full_backlog() -> tuple[int, list[socket.socket]]:
    """A port whose backlog is full, so that the kernel drops whoever asks to connect."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = listener.getsockname()
    held = [listener]
    for _ in range(4):
        caller = socket.socket()
        caller.setblocking(False)
        caller.connect_ex(address)
        held.append(caller)
    return address[1], held


async def _serve() -> None:
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    ports = {}
    servers = []
    for behaviours, tls in ((BEHAVIOURS, None), (TLS_BEHAVIOURS, context)):
        for name, behaviour in behaviours.items():
            server = await asyncio.start_server(_guarded(behaviour), "127.0.0.1", 0, ssl=tls)
            servers.append(server)
            ports[name] = server.sockets[0].getsockname()[1]
    ports["full_backlog"], _held = _full_backlog()
    print(json.dumps(ports), flush=True)
    # The caller closes our standard input when it has done with us.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(_serve())
