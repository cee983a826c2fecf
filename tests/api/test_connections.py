"""What one account may keep from the others: connections that say nothing, and too many of them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from opsconsole.api.connection import MAX_PER_UID
from opsconsole.api.peers import Peer
from opsconsole.api.server import ApiServer
from opsconsole.base.errors import Problem
from opsconsole.base.paths import Place
from opsconsole.client.calls import Client
from tests.fakes.scripted_engine import ScriptedEngine

HELLO = b"GET /v1/hello HTTP/1.1\r\nHost: engine\r\n\r\n"


def connect(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(20)
    made.connect(str(path))
    return made


def said(connection: socket.socket) -> bytes:
    """What comes until the other end closes."""
    whole = b""
    while piece := connection.recv(65536):
        whole += piece
    return whole


@contextmanager
def serving(engine: ScriptedEngine, path: Path, request_seconds: float) -> Iterator[Path]:
    """The engine served at another socket, where a request has so long to come."""
    server = ApiServer(
        engine, path, owns_lock=True, close_streams=lambda: None, request_seconds=request_seconds
    )
    server.start()
    try:
        yield path
    finally:
        server.stop()


@pytest.mark.parametrize(
    "first", [b"", b"GET /v1/hello HT", HELLO[:-2], b"POST /v1/commands/reload HTTP/1.1\r\n"]
)
def test_a_connection_on_which_no_whole_request_comes_is_closed(engine, tmp_path, first):
    with serving(engine, tmp_path / "other" / "engine.sock", 0.1) as path, connect(path) as silent:
        silent.sendall(first)
        assert said(silent) == b""


def test_a_body_that_does_not_come_is_not_waited_for_either(engine, tmp_path):
    head = b"POST /v1/commands/reload HTTP/1.1\r\nHost: engine\r\nContent-Length: 500\r\n\r\n{"
    with serving(engine, tmp_path / "other" / "engine.sock", 0.1) as path, connect(path) as slow:
        slow.sendall(head)
        assert b"200 OK" not in said(slow)
    assert engine.commands == []


def test_a_stream_and_a_second_request_are_not_cut_off(engine, tmp_path):
    with serving(engine, tmp_path / "other" / "engine.sock", 0.1) as path, connect(path) as asking:
        with connect(path) as silent:
            asking.sendall(HELLO)
            assert b"200 OK" in asking.recv(65536)
            # The other one is closed for saying nothing: so long has passed here too.
            assert said(silent) == b""
        asking.sendall(HELLO.replace(b"Host", b"Connection: close\r\nHost"))
        assert b"200 OK" in said(asking)


def test_one_account_can_not_take_every_connection(place: Place):
    uid = 10
    with ScriptedEngine(place, peercred=lambda _: Peer(uid, uid, 1)), ExitStack() as held:
        for _ in range(MAX_PER_UID):
            held.enter_context(connect(place.socket)).sendall(HELLO)
        with connect(place.socket) as one_more:
            answer = said(one_more)
        assert answer.startswith(b"HTTP/1.1 503 ")
        with Client(place) as client, pytest.raises(Problem, match=f"holds {MAX_PER_UID} connections"):
            client.board()
        uid = 20
        with Client(place) as client:
            assert client.hello().caller.uid == 20


def test_a_connection_that_ends_makes_room(place: Place):
    with ScriptedEngine(place):
        for _ in range(3 * MAX_PER_UID):
            with connect(place.socket) as brief:
                brief.sendall(HELLO.replace(b"Host", b"Connection: close\r\nHost"))
                assert b"200 OK" in said(brief)
