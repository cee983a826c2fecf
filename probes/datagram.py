"""One query as a datagram, and the datagrams that come back, all under one deadline."""

import asyncio
import socket
import time
from collections.abc import Callable

from probes.failure import LookError, our_own
from probes.place import Place
from probes.poller import READ, poller_of
from probes.stamps import ANCILLARY_BYTES, arrival, ask_for_stamps
from probes.stopwatch import Phase, Stopwatch

_LARGEST = 65_535
# Of a flood, as many are read in one turn of the loop; the rest has to wait like everybody.
_DATAGRAMS_A_TURN = 16


class Datagram:
    """Used once: ``run`` sends ``query`` and returns the first datagram that ``takes`` accepts.

    The socket is a fresh one, so its port is the kernel's random choice, and it is connected, so nothing
    from another address or port gets in. Times go to ``watch``.
    """

    def __init__(self, place: Place, watch: Stopwatch, query: bytes, takes: Callable[[bytes], bool]):
        self._place = place
        self._watch = watch
        self._query = query
        self._takes = takes
        self._answer = b""
        self._failure: LookError | None = None

    async def run(self, deadline: float) -> bytes:
        """Ask. Raises LookError; the socket is closed whatever happens."""
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in self._place.address else socket.AF_INET
        try:
            self._sock = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        except OSError as error:
            raise our_own(error) from None
        descriptor, poller = self._sock.fileno(), poller_of(loop)
        self._done: asyncio.Future[None] = loop.create_future()
        poller.add(descriptor, READ, lambda events: self._step(self._read))
        timer = loop.call_at(deadline, self._step, self._expire)
        try:
            self._step(self._send)
            await self._done
        finally:
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
        return self._answer

    def _step(self, go: Callable[[], None]) -> None:
        """Go one step of the way; what it raises ends the look, never the loop."""
        if self._done.done():
            return
        try:
            go()
        except LookError as failure:
            self._finish(failure)
        except OSError as error:
            # The network refused us: the way there failed, nothing was waited for.
            self._watch.phase = Phase.CONNECT
            self._finish(self._place.lost(error, Phase.CONNECT))
        except Exception as error:  # whatever it is, the look must end with a verdict
            self._finish(our_own(error))

    def _finish(self, failure: LookError | None = None) -> None:
        self._failure = failure
        self._watch.enter(Phase.NONE)
        self._done.set_result(None)

    def _send(self) -> None:
        ask_for_stamps(self._sock)
        self._watch.enter(Phase.WAIT)
        self._sock.connect((self._place.address, self._place.port))
        self._sock.send(self._query)

    def _read(self) -> None:
        for _ in range(_DATAGRAMS_A_TURN):
            try:
                data, ancillary, _, _ = self._sock.recvmsg(_LARGEST, ANCILLARY_BYTES)
            except BlockingIOError:
                return
            now = time.perf_counter()
            self._watch.woke(arrival(ancillary, now), now)
            if self._takes(data):
                self._answer = data
                self._finish()
                return

    def _expire(self) -> None:
        now = time.perf_counter()
        self._watch.woke(now, now)
        raise self._place.timeout(Phase.WAIT)
