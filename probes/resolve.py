"""From a name to addresses, by the system's resolver in threads of its own.

``getaddrinfo`` can not be cancelled and may block for half a minute on a dead name server. So it runs in
a bounded number of daemon threads, which never hold up the end of the process, and a look waits for it
no longer than its deadline.
"""

import asyncio
import functools
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Literal, Protocol

Family = Literal["auto", "4", "6"]
_FAMILIES = {"auto": socket.AF_UNSPEC, "4": socket.AF_INET, "6": socket.AF_INET6}
# More names than this at once are dead only when DNS itself is; then waiting is no loss.
THREADS = 32


@dataclass(frozen=True, slots=True)
class Resolved:
    """Addresses in the order in which the system would try them; ``seconds`` is what the lookup took."""

    addresses: tuple[str, ...]
    seconds: float


class ResolveError(Exception):
    """A name has no answer. ``reason`` is a ``dns_*`` code, or ``busy`` when no thread was free in time."""

    def __init__(self, reason: str, seen: str = "", seconds: float = 0.0):
        super().__init__(seen or reason)
        self.reason = reason
        self.seen = seen
        self.seconds = seconds


class Resolver(Protocol):
    """Resolves a host name that is no literal address; ``deadline`` is on the running loop's clock."""

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved:
        """The addresses of ``host``, at least one. Raises ResolveError."""
        ...


_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class _Lookup:
    """One question on its way; looks that ask the same meanwhile share the answer."""

    __slots__ = ("answer", "family", "host", "started", "waiters")

    def __init__(self, host: str, family: Family):
        self.host = host
        self.family = family
        self.started = False
        self.answer: Resolved | ResolveError | None = None
        self.waiters: list[_Waiter] = []


class SystemResolver:
    """The system's own order and sources (``nsswitch.conf``, ``hosts``, DNS). Usable from any loop."""

    def __init__(self, threads: int = THREADS, getaddrinfo: Callable[..., Any] = socket.getaddrinfo):
        self._getaddrinfo = getaddrinfo
        self._limit = threads
        self._threads = 0
        self._lock = threading.Lock()
        self._queue: SimpleQueue[_Lookup] = SimpleQueue()
        self._underway: dict[tuple[str, Family], _Lookup] = {}

    async def resolve(self, host: str, family: Family, deadline: float) -> Resolved:
        """The addresses of ``host``, at least one. Raises ResolveError."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        waiter: asyncio.Future[None] = loop.create_future()
        lookup = self._ask(host, family, (loop, waiter))
        try:
            async with asyncio.timeout_at(deadline):
                await waiter
        except TimeoutError:
            reason = "dns_timeout" if lookup.started else "busy"
            raise ResolveError(reason, seconds=loop.time() - begun) from None
        answer = lookup.answer
        if isinstance(answer, Resolved):
            return answer
        assert answer is not None, "waiters are woken after the answer is there"
        raise ResolveError(answer.reason, answer.seen, answer.seconds)

    def _ask(self, host: str, family: Family, waiter: _Waiter) -> _Lookup:
        with self._lock:
            lookup = self._underway.get((host, family))
            if lookup is None:
                lookup = self._underway[host, family] = _Lookup(host, family)
                if len(self._underway) > self._threads and self._threads < self._limit:
                    self._threads += 1
                    threading.Thread(target=self._serve, name="resolver", daemon=True).start()
                self._queue.put(lookup)
            lookup.waiters.append(waiter)
            return lookup

    def _serve(self) -> None:
        while True:
            lookup = self._queue.get()
            lookup.started = True
            lookup.answer = self._look_up(lookup.host, lookup.family)
            with self._lock:
                del self._underway[lookup.host, lookup.family]
            for waiter in lookup.waiters:
                _wake(*waiter)

    def _look_up(self, host: str, family: Family) -> Resolved | ResolveError:
        begun = time.perf_counter()
        try:
            found = self._getaddrinfo(
                host.encode("ascii"), None, family=_FAMILIES[family], type=socket.SOCK_STREAM
            )
        except socket.gaierror as error:
            return ResolveError(_reason(error.errno), error.strerror or "", time.perf_counter() - begun)
        except Exception as error:  # the thread outlives whatever a lookup raises
            return ResolveError("dns_failed", str(error), time.perf_counter() - begun)
        addresses = tuple(dict.fromkeys(sockaddr[0] for *_, sockaddr in found))
        seconds = time.perf_counter() - begun
        return Resolved(addresses, seconds) if addresses else ResolveError("dns_no_address", "", seconds)


def _reason(errno: int | None) -> str:
    if errno == socket.EAI_NONAME:
        return "dns_nxdomain"
    if errno in (socket.EAI_NODATA, socket.EAI_ADDRFAMILY):
        return "dns_no_address"
    return "dns_failed"


def _wake(loop: asyncio.AbstractEventLoop, waiter: asyncio.Future[None]) -> None:
    def answered() -> None:
        if not waiter.done():
            waiter.set_result(None)

    try:
        loop.call_soon_threadsafe(answered)
    except RuntimeError:
        pass  # the loop that asked has ended


@functools.cache
def shared_resolver() -> SystemResolver:
    """The resolver of this process."""
    return SystemResolver()
