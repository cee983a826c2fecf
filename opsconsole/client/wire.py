"""What both kinds of client share: how a request is put, an answer read, and a failure explained."""

import errno
import grp
import os
import socket
import struct
import sys
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from opsconsole.base.errors import Problem, Refused, Unreachable
from opsconsole.base.paths import Place
from opsconsole.base.text import N_
from opsconsole.client.commands import COMMANDS
from opsconsole.client.problems import problem_of, protocol_problem
from opsconsole.client.queries import ANSWER_SECONDS, Query, QueryShape, shape_of
from opsconsole.client.shapes import PROTOCOL, PROTOCOL_HEADER, VIA_HEADER, CommandBody, Hello, ProblemBody

BASE_URL = "http://engine"
# One greeting is answered from memory; an engine that needs longer is hung.
HELLO_SECONDS = 2.0

# struct ucred of socket(7): pid, uid, gid; of a listening socket, those of who called listen(2).
_UCRED = struct.Struct("iII")

_problem_decoder = msgspec.json.Decoder(ProblemBody)
_names = {shape.args: shape.name for shape in COMMANDS.values()}
T = TypeVar("T")


def load_httpx() -> ModuleType:
    """httpx without its own command line, whose imports (click, rich) cost as much as the rest of it."""
    if "httpx" not in sys.modules:
        sys.modules["httpx._main"] = None  # type: ignore[assignment]  # an import of it fails, as httpx allows
        try:
            import httpx  # noqa: F401
        finally:
            del sys.modules["httpx._main"]
    return sys.modules["httpx"]


def headers(via: str) -> dict[str, str]:
    """What goes with every request."""
    return {PROTOCOL_HEADER: str(PROTOCOL), VIA_HEADER: via}


def options(via: str) -> dict[str, Any]:
    """What httpx's client is made with, beside a transport of its own that asks no proxy."""
    return {"base_url": BASE_URL, "headers": headers(via), "timeout": ANSWER_SECONDS}


def application_path(row_id: str) -> str:
    """The path of one application or service."""
    return f"/v1/applications/{quote(row_id, safe='')}"


def looks_path(row_id: str) -> str:
    """The path of its looks."""
    return f"{application_path(row_id)}/looks"


def looks_query(probe: str, before: datetime | None, limit: int, failures: bool) -> dict[str, str]:
    """The query of a list of looks."""
    query = {"probe": probe, "limit": str(limit), "failures": "1" if failures else ""}
    if before is not None:
        query["before"] = before.isoformat()
    return {name: value for name, value in query.items() if value}


def changes_query(after: int | None, run: int | None, watch: Iterable[str]) -> list[tuple[str, str]]:
    """The query of a stream of changes."""
    numbers = [(name, str(value)) for name, value in (("after", after), ("run", run)) if value is not None]
    return numbers + [("watch", row_id) for row_id in sorted(watch)]


def command_request(args: msgspec.Struct, command_id: str | None, version: int | None) -> tuple[str, bytes]:
    """The path and body of a command, which is known by the type of its arguments."""
    body = CommandBody(
        command_id=command_id or uuid.uuid4().hex, args=msgspec.to_builtins(args), version=version
    )
    return f"/v1/commands/{_names[type(args)]}", msgspec.json.encode(body)


def command_seconds(args: msgspec.Struct) -> float:
    """How long its answer may take."""
    return COMMANDS[_names[type(args)]].seconds


def query_request(args: Query[Any]) -> tuple[QueryShape, str, dict[str, str]]:
    """The shape, path and parameters of a query, which is known by the type of its arguments."""
    shape = shape_of(args)
    return shape, f"/v1/queries/{shape.name}", {"args": msgspec.json.encode(args).decode()}


def read_answer(status: int, content: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """The answer's struct, or the problem it carries raised as the class it was."""
    if status != 200:
        raise _problem_in(status, content)
    try:
        return decoder.decode(content)
    except msgspec.DecodeError as error:
        raise _not_ours() from error


def check_protocol(hello: Hello) -> Hello:
    """The greeting itself when both sides speak the same protocol. Raises `Problem` when not."""
    if hello.protocol != PROTOCOL:
        raise protocol_problem(client=PROTOCOL, engine=hello.protocol)
    return hello


def check_reachable(place: Place) -> None:
    """Knock at the engine's socket. Raises `Unreachable` when nobody listens, `Refused` when we may not.

    It also says at once that no engine runs, before anything is imported for it, and keeps a socket that
    another account has put below /tmp from being taken for the engine's.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.setblocking(False)
        try:
            knock.connect(os.fsencode(place.socket))
        except BlockingIOError as error:  # somebody listens, and has long accepted nobody
            raise _silent(place.socket) from error
        except PermissionError as error:
            raise _closed_to_us(place.socket) from error
        except OSError as error:
            raise _nobody_there(place.socket) from error
        if place.socket.parent != place.run and _listener_uid(knock) not in _trusted(place):
            raise _nobody_there(place.socket)


def is_listening(place: Place) -> bool:
    """Whether a process holds the engine's socket open, though it may answer nobody."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.setblocking(False)
        # One that has long accepted nobody has its queue full, and is there all the same.
        return knock.connect_ex(os.fsencode(place.socket)) in (0, errno.EAGAIN)


def transport_problem(error: BaseException, place: Place) -> Problem:
    """Why no answer came, from an error of httpx or of a socket."""
    if "Timeout" in type(error).__name__:
        return _silent(place.socket)
    return _nobody_there(place.socket)


def _nobody_there(path: Path) -> Unreachable:
    return Unreachable(
        N_("No engine answers at {socket}."),
        N_("`opsconsole` starts it and opens the console; `opsconsole engine` runs it in the foreground."),
        socket=str(path),
    )


def _silent(path: Path) -> Unreachable:
    return Unreachable(
        N_("The engine at {socket} does not answer."),
        N_("If it stays so, replace it: `opsconsole engine --replace`."),
        socket=str(path),
    )


def _closed_to_us(path: Path) -> Refused:
    return Refused(
        N_("This account may not reach the engine at {socket}."),
        N_("Ask an admin of this office to add it to the group {group}."),
        socket=str(path),
        group=_group_of(path),
    )


def _trusted(place: Place) -> set[int]:
    """Who may be the engine of an office whose socket is an alias."""
    try:
        return {0, os.geteuid(), place.config.stat().st_uid}
    except OSError:
        return {0, os.geteuid()}


def _listener_uid(knock: socket.socket) -> int:
    raw = knock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(raw)[1])


def _problem_in(status: int, content: bytes) -> Problem:
    try:
        return problem_of(_problem_decoder.decode(content))
    except msgspec.DecodeError:
        if status == 503:
            return Unreachable(
                N_("The engine has too many connections."), N_("Close a console, then try again.")
            )
        return _not_ours()


def _not_ours() -> Problem:
    return Problem(
        N_("What answers is not an opsconsole engine of this version."),
        N_("Compare `opsconsole --version` here and where the engine was started."),
    )


def _group_of(path: Path) -> str:
    try:
        return grp.getgrgid(path.parent.stat().st_gid).gr_name
    except (OSError, KeyError):
        return "?"
