"""The calls: what a console or a command asks of the engine, over its Unix socket.

Every failure is a `Problem` of `opsconsole.base.errors`, the engine's own ones included. A request whose
connection broke is sent once more: reads change nothing, and a command carries its ``command_id``.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlencode

import msgspec

from opsconsole.base.paths import Place
from opsconsole.client.queries import ANSWER_SECONDS, Query
from opsconsole.client.shapes import ApplicationDetail, Board, Change, CommandResult, Hello, Look
from opsconsole.client.wire import (
    application_path,
    changes_query,
    check_protocol,
    check_reachable,
    command_request,
    command_seconds,
    headers,
    load_httpx,
    looks_path,
    looks_query,
    options,
    query_request,
    read_answer,
    transport_problem,
)

if TYPE_CHECKING:
    from opsconsole.client.unix_http import UnixConnection

_hello = msgspec.json.Decoder(Hello)
_board = msgspec.json.Decoder(Board)
_detail = msgspec.json.Decoder(ApplicationDetail)
_looks = msgspec.json.Decoder(list[Look])
_result = msgspec.json.Decoder(CommandResult)
_change = msgspec.json.Decoder(Change)
T = TypeVar("T")
R = TypeVar("R")


class Client:
    """For commands: one call after another. Close it, or use it with ``with``."""

    def __init__(self, place: Place, *, via: str = "command") -> None:
        self._place = place
        self._via = via
        self._http: UnixConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def hello(self, timeout: float = ANSWER_SECONDS) -> Hello:
        """Who the engine is; ``timeout`` in seconds. Raises `Problem` when it speaks another protocol."""
        return check_protocol(self._call(_hello, "GET", "/v1/hello", timeout=timeout))

    def board(self) -> Board:
        """Every row."""
        return self._call(_board, "GET", "/v1/board")

    def detail(self, row_id: str) -> ApplicationDetail:
        """Everything about one application. Raises `NotFound`."""
        return self._call(_detail, "GET", application_path(row_id))

    def looks(
        self,
        row_id: str,
        probe: str = "",
        before: datetime | None = None,
        limit: int = 100,
        failures: bool = False,
    ) -> list[Look]:
        """Recorded looks, newest first, at most 1,000. Raises `NotFound`."""
        query = looks_query(probe, before, limit, failures)
        return self._call(_looks, "GET", looks_path(row_id), params=query)

    def command(
        self, args: msgspec.Struct, command_id: str | None = None, version: int | None = None
    ) -> CommandResult:
        """Run the command that these arguments belong to."""
        path, content = command_request(args, command_id, version)
        return self._call(_result, "POST", path, content=content, timeout=command_seconds(args))

    def query(self, args: Query[R]) -> R:
        """Put a query of the registry. Raises what its handler raises."""
        shape, path, params = query_request(args)
        answer: R = self._call(shape.decoder(), "GET", path, params=params, timeout=shape.seconds)
        return answer

    def _call(
        self,
        decoder: "msgspec.json.Decoder[T]",
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout: float = ANSWER_SECONDS,
    ) -> T:
        check_reachable(self._place)
        from opsconsole.client.unix_http import BROKEN, FAILED, UnixConnection

        if self._http is None:
            self._http = UnixConnection(self._place.socket, headers(self._via))
        target = f"{path}?{urlencode(params)}" if params else path
        try:
            try:
                status, body = self._http.exchange(method, target, content, timeout)
            except BROKEN:
                status, body = self._http.exchange(method, target, content, timeout)
        except FAILED as error:
            raise transport_problem(error, self._place) from error
        return read_answer(status, body, decoder)


class AsyncClient:
    """For the console: calls beside a stream of changes. Close it, or use it with ``async with``."""

    def __init__(self, place: Place, *, via: str = "console") -> None:
        self._httpx = load_httpx()
        self._place = place
        transport = self._httpx.AsyncHTTPTransport(uds=str(place.socket), verify=False)
        self._http = self._httpx.AsyncClient(transport=transport, **options(via))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def hello(self) -> Hello:
        """Who the engine is. Raises `Problem` when it speaks another protocol."""
        return check_protocol(await self._call(_hello, "GET", "/v1/hello"))

    async def board(self) -> Board:
        """Every row."""
        return await self._call(_board, "GET", "/v1/board")

    async def detail(self, row_id: str) -> ApplicationDetail:
        """Everything about one application. Raises `NotFound`."""
        return await self._call(_detail, "GET", application_path(row_id))

    async def looks(
        self,
        row_id: str,
        probe: str = "",
        before: datetime | None = None,
        limit: int = 100,
        failures: bool = False,
    ) -> list[Look]:
        """Recorded looks, newest first, at most 1,000. Raises `NotFound`."""
        query = looks_query(probe, before, limit, failures)
        return await self._call(_looks, "GET", looks_path(row_id), params=query)

    async def command(
        self, args: msgspec.Struct, command_id: str | None = None, version: int | None = None
    ) -> CommandResult:
        """Run the command that these arguments belong to."""
        path, content = command_request(args, command_id, version)
        return await self._call(_result, "POST", path, content=content, timeout=command_seconds(args))

    async def query(self, args: Query[R]) -> R:
        """Put a query of the registry. Raises what its handler raises."""
        shape, path, params = query_request(args)
        answer: R = await self._call(shape.decoder(), "GET", path, params=params, timeout=shape.seconds)
        return answer

    async def changes(
        self,
        after: int | None = None,
        run: int | None = None,
        watch: Iterable[str] = (),
        *,
        silence: float | None = None,
    ) -> AsyncIterator[Change]:
        """Changes after ``after`` of run ``run``, and the looks of the applications in ``watch``.

        Give ``after`` and ``run`` of the board that was read (or of the last change), so that nothing
        is missed; a change of entity ``gap`` means: read the board afresh. The engine's row comes at
        once: then the stream is open, and it is time to read an application whose looks are watched
        (looks are live only, they are not caught up on). A row of None was taken away. The engine's
        row comes again every two seconds: with ``silence`` (seconds) a longer pause raises
        `Unreachable`. It ends when the engine does. Leave it through `contextlib.aclosing` or by
        cancelling its task.
        """
        check_reachable(self._place)
        timeout = self._httpx.Timeout(ANSWER_SECONDS, read=silence)
        query = changes_query(after, run, watch)
        try:
            async with self._http.stream("GET", "/v1/changes", params=query, timeout=timeout) as response:
                if response.status_code != 200:
                    read_answer(response.status_code, await response.aread(), _change)
                rest = b""
                async for chunk in response.aiter_raw():
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        yield _change.decode(line)
        except self._httpx.TransportError as error:
            raise transport_problem(error, self._place) from error

    async def _call(self, decoder: "msgspec.json.Decoder[T]", method: str, path: str, **extra: Any) -> T:
        check_reachable(self._place)
        try:
            try:
                response = await self._http.request(method, path, **extra)
            except (self._httpx.ReadError, self._httpx.WriteError, self._httpx.RemoteProtocolError):
                response = await self._http.request(method, path, **extra)
        except self._httpx.TransportError as error:
            raise transport_problem(error, self._place) from error
        return read_answer(response.status_code, response.content, decoder)
