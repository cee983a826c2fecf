"""The calls of both clients: what comes back, and every way in which nothing does."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from opsconsole.base.errors import Conflict, Invalid, NotFound, Problem, Refused, Unreachable
from opsconsole.base.paths import home_place
from opsconsole.client.calls import AsyncClient, Client
from opsconsole.client.commands import AddApplication, Recheck, Reload, StopEngine
from opsconsole.client.problems import body_of, problem_of
from opsconsole.client.shapes import PROTOCOL, CommandBody, ProblemBody, Role, State
from tests.fakes.rude_socket import RudeSocket, http_answer
from tests.fakes.scripted_engine import ScriptedEngine

Asked = Callable[..., Any]


def ask_plainly(engine_place, call: Callable[[Client], Any]) -> Any:
    with Client(engine_place) as client:
        return call(client)


def ask_in_a_loop(engine_place, call: Callable[[Any], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with AsyncClient(engine_place) as client:
            return await call(client)

    return asyncio.run(main())


@pytest.fixture(params=[ask_plainly, ask_in_a_loop], ids=["Client", "AsyncClient"])
def ask(request: pytest.FixtureRequest) -> Asked:
    return request.param


def test_both_clients_bring_everything_an_engine_has(ask, engine):
    assert ask(engine.place, lambda client: client.hello()).office == "Kominfo Kota Contoh"
    board = ask(engine.place, lambda client: client.board())
    assert (len(board.applications), len(board.opds)) == (119, 42)
    detail = ask(engine.place, lambda client: client.detail("ws-nik"))
    assert detail.row.state is State.DOWN
    assert detail.probes[0].last.phases_ms.wait == 655.1
    looks = ask(engine.place, lambda client: client.looks("ws-nik", limit=2, failures=True))
    assert [look.verdict for look in looks] == ["down", "down"]


def test_looks_can_be_read_page_by_page(ask, engine):
    first = ask(engine.place, lambda client: client.looks("mail", "http", limit=2))
    second = ask(engine.place, lambda client: client.looks("mail", "http", before=first[-1].at, limit=2))
    assert second[0].at == first[-1].at - timedelta(minutes=1)


@pytest.mark.parametrize("row_id", ["service:bsre", "a b", "a/b", "a?b#c", "..", "%2e%2e", "é"])
def test_any_id_reaches_the_engine_as_it_is(ask, engine, row_id):
    row = msgspec.structs.replace(engine.row("portal"), id=row_id)
    engine._city.applications[row_id] = row
    if "/" in row_id:
        with pytest.raises(NotFound):
            ask(engine.place, lambda client: client.detail(row_id))
        return
    # httpx goes a folder up for two dots, where nothing is; never is it another row.
    with suppress(NotFound) if row_id == ".." else nullcontext():
        assert ask(engine.place, lambda client: client.detail(row_id)).row.id == row_id


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (Recheck("portal", wait=True), "recheck"),
        (AddApplication("a", "A", "http://127.0.0.1/"), "add"),
        (Reload(), "reload"),
    ],
)
def test_a_command_is_known_by_its_arguments(ask, engine, args, name):
    ask(engine.place, lambda client: client.command(args))
    assert [(done, given) for done, given, _ in engine.commands] == [(name, args)]


def test_a_command_that_is_repeated_is_done_once(ask, engine):
    for repeated in (False, True):
        result = ask(engine.place, lambda client: client.command(Reload(), command_id="once-and-for-all"))
        assert result.repeated is repeated
    assert len(engine.commands) == 1


def test_the_caller_is_a_command_or_a_console(ask, engine):
    caller = ask(engine.place, lambda client: client.hello()).caller
    assert caller.via == ("command" if ask is ask_plainly else "console")


def test_a_role_that_does_not_allow_it_is_refused(ask, engine):
    engine.role = Role.VIEWER
    with pytest.raises(Refused) as caught:
        ask(engine.place, lambda client: client.command(StopEngine()))
    assert caught.value.params["least"] == "admin"


@pytest.mark.parametrize(
    "problem",
    [
        Problem("a {b}", "c", b="d"),
        Refused("a"),
        NotFound("a", "b"),
        Conflict("a", "b", version=8),
        Invalid("a", "b", lines=("x: y", "z: w")),
        Unreachable("a"),
    ],
    ids=lambda problem: problem.code,
)
def test_a_problem_comes_out_as_the_class_that_went_in(ask, place, problem):
    class Troubled(ScriptedEngine):
        async def detail(self, row_id):
            raise problem

    with Troubled(place), pytest.raises(Problem) as caught:
        ask(place, lambda client: client.detail("portal"))
    assert type(caught.value) is type(problem)
    assert str(caught.value) == str(problem)
    assert getattr(caught.value, "lines", ()) == getattr(problem, "lines", ())


def test_what_json_does_not_know_travels_as_text():
    sent = body_of(NotFound("no {path} in {n}", path=__file__, n=[1]))
    assert sent.params == {"path": __file__, "n": "[1]"}
    assert str(problem_of(sent)) == f"no {__file__} in [1]"


def test_a_code_of_a_newer_engine_is_a_plain_problem():
    assert type(problem_of(ProblemBody(code="unheard_of", what="a"))) is Problem


def test_where_no_engine_ever_ran_there_is_none(ask, place):
    with pytest.raises(Unreachable, match="No engine answers"):
        ask(place, lambda client: client.board())


def test_the_socket_of_a_killed_engine_answers_nothing(ask, engine):
    engine.die()
    with pytest.raises(Unreachable, match="No engine answers"):
        ask(engine.place, lambda client: client.hello())


def test_an_engine_that_hangs_does_not_answer(place):
    with RudeSocket(place.socket, []), pytest.raises(Unreachable, match="does not answer"):
        ask_plainly(place, lambda client: client.hello(timeout=0.05))


def test_a_queue_that_is_full_is_an_engine_that_hangs(place):
    place.run.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place.socket))
        listener.listen(0)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        try:
            for connection in waiting:
                connection.setblocking(False)
                connection.connect_ex(str(place.socket))
            with pytest.raises(Unreachable, match="does not answer"):
                ask_plainly(place, lambda client: client.hello(timeout=0.05))
        finally:
            for connection in waiting:
                connection.close()


# Listens at the path it is given as another account, once for each line it is sent.
LISTEN_AS_ANOTHER = """
import os, socket, sys
path, uid = sys.argv[1], int(sys.argv[2])
listener = socket.socket(socket.AF_UNIX)
os.setgroups([]); os.setgid(uid); os.setuid(uid)
listener.bind(path)
listener.listen(8)
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="changes accounts")
def test_what_another_account_put_in_place_of_an_alias_is_not_the_engine(ask, tmp_path):
    place = home_place(tmp_path / ("long" * 30))
    place.config.mkdir(parents=True)
    folder = place.socket.parent
    folder.mkdir(parents=True)
    os.chown(folder, 65534, -1)
    command = [sys.executable, "-c", LISTEN_AS_ANOTHER, str(place.socket), "65534"]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout.readline() == b"listening\n"
            with pytest.raises(Unreachable, match="No engine answers"):
                ask(place, lambda client: client.hello())
            other.stdin.close()
    finally:
        shutil.rmtree(folder)


