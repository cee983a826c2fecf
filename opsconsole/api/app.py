"""The routes: what can be asked, by whom, and the one way in for commands.

Every route states the least role that may use it; `hello` alone is answered to anyone who can connect.
The caller is whoever the kernel says it is (`opsconsole.api.peers`), never what a request claims.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from opsconsole.api.connection import SCOPE_PEER
from opsconsole.api.peers import Accounts, Peer
from opsconsole.api.port import EnginePort
from opsconsole.api.requests import (
    answer,
    integer,
    moment,
    protocol_mismatch,
    read_arguments,
    read_command,
    read_query,
    refusal,
    via_of,
)
from opsconsole.api.stream import ChangeStream
from opsconsole.base.errors import NotFound, Problem, Refused
from opsconsole.base.text import N_, safe_text
from opsconsole.client.commands import COMMANDS, CommandShape
from opsconsole.client.queries import QUERIES
from opsconsole.client.shapes import Caller, Role

_log = logging.getLogger(__name__)
LOOKS_LIMIT = 1000

Answer = Response | ASGIApp
Handler = Callable[[Request, Caller], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Guarded:
    """One route: its method and path, the least role that may use it, and what answers it."""

    method: str
    path: str
    least: Role
    handler: Handler


class Api:
    """The handlers, over one engine."""

    def __init__(self, port: EnginePort, accounts: Accounts | None = None) -> None:
        self._port = port
        self._accounts = accounts or Accounts()
        self.routes = (
            Guarded("GET", "/v1/hello", Role.NONE, self._hello),
            Guarded("GET", "/v1/board", Role.VIEWER, self._board),
            Guarded("GET", "/v1/applications/{id}", Role.VIEWER, self._detail),
            Guarded("GET", "/v1/applications/{id}/looks", Role.VIEWER, self._looks),
            Guarded("GET", "/v1/queries/{name}", Role.VIEWER, self._query),
            Guarded("GET", "/v1/changes", Role.VIEWER, self._changes),
            Guarded("POST", "/v1/commands/{name}", Role.VIEWER, self._command),
        )

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [Route(route.path, self._endpoint(route), methods=[route.method]) for route in self.routes]
        for route in routes:  # Starlette adds HEAD to every GET; on a stream it would never end
            (route.methods or set()).discard("HEAD")
        app = Starlette(routes=routes, exception_handlers={HTTPException: _no_such_route})
        app.router.redirect_slashes = False
        return app

    def _endpoint(self, route: Guarded) -> Callable[[Request], Awaitable[Answer]]:
        async def endpoint(request: Request) -> Answer:
            mismatch = None if route.least is Role.NONE else protocol_mismatch(request)
            if mismatch is not None:
                return refusal(mismatch, 426)
            try:
                caller = await self._caller(request)
                _require(caller, route.least)
                return await route.handler(request, caller)
            except Problem as problem:
                return refusal(problem)
            except Exception:
                _log.exception("%s %s failed", route.method, route.path)
                return refusal(
                    Problem(N_("The engine failed over this request."), N_("Its log says why.")), 500
                )

        return endpoint

    async def _caller(self, request: Request) -> Caller:
        peer: Peer = request.scope[SCOPE_PEER]
        account = self._accounts.remembered(peer.uid)
        if account is None:
            account = await asyncio.to_thread(self._accounts.look_up, peer.uid)
        role = self._port.role_of(peer.uid, account.gids)
        return Caller(peer.uid, account.name, via_of(request), role)

    async def _hello(self, request: Request, caller: Caller) -> Answer:
        return answer(self._port.hello(caller))

    async def _board(self, request: Request, caller: Caller) -> Answer:
        return answer(self._port.board())

    async def _detail(self, request: Request, caller: Caller) -> Answer:
        return answer(await self._port.detail(request.path_params["id"]))

    async def _looks(self, request: Request, caller: Caller) -> Answer:
        looks = await self._port.looks(
            request.path_params["id"],
            request.query_params.get("probe", ""),
            moment(request, "before"),
            integer(request, "limit", 100, 1, LOOKS_LIMIT),
            request.query_params.get("failures") == "1",
        )
        return answer(looks)

    async def _query(self, request: Request, caller: Caller) -> Answer:
        name = request.path_params["name"]
        shape = QUERIES.get(name)
        if shape is None:
            raise NotFound(N_("The engine has no view {name}."), name=safe_text(name, 60))
        _require(caller, shape.role)
        args = read_arguments(read_query(request), shape.args)
        return answer(await self._port.query(shape, args, caller))

    async def _changes(self, request: Request, caller: Caller) -> Answer:
        after, run = integer(request, "after", None), integer(request, "run", None)
        watch = frozenset(filter(None, request.query_params.getlist("watch")))

        async def allowed() -> bool:
            return (await self._caller(request)).role.covers(Role.VIEWER)

        return ChangeStream(self._port.subscribe(after, run, watch), allowed)

    async def _command(self, request: Request, caller: Caller) -> Answer:
        shape = _shape(request.path_params["name"])
        _require(caller, shape.role)
        body = await read_command(request, shape.most_bytes)
        return answer(await self._port.execute(shape, read_arguments(body.args, shape.args), caller, body))


def _shape(name: str) -> CommandShape:
    shape = COMMANDS.get(name)
    if shape is None:
        raise NotFound(
            N_("There is no command {name}."), N_("`opsconsole --help` lists them."), name=safe_text(name, 60)
        )
    return shape


def _require(caller: Caller, least: Role) -> None:
    if not caller.role.covers(least):
        raise Refused(
            N_("{person} has the role {role} here; this needs {least}."),
            N_("Ask an admin of this office to add the account under [access] in settings.toml."),
            person=caller.person,
            role=str(caller.role),
            least=str(least),
        )


async def _no_such_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal(NotFound(N_("The engine knows nothing of that name.")), status)
