"""The bytes of a connection, in the clear or through TLS.

TLS runs over memory buffers rather than through asyncio's own: every connection may then present
another certificate, and a handshake costs less.
"""

import asyncio
import ssl
from typing import Protocol

_READ_BYTES = 65536


class Channel(Protocol):
    """The bytes of a connection, with whatever lies between them and the wire."""

    def receive(self, data: bytes) -> bytes:
        """What the peer said in ``data``. Raises ssl.SSLError when it can not be understood."""
        ...

    def send(self, data: bytes) -> None:
        """Say something."""
        ...

    def finish(self) -> None:
        """Say that nothing more will come, and close."""
        ...


class PlainChannel:
    """Nothing lies between."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def receive(self, data: bytes) -> bytes:
        """The data as it came."""
        return data

    def send(self, data: bytes) -> None:
        """The data as it is."""
        self._transport.write(data)

    def finish(self) -> None:
        """Close once everything is sent."""
        self._transport.close()


class TlsChannel:
    """TLS, the server's side."""

    def __init__(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        self._transport = transport
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._ready = False

    def receive(self, data: bytes) -> bytes:
        """What the peer said; its handshake is answered on the way."""
        self._incoming.write(data)
        said = bytearray()
        try:
            if not self._ready:
                self._tls.do_handshake()
                self._ready = True
            while chunk := self._tls.read(_READ_BYTES):
                said += chunk
        except ssl.SSLWantReadError:
            pass
        finally:
            self._flush()
        return bytes(said)

    def send(self, data: bytes) -> None:
        """The data, encrypted."""
        self._tls.write(data)
        self._flush()

    def finish(self) -> None:
        """Tell the peer that the stream is whole, then close without waiting for the same from it."""
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            pass
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self._transport.write(data)