def test_a_command_whose_connection_broke_is_sent_again_under_the_same_id(ask, place):
    answer = http_answer(200, b'{"command_id": "x", "seq": 4}')
    with RudeSocket(place.socket, [b"", answer]) as rude:
        assert ask(place, lambda client: client.command(Reload())).seq == 4
        bodies = [request.partition(b"\r\n\r\n")[2] for request in rude.requests]
    ids = [msgspec.json.decode(body, type=CommandBody).command_id for body in bodies]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_a_connection_that_breaks_twice_is_given_up(ask, place):
    with RudeSocket(place.socket, [b"", b""]), pytest.raises(Unreachable):
        ask(place, lambda client: client.board())


@pytest.mark.parametrize(
    "answer",
    [
        http_answer(200, b"<html>"),
        http_answer(200, b'{"run": 1}'),
        http_answer(404, b"<html>"),
        http_answer(302, b""),
    ],
    ids=["no json", "another shape", "no problem", "a redirect"],
)
def test_an_answer_that_is_not_ours_is_a_problem_that_says_so(ask, place, answer):
    with RudeSocket(place.socket, [answer]), pytest.raises(Problem, match="not an opsconsole engine"):
        ask(place, lambda client: client.board())


def test_too_many_connections_are_told(ask, place):
    answer = http_answer(503, b"Service Unavailable")
    with RudeSocket(place.socket, [answer]), pytest.raises(Unreachable, match="too many connections"):
        ask(place, lambda client: client.board())


@pytest.mark.parametrize(("theirs", "what"), [(PROTOCOL + 1, "Leave this older"), (PROTOCOL - 1, "is older")])
def test_a_greeting_in_another_protocol_says_which_side_is_older(ask, engine, place, theirs, what):
    hello = ask(place, lambda client: client.hello())
    engine.stop()
    other = msgspec.json.encode(msgspec.structs.replace(hello, protocol=theirs))
    with RudeSocket(place.socket, [http_answer(200, other)]), pytest.raises(Problem, match=what):
        ask(place, lambda client: client.hello())


def test_a_newer_engine_may_say_more_than_we_know(ask, engine, place):
    hello = msgspec.to_builtins(ask(place, lambda client: client.hello()))
    engine.stop()
    answer = http_answer(200, msgspec.json.encode(hello | {"news": [1, 2]}))
    with RudeSocket(place.socket, [answer]):
        assert ask(place, lambda client: client.hello()).run == 7


def test_nothing_of_the_environment_reaches_the_engine(ask, place, tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine engine login sari password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with RudeSocket(place.socket, [b"", b""]) as rude:
        with pytest.raises(Unreachable):
            ask(place, lambda client: client.hello())
        assert b"authorization" not in rude.requests[0].lower()
