"""Content codings are undone under a cap; what is broken says so."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from probes.decode import decode, text_of
from probes.failure import LookError

LIMIT = 1000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate with wrapper": ("deflate", zlib.compress),
    "deflate without": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
}
coder = pytest.mark.parametrize("name", CODERS)


def encode(name: str, data: bytes) -> tuple[list[str], bytes]:
    coding, compress = CODERS[name]
    return [coding], compress(data)


@coder
@pytest.mark.parametrize("size", [0, 1, 500, LIMIT])
def test_a_coded_body_up_to_the_limit_is_whole(name: str, size: int) -> None:
    codings, data = encode(name, b"x" * size)
    decoded = decode(codings, data, LIMIT, whole=True)
    assert (decoded.body, decoded.complete) == (b"x" * size, True)


@coder
@pytest.mark.parametrize("size", [LIMIT + 1, 10_000_000])
def test_a_larger_one_is_cut_at_the_limit(name: str, size: int) -> None:
    codings, data = encode(name, b"x" * size)
    decoded = decode(codings, data, LIMIT, whole=True)
    assert (decoded.body, decoded.complete) == (b"x" * LIMIT, False)


@coder
def test_one_that_breaks_off_is_malformed(name: str) -> None:
    codings, data = encode(name, bytes(range(256)))
    with pytest.raises(LookError) as error:
        decode(codings, data[:-9], LIMIT, whole=True)
    assert error.value.reason == "response_malformed"
    assert str(error.value.params["seen"]).startswith(codings[0])


@coder
def test_the_beginning_of_one_that_was_not_read_to_its_end_is_kept(name: str) -> None:
    codings, data = encode(name, bytes(range(256)) * 4)
    decoded = decode(codings, data[:-9], LIMIT * 2, whole=False)
    assert not decoded.complete
    assert (bytes(range(256)) * 4).startswith(decoded.body)


@coder
def test_one_that_is_something_else_is_malformed(name: str) -> None:
    with pytest.raises(LookError) as error:
        decode(encode(name, b"")[0], b"<html>not compressed at all</html>", LIMIT, whole=True)
    assert error.value.reason == "response_malformed"


@coder
def test_an_empty_body_is_empty_whatever_it_claims(name: str) -> None:
    assert decode(encode(name, b"")[0], b"", LIMIT, whole=True).body == b""


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_files_that_were_joined_are_read_through(name: str) -> None:
    codings, first = encode(name, b"one ")
    _, second = encode(name, b"two")
    assert decode(codings, first + second, LIMIT, whole=True).body == b"one two"


@pytest.mark.parametrize("name", ["gzip", "deflate with wrapper", "zstd"])
def test_what_follows_the_end_is_ignored(name: str) -> None:
    codings, data = encode(name, b"hello")
    assert decode(codings, data + b"trailing", LIMIT, whole=True).body == b"hello"


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    data = brotli.compress(gzip.compress(b"hello"))
    assert decode(["gzip", "identity", "br"], data, LIMIT, whole=True).body == b"hello"


def test_an_unknown_coding_passes_through_as_it_is() -> None:
    assert decode(["gzip", "nonsense"], b"as it came", LIMIT, whole=True).body == b"as it came"
    assert decode(["compress"], b"as it came", LIMIT, whole=True).complete


@given(st.sampled_from([*dict.fromkeys(coding for coding, _ in CODERS.values())]), st.binary(max_size=300))
def test_any_bytes_are_decoded_or_malformed(coding: str, data: bytes) -> None:
    try:
        decoded = decode([coding], data, 100, whole=True)
    except LookError as error:
        assert error.reason == "response_malformed"
    else:
        assert len(decoded.body) <= 100


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Jalan Sudirman ✓".encode(), b"", "Jalan Sudirman ✓"),
        ("café".encode("latin-1"), b"text/html; charset=ISO-8859-1", "café"),
        ("你好".encode("gb18030"), b'text/html; charset="GB18030"', "你好"),
        ("naïve".encode("utf-16"), b"text/plain", "naïve"),
        (b"\xef\xbb\xbfhello", b"text/plain; charset=latin1", "hello"),
        (b"ab\xff", b"text/plain", "ab\ufffd"),
        (b"plain", b"text/plain; charset=punycode", "plain"),
        (b"plain", b"text/plain; charset=zip", "plain"),
        (b"plain", b"text/plain; charset=iso-8859-99", "plain"),
    ],
)
def test_a_body_is_text_by_its_charset_where_that_is_known(
    body: bytes, content_type: bytes, text: str
) -> None:
    assert text_of(body, content_type) == text
