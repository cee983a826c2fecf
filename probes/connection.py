"""One fresh connection on a raw socket: connect, perhaps TLS, send, read, all under one deadline.

There is no transport and no stream: the event loop's callbacks drive the socket and OpenSSL directly,
which costs a fraction of them and lets each phase be timed where it happens.
"""

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Callable
from typing import Protocol

from probes.certificates import Certificates
from probes.failure import LookError, our_own
from probes.place import Place
from probes.poller import READ, WRITE, poller_of
from probes.stamps import ANCILLARY_BYTES, arrival, ask_for_stamps, connect_seconds
from probes.stopwatch import Phase, Stopwatch
from probes.tls_session import TlsSession

_RECEIVE_BYTES = 32 * 1024


class Reader(Protocol):
    """Takes what comes. Each method raises LookError where that ends the look."""

    def feed(self, data: bytes) -> bool:
        """Take bytes; True when nothing more is wanted."""
        ...

    def eof(self) -> None:
        """The peer closed. Returns when that is a fair end."""
        ...

    def stalled(self) -> None:
        """The time is over; raises when that is not what is wrong."""
        ...


class Connection:
    """Used once: ``run``, then ``certificates`` and whatever the reader holds.

    Without ``reader`` it ends when the connection stands. ``tls`` is a context and the name the
    certificate must be for. Times go to ``watch``.
    """

    def __init__(
        self,
        place: Place,
        watch: Stopwatch,
        tls: tuple[ssl.SSLContext, str] | None,
        request: bytes = b"",
        reader: Reader | None = None,
    ):
        self.certificates: Certificates | None = None
        self._place = place
        self._watch = watch
        self._wrap = tls
        self._request = request
        self._reader = reader
        self._tls: TlsSession | None = None
        self._failure: LookError | None = None
        self._unsent: memoryview | bytes = b""
        self._send_failed = False
        self._events = 0

    async def run(self, deadline: float) -> None:
        """Do it. Raises LookError; the socket is closed whatever happens."""
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in self._place.address else socket.AF_INET
        try:
            self._sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        except OSError as error:
            raise our_own(error) from None
        self._fd = self._sock.fileno()
        self._poller = poller_of(loop)
        self._done: asyncio.Future[None] = loop.create_future()
        timer = loop.call_at(deadline, self._step, self._expire)
        try:
            self._step(self._connect)
            await self._done
            if self._tls is not None:
                self.certificates = self._tls.certificates()
        finally:
            timer.cancel()
            self._poller.drop(self._fd)
            self._sock.close()
            self._tls = self._reader = None
        failure, self._failure = self._failure, None
        if failure is not None:
            try:
                raise failure
            finally:
                # Its traceback holds this frame: a cycle for each failed look.
                del failure

    def _step(self, go: Callable[..., None], *args: int) -> None:
        """Go one step of the way; what it raises ends the connection, never the loop."""
        if self._done.done():
            return
        try:
            go(*args)
        except LookError as failure:
            self._finish(failure)
        except OSError as error:
            self._finish(self._place.lost(error, self._watch.phase))
        except Exception as error:  # whatever it is, the look must end with a verdict
            self._finish(our_own(error))

    def _on_ready(self, events: int) -> None:
        self._step(self._go_on, events)

    def _go_on(self, events: int) -> None:
        if self._watch.phase is Phase.CONNECT:
            self._connected()
            return
        if events & ~WRITE:
            self._readable()
        if events & WRITE and not self._done.done():
            self._writable()

    def _await(self, events: int) -> None:
        """Wait for ``events``; the socket is watched from the first time on."""
        if not self._events:
            self._poller.add(self._fd, events, self._on_ready)
        elif events != self._events:
            self._poller.change(self._fd, events)
        self._events = events

    def _finish(self, failure: LookError | None = None) -> None:
        self._failure = failure
        self._watch.enter(Phase.NONE)
        self._poller.drop(self._fd)
        if not self._done.done():
            self._done.set_result(None)

    def _expire(self) -> None:
        now = time.perf_counter()
        self._watch.woke(now, now)
        if self._reader is not None:
            self._reader.stalled()
        raise self._place.timeout(self._watch.phase)

    def _connect(self) -> None:
        ask_for_stamps(self._sock)
        self._watch.enter(Phase.CONNECT)
        code = self._sock.connect_ex((self._place.address, self._place.port))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, errno.errorcode.get(code, "connect"))
        self._await(WRITE)

    def _connected(self) -> None:
        watch, now = self._watch, time.perf_counter()
        code = self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            watch.woke(now, now)
            raise OSError(code, errno.errorcode.get(code, "connect"))
        watch.woke(watch.since + connect_seconds(self._sock, now - watch.since), now)
        self._await(READ)
        if self._wrap is None:
            self._established()
            return
        watch.enter(Phase.TLS)
        self._tls = TlsSession(*self._wrap)
        self._shake_hands(self._tls)

    def _shake_hands(self, tls: TlsSession) -> None:
        try:
            done = tls.shake_hands()
        except LookError:
            self._send(tls.outgoing.read())
            raise
        if done:
            self._established()
        else:
            self._send(tls.outgoing.read())

    def _established(self) -> None:
        if self._reader is not None:
            self._watch.enter(Phase.SEND)
        if self._tls is None:
            self._send(self._request)
        else:
            self._tls.write(self._request)
            self._send(self._tls.outgoing.read())
        if self._reader is None:
            self._finish()
        elif not self._unsent:
            self._watch.enter(Phase.WAIT)

    def _send(self, data: memoryview | bytes) -> None:
        """Send what the kernel takes now, keep the rest for `_writable`. A lost peer shows when reading."""
        if self._unsent or not data:
            self._unsent = bytes(self._unsent) + data
            return
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except (BrokenPipeError, ConnectionResetError):
            self._send_failed = True
            return
        if sent < len(data):
            self._unsent = memoryview(data)[sent:]
            self._await(READ | WRITE)

    def _writable(self) -> None:
        now = time.perf_counter()
        self._watch.woke(now, now)
        data, self._unsent = self._unsent, b""
        self._await(READ)
        self._send(data)
        if not self._unsent and self._watch.phase is Phase.SEND:
            self._watch.enter(Phase.WAIT)

    def _readable(self) -> None:
        try:
            data, ancillary, _, _ = self._sock.recvmsg(_RECEIVE_BYTES, ANCILLARY_BYTES)
        except BlockingIOError:
            return
        now = time.perf_counter()
        self._watch.woke(arrival(ancillary, now), now)
        if not data:
            self._closed()
        elif self._tls is None:
            self._deliver(data)
        else:
            self._tls.take(data)
            self._read_tls(self._tls)

    def _read_tls(self, tls: TlsSession) -> None:
        if self._watch.phase is Phase.TLS:
            self._shake_hands(tls)
            if self._watch.phase is Phase.TLS:
                return
        while not self._done.done():
            data = tls.read()
            if data is None:
                self._send(tls.outgoing.read())
                return
            if not data:
                self._closed()
                return
            self._deliver(data)

    def _deliver(self, data: bytes) -> None:
        if self._watch.phase is not Phase.RECEIVE:
            self._watch.enter(Phase.RECEIVE)
        if self._reader is not None and self._reader.feed(data):
            self._finish()

    def _closed(self) -> None:
        if self._watch.phase is Phase.TLS:
            raise LookError("tls_failed", seen="connection closed")
        if self._send_failed and self._watch.phase is not Phase.RECEIVE:
            raise LookError("connection_reset", address=self._place.address)
        if self._reader is not None:
            self._reader.eof()
        self._finish()
