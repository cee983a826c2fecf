"""Content codings undone under a cap, and a body's bytes as text."""

import io
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import brotli
import zstandard

from probes.failure import LookError
from probes.text import safe_text

# RFC 8878 and RFC 9659: what a decoder on the web must offer, and need not exceed.
_ZSTD_WINDOW = 8 * 1024 * 1024
# Files joined by hand have a few; thousands of empty ones are an attack on our time.
_MAX_MEMBERS = 16
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Python knows codecs that are no charsets, some of them with quadratic cost.
_CHARSETS = re.compile(
    r"utf-?(8|16(le|be)?)|(us-)?ascii|iso-?8859-?\d{1,2}|latin-?1|(windows-?|cp)12\d\d|gb2312|gbk|gb18030|big5"
    r"|shift[_-]?jis|euc-(jp|kr)|koi8-[ru]|tis-620"
)

# What a decoder gives: the bytes, at most one more than the limit, and whether the stream reached its end.
_Plain = tuple[bytes, bool]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body with its codings undone; ``complete`` when that was all of it and no more than the limit."""

    body: bytes
    complete: bool


def decode(codings: Sequence[str], data: bytes, limit: int, *, whole: bool) -> Decoded:
    """Undo ``codings``, given in the order they were applied, keeping at most ``limit`` bytes.

    A coding that is not known ends the undoing. ``whole`` says that ``data`` is all there is: a stream
    that then breaks off is malformed. Raises LookError ``response_malformed``.
    """
    if not data:
        return Decoded(data, whole)
    for coding in reversed(codings):
        if coding in ("", "identity"):
            continue
        decoder = _DECODERS.get(coding)
        if decoder is None:
            break
        try:
            data, ended = decoder(data, limit + 1)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise LookError("response_malformed", seen=safe_text(f"{coding}: {error}", 80)) from None
        if whole and not ended and len(data) <= limit:
            raise LookError("response_malformed", seen=f"{coding}: it breaks off")
        whole = whole and ended
    return Decoded(data[:limit], whole and len(data) <= limit)


def _members(
    data: bytes, most: int, magic: bytes, one: Callable[[bytes, int], tuple[bytes, bool, bytes]]
) -> _Plain:
    """Undo members that follow each other; what follows the last and is no member is ignored."""
    plain = b""
    for _ in range(_MAX_MEMBERS):
        piece, ended, data = one(data, most - len(plain))
        plain += piece
        if not ended or not data.startswith(magic) or len(plain) >= most:
            return plain, ended and not data.startswith(magic)
    return plain, False


def _inflate(data: bytes, most: int, wbits: int) -> tuple[bytes, bool, bytes]:
    stream = zlib.decompressobj(wbits)
    plain = stream.decompress(data, most)
    return plain, stream.eof, stream.unused_data


def _gzip(data: bytes, most: int) -> _Plain:
    return _members(data, most, b"\x1f\x8b", lambda data, most: _inflate(data, most, 16 + zlib.MAX_WBITS))


def _deflate(data: bytes, most: int) -> _Plain:
    try:
        plain, ended, _ = _inflate(data, most, zlib.MAX_WBITS)
    except zlib.error:
        plain, ended, _ = _inflate(data, most, -zlib.MAX_WBITS)
    return plain, ended


def _brotli(data: bytes, most: int) -> _Plain:
    stream = brotli.Decompressor()
    plain = stream.process(data, output_buffer_limit=most)
    while len(plain) < most and not stream.is_finished() and not stream.can_accept_more_data():
        plain += stream.process(b"", output_buffer_limit=most - len(plain))
    return plain, stream.is_finished()


def _zstd_frame(data: bytes, most: int) -> tuple[bytes, bool, bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    plain = decompressor.stream_reader(io.BytesIO(data)).read(most)
    if len(plain) >= most:
        return plain, False, b""
    # The bounded reader does not say whether the frame ended; this does, and now it is known to be small.
    frame = decompressor.decompressobj()
    frame.decompress(data)
    return plain, frame.eof, frame.unused_data


def _zstd(data: bytes, most: int) -> _Plain:
    return _members(data, most, b"\x28\xb5\x2f\xfd", _zstd_frame)


_DECODERS: dict[str, Callable[[bytes, int], _Plain]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def text_of(body: bytes, content_type: bytes) -> str:
    """A body as text, by its charset where that is a known one, else as UTF-8; nothing fails to decode."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    match = _CHARSET.search(content_type) if content_type else None
    charset = match[1].decode("ascii", "replace").lower() if match else "utf-8"
    try:
        return body.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
