"""The test city itself: it leaves no socket behind, whenever it is closed."""

import asyncio
import socket

import pytest

from tests.fakes.connections import Connections, stop_serving


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_that_has_hardly_begun_is_closed_with_its_server(turns: int):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    connections = Connections(serve)
    server = await asyncio.start_server(connections, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()) as caller:
        for _ in range(turns):
            await asyncio.sleep(0)
        await stop_serving(server)
        await connections.close()
        caller.settimeout(5)
        try:
            assert caller.recv(1) == b""
        except ConnectionResetError:
            pass
