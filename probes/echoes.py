"""Some echo requests to one address, and when each came back."""

import asyncio
import errno
import socket
import time
from collections.abc import Callable
from typing import TypeGuard

from probes.failure import LookError, our_own
from probes.icmp import MSG_ERRQUEUE, Echo, OpenIcmp
from probes.place import Place
from probes.policy import examine
from probes.poller import READ, poller_of
from probes.stamps import ANCILLARY_BYTES, arrival, ask_for_stamps
from probes.stopwatch import Phase

INTERVAL = 0.2
# How long after the last request a reply may come when others came: this, or twice the slowest one.
_LINGER = 1.0
_PACKET_BYTES = 2048
_ERROR_BYTES = 512
# What routers and hosts answer in our request's stead (ICMP errors, by the kernel's names for them).
_UNREACHABLE = frozenset(
    (
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.EHOSTDOWN,
        errno.ECONNREFUSED,
        errno.ENOPROTOOPT,
        errno.ENONET,
        errno.EACCES,
        errno.EPROTO,
    )
)


class Echoes:
    """Used once: ``run``, then ``sent``, ``trips`` (seconds, by request) and ``unreachable``."""

    def __init__(self, place: Place, count: int, open_icmp: OpenIcmp):
        self.sent: list[float] = []
        self.trips: dict[int, float] = {}
        self.unreachable: set[int] = set()
        self.address = place.address
        self._place = place
        self._count = count
        self._open = open_icmp
        self._failure: LookError | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._lingers = False

    async def run(self, deadline: float) -> None:
        """Send, and wait for the replies, at most until ``deadline``. Raises LookError."""
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] = self._loop.create_future()
        self._connect()
        descriptor, poller = self._sock.fileno(), poller_of(self._loop)
        poller.add(descriptor, READ, self._on_ready)
        try:
            self._timers.append(self._loop.call_at(deadline, self._finish))
            self._guard(self._send)
            await self._done
        finally:
            for timer in self._timers:
                timer.cancel()
            poller.drop(descriptor)
            self._sock.close()
        failure, self._failure = self._failure, None
        if failure is not None:
            try:
                raise failure
            finally:
                # Its traceback holds this frame: a cycle for each failed look.
                del failure

    def _connect(self) -> None:
        # An IPv4 address inside an IPv6 one is pinged as what it is.
        address = str(examine(self._place.address).address)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            opened = self._open(family)
        except PermissionError as error:
            raise LookError("ping_not_permitted", seen=str(error)) from None
        except OSError as error:
            raise our_own(error) from None
        self._sock, self._echo = opened.sock, Echo(opened)
        try:
            ask_for_stamps(self._sock)
            self._sock.connect((address, 0))
        except OSError as error:
            self._sock.close()
            raise self._place.lost(error, Phase.CONNECT) from None

    def _guard(self, go: Callable[[], None]) -> None:
        """Go on; what that raises ends the look, never the loop."""
        if self._done.done():
            return
        try:
            go()
            self._settle()
        except LookError as failure:
            self._finish(failure)
        except OSError as error:
            self._finish(self._place.lost(error, Phase.WAIT))
        except Exception as error:  # whatever it is, the look must end with a verdict
            self._finish(our_own(error))

    def _finish(self, failure: LookError | None = None) -> None:
        self._failure = failure
        poller_of(self._loop).drop(self._sock.fileno())
        if not self._done.done():
            self._done.set_result(None)

    def _settle(self) -> None:
        """End when every request has its answer; wait a little longer for the rest when some have."""
        if len(self.sent) < self._count:
            return
        if len(self.trips) + len(self.unreachable) == self._count:
            self._finish()
        elif self.trips and not self._lingers:
            self._lingers = True
            wait = max(_LINGER, 2 * max(self.trips.values()))
            self._timers.append(self._loop.call_later(wait, self._finish))

    def _send(self) -> None:
        number = len(self.sent)
        if number + 1 < self._count:
            self._timers.append(self._loop.call_later(INTERVAL, self._guard, self._send))
        # An error that came for an earlier request would be taken for this one's.
        self._read_errors()
        self.sent.append(time.perf_counter())
        try:
            self._sock.send(self._echo.request(number))
        except OSError as error:
            if error.errno not in _UNREACHABLE:
                raise
            self.unreachable.add(number)

    def _on_ready(self, events: int) -> None:
        self._guard(self._read_errors if events & ~READ else self._read_replies)

    def _read_replies(self) -> None:
        for _ in range(self._count):
            try:
                packet, ancillary, _, _ = self._sock.recvmsg(_PACKET_BYTES, ANCILLARY_BYTES)
            except BlockingIOError:
                return
            now = time.perf_counter()
            number = self._echo.answered(packet)
            if self._awaits(number):
                came = min(now, max(arrival(ancillary, now), self.sent[number]))
                self.trips[number] = came - self.sent[number]
                self.unreachable.discard(number)

    def _read_errors(self) -> None:
        """Take every ICMP error that came, and the socket's own mark of it."""
        self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        while True:
            try:
                quoted, _, _, _ = self._sock.recvmsg(_ERROR_BYTES, _ERROR_BYTES, MSG_ERRQUEUE)
            except BlockingIOError:
                return
            number = self._echo.refused(quoted)
            if self._awaits(number):
                self.unreachable.add(number)

    def _awaits(self, number: int | None) -> TypeGuard[int]:
        return number is not None and number < len(self.sent) and number not in self.trips
