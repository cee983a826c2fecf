"""DNS over a stream (RFC 1035, section 4.2.2): every message behind two bytes that tell its length."""

from probes.dns_message import Sieve, malformed
from probes.failure import LookError

_LENGTH_BYTES = 2
# Nobody but the server itself can put a message on this stream, so there is no right one to wait for.
MAX_STRAYS = 100


def framed(message: bytes) -> bytes:
    """A message as it goes on a stream."""
    return len(message).to_bytes(_LENGTH_BYTES, "big") + message


class StreamReader:
    """Fed with a stream until the answer that ``sieve`` lets pass is whole; then it is ``answer``."""

    __slots__ = ("_buffer", "_sieve", "answer")

    def __init__(self, sieve: Sieve):
        self.answer = b""
        self._sieve = sieve
        self._buffer = bytearray()

    def feed(self, data: bytes) -> bool:
        """Take bytes; True when the answer is there."""
        self._buffer += data
        while (message := self._next()) is not None:
            if self._sieve.takes(message):
                self.answer = message
                return True
            if self._sieve.ignored.total() > MAX_STRAYS:
                raise malformed(f"{MAX_STRAYS} messages that answer another question")
        return False

    def eof(self) -> None:
        """The peer closed, and the answer is not there."""
        if self._buffer:
            raise LookError("response_truncated", seen=len(self._buffer))
        raise LookError("no_response")

    def stalled(self) -> None:
        """Nothing more came; what did come is not held against it."""

    def _next(self) -> bytes | None:
        end = _LENGTH_BYTES + int.from_bytes(self._buffer[:_LENGTH_BYTES], "big")
        if len(self._buffer) < end or len(self._buffer) < _LENGTH_BYTES:
            return None
        message = bytes(self._buffer[_LENGTH_BYTES:end])
        del self._buffer[:end]
        return message
