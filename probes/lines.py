"""Lines of a foreign text as it comes, bounded."""

from probes.text import safe_text

# No greeting of a sane server comes near; what drips or floods ends here.
STEP_BYTES = 64 * 1024
STEP_LINES = 1000
_SHOWN_LINES, _SHOWN_CHARACTERS = 4, 100
_BETWEEN = " | "


class Lines:
    """Fed with bytes, read line by line; the bounds hold from one `begin` to the next."""

    __slots__ = ("_buffer", "_closed", "_count", "_read", "_scanned", "_shown")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._closed = False
        self.begin()

    def begin(self) -> None:
        """Count and remember from here on; what is not read yet stays."""
        self._read = self._count = 0
        self._shown: list[str] = []

    def feed(self, data: bytes) -> None:
        """Take bytes, as many as there is room for."""
        self._buffer += data[: max(0, STEP_BYTES - len(self._buffer))]

    def close(self) -> None:
        """No more will come: what is left is a line too."""
        self._closed = True

    @property
    def full(self) -> bool:
        """Whether a bound is reached."""
        return self._count >= STEP_LINES or self._read + len(self._buffer) >= STEP_BYTES

    @property
    def unread(self) -> bytes:
        """What came and is not read yet."""
        return bytes(self._buffer)

    def next(self) -> str | None:
        """The next line without its ending; None when there is no whole one, or too many came."""
        if self._count >= STEP_LINES:
            return None
        end = self._buffer.find(b"\n", self._scanned)
        if end < 0:
            self._scanned = len(self._buffer)
            if not self._closed or not self._buffer:
                return None
            end = len(self._buffer)
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        self._scanned = 0
        self._read += end + 1
        self._count += 1
        if len(self._shown) < _SHOWN_LINES:
            self._shown.append(safe_text(line, _SHOWN_CHARACTERS))
        return line.decode("utf-8", "replace")

    @property
    def heard(self) -> bool:
        """Whether anything came since `begin`."""
        return bool(self._count or self._buffer)

    def seen(self) -> str:
        """The first lines since `begin`, an unfinished one included, safe to show, without blank ones."""
        shown = [*self._shown, safe_text(bytes(self._buffer), _SHOWN_CHARACTERS)]
        return _BETWEEN.join(filter(None, shown[:_SHOWN_LINES]))
