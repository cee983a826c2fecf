"""An HTTP/1 response read from bytes as they come, as leniently as curl and browsers read it.

Bare LF ends a line, folded headers are joined, lines without a colon are passed over, chunked wins over a
length, a length that is no number counts as none, and bytes after a finished message are ignored. What
is kept is bounded, and how the bytes were split makes no difference.
"""

import re

from probes.failure import LookError
from probes.spec import format_size
from probes.text import safe_text

# Of all interim responses and the final one together.
MAX_HEAD_BYTES = 64 * 1024
MAX_FIELDS = 256
# Of chunk sizes, extensions and trailers beyond a quarter of the body: it may not be all framing.
MAX_FRAMING_BYTES = 64 * 1024
_MAX_CHUNK_LINE = 4096
_MAX_FIRST_LINE = 128
# A body that drips would cost far more in objects than in bytes.
_MAX_PIECES = 1024

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))?[ \t]+([1-9]\d\d)(?:[ \t](.*))?", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")

_WITHOUT_BODY = frozenset((101, 204, 304))
_HEAD, _TO_LENGTH, _TO_CLOSE, _SIZE_LINE, _CHUNK, _CHUNK_END, _TRAILERS, _DONE = range(8)


class ResponseReader:
    """Takes bytes with `feed` until it answers True, or `eof` when the peer closed.

    ``limit`` is how many bytes of body are kept; more make ``overflow`` true and end the reading.
    Both methods raise LookError with ``no_response``, ``response_malformed``, ``response_truncated`` or
    ``response_too_large``.
    """

    __slots__ = (
        "_buffer",
        "_chunks",
        "_fields",
        "_framing",
        "_head_bytes",
        "_head_only",
        "_left",
        "_limit",
        "_scanned",
        "_state",
        "codings",
        "content_type",
        "headers",
        "overflow",
        "phrase",
        "status",
        "version",
        "wire_bytes",
    )

    def __init__(self, *, head_only: bool, limit: int):
        self.status = 0
        self.version = ""
        self.phrase = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.content_type = b""
        self.codings: list[str] = []
        self.wire_bytes = 0
        self.overflow = False
        self._head_only = head_only
        self._limit = limit
        self._state = _HEAD
        self._buffer = b""
        self._chunks: list[bytes] = []
        self._left = 0
        self._scanned = 0
        self._fields = 0
        self._framing = 0
        self._head_bytes = 0

    @property
    def body(self) -> bytes:
        """The body so far, without its framing, still in its content coding."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    @property
    def complete(self) -> bool:
        """Whether the whole response was read."""
        return self._state == _DONE and not self.overflow

    def feed(self, data: bytes) -> bool:
        """Take bytes; True when nothing more is wanted."""
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        while self._state == _HEAD and data:
            data = self._take_head(data)
            if self._buffer:
                return False
        if self._state in (_TO_LENGTH, _TO_CLOSE):
            self._take_plain(data)
        elif self._state != _DONE and data:
            self._take_chunked(data)
        return self._state == _DONE

    def eof(self) -> None:
        """The peer closed. Returns when that is a fair end of the response."""
        if self._state == _HEAD:
            if self._buffer:
                self.stalled()
                raise LookError("response_truncated", seen=len(self._buffer))
            raise LookError("no_response")
        if self._state in (_TO_LENGTH, _SIZE_LINE, _CHUNK, _CHUNK_END):
            raise LookError("response_truncated", seen=self.wire_bytes)
        self._state = _DONE

    def stalled(self) -> None:
        """Nothing more came: raises when what did come was no HTTP to begin with."""
        start = self._buffer[:5]
        if self._state == _HEAD and start.upper() != b"HTTP/"[: len(start)]:
            raise _malformed(self._buffer.split(b"\n", 1)[0])

    def _take_head(self, data: bytes) -> bytes:
        """Take one head from the front of ``data`` and return the rest, or keep all of it for later."""
        start = data.lstrip(b"\r\n")
        self._head_bytes += len(data) - len(start)
        end = _END_OF_HEAD.search(start, max(0, self._scanned - 2))
        length = end.end() if end else len(start)
        if self._head_bytes + length > MAX_HEAD_BYTES:
            raise LookError("response_too_large", want=f"{format_size(MAX_HEAD_BYTES)} of headers")
        if end is None:
            self._buffer = start
            self._scanned = len(start)
            if b"\n" in start or len(start) > _MAX_FIRST_LINE:
                self.stalled()
            return b""
        self._head_bytes += length
        self._scanned = 0
        self._read_head(start[: end.start()])
        if self.status < 200 and self.status != 101:
            self.status, self.headers = 0, []
        else:
            self._begin_body()
        return start[length:]

    def _read_head(self, head: bytes) -> None:
        first, *lines = head.split(b"\n")
        match = _STATUS_LINE.fullmatch(first.rstrip(b"\r \t"))
        if match is None:
            raise _malformed(first)
        major, minor, status, phrase = match.groups()
        self.version = (major if minor is None else major + b"." + minor).decode()
        self.status = int(status)
        self.phrase = phrase or b""
        self._fields += len(lines)
        if self._fields > MAX_FIELDS:
            raise LookError("response_too_large", want=f"{MAX_FIELDS} headers")
        headers = self.headers
        for line in lines:
            name, colon, value = line.partition(b":")
            if line[:1] in (b" ", b"\t"):
                if headers:
                    headers[-1] = (headers[-1][0], headers[-1][1] + b" " + line.strip())
            elif colon and (name := name.strip()):
                headers.append((name, value.strip()))

    def _begin_body(self) -> None:
        lengths: list[bytes] = []
        for name, value in self.headers:
            lower = name.lower()
            if lower == b"content-length":
                lengths += [part.strip() for part in value.split(b",")]
            elif lower == b"content-type":
                self.content_type = self.content_type or value
            elif lower == b"content-encoding":
                self.codings += [part.strip().lower() for part in value.decode("latin-1").split(",")]
            elif lower == b"transfer-encoding" and b"chunked" in value.lower():
                self._state = _SIZE_LINE
        if self._head_only or self.status in _WITHOUT_BODY:
            self._state = _DONE
        if self._state != _HEAD:
            return
        numbers = {int(text) for text in lengths if text.isdigit() and len(text) <= 19}
        if len(numbers) > 1:
            raise _malformed(b"Content-Length " + b", ".join(lengths))
        if not numbers:
            self._state = _TO_CLOSE
            return
        self._left = numbers.pop()
        self._state = _TO_LENGTH if self._left else _DONE

    def _take_plain(self, data: bytes) -> None:
        if self._state == _TO_LENGTH:
            data = data[: self._left]
            self._left -= len(data)
            if not self._left:
                self._state = _DONE
        self._keep(data)

    def _keep(self, data: bytes) -> None:
        room = self._limit - self.wire_bytes
        if len(data) > room:
            data = data[:room]
            self.overflow = True
            self._state = _DONE
        if data:
            self._chunks.append(data)
            self.wire_bytes += len(data)
            if len(self._chunks) > _MAX_PIECES:
                self._chunks = [b"".join(self._chunks)]

    def _take_chunked(self, data: bytes) -> None:
        position = 0
        while position < len(data) and self._state != _DONE:
            if self._state == _CHUNK:
                piece = data[position : position + self._left]
                position += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = _CHUNK_END
                self._keep(piece)
                continue
            end = data.find(b"\n", position, position + _MAX_CHUNK_LINE)
            if end < 0:
                if len(data) - position >= _MAX_CHUNK_LINE:
                    raise _malformed(b"a chunk line without end")
                self._buffer = data[position:]
                return
            self._framing += end + 1 - position
            self._take_line(data[position:end].rstrip(b"\r"))
            position = end + 1

    def _take_line(self, line: bytes) -> None:
        if self._framing > MAX_FRAMING_BYTES + self._limit // 4:
            self.overflow = True
            self._state = _DONE
        elif self._state == _TRAILERS:
            if not line:
                self._state = _DONE
        elif self._state == _CHUNK_END:
            if line:
                raise _malformed(b"chunk " + line)
            self._state = _SIZE_LINE
        else:
            match = _CHUNK_SIZE.fullmatch(line)
            if match is None:
                raise _malformed(b"chunk size " + line)
            self._left = int(match[1], 16)
            self._state = _CHUNK if self._left else _TRAILERS


def _malformed(seen: bytes) -> LookError:
    return LookError("response_malformed", seen=safe_text(seen[:_MAX_FIRST_LINE].strip(), 80))
