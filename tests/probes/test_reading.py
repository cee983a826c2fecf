"""Responses are read as leniently as curl and browsers read them, however their bytes were split."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.failure import LookError
from probes.reader import MAX_FIELDS, MAX_FRAMING_BYTES, MAX_HEAD_BYTES, ResponseReader

LIMIT = 1000
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class Read:
    """Everything a reader tells of some bytes; ``ended`` before the peer closed."""

    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    wire_bytes: int = 0
    complete: bool = False
    ended: bool = False
    reason: str = "ok"
    params: tuple[tuple[str, object], ...] = ()


def read(*pieces: bytes, limit: int = LIMIT, head_only: bool = False) -> Read:
    """Read the pieces one after the other, then the end of the connection."""
    reader = ResponseReader(head_only=head_only, limit=limit)
    seen = Read()
    try:
        for piece in pieces:
            seen.ended = seen.ended or reader.feed(piece)
            if seen.ended:
                break
        if not seen.ended:
            reader.eof()
    except LookError as error:
        seen.reason, seen.params = error.reason, tuple(error.params.items())
    seen.status, seen.headers = reader.status, tuple(reader.headers)
    seen.body, seen.wire_bytes, seen.complete = reader.body, reader.wire_bytes, reader.complete
    return seen


LENIENT = {
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "mixed line ends": b"HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok",
    "blank lines first": b"\r\n\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "chunked beside a length": OK
    + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "length after chunked": OK
    + b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "chunks with bare LF": b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n",
    "chunks in HTTP/1.0": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "chunk extensions": CHUNKED + b'2 ; a=b; c="d"\r\nok\r\n0;x\r\n\r\n',
    "leading zeros": CHUNKED + b"0002\r\nok\r\n000\r\n\r\n",
    "trailers": CHUNKED + b"2\r\nok\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n",
    "closed after the last chunk": CHUNKED + b"2\r\nok\r\n0\r\n",
    "several codings": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "identity": OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok",
    "no reason phrase": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    "several blanks": b"HTTP/1.1  200   OK\r\nContent-Length: 2\r\n\r\nok",
    "lower case": b"http/1.1 200 ok\r\ncontent-length: 2\r\n\r\nok",
    "another minor version": b"HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "claims HTTP/2": b"HTTP/2 200\r\nContent-Length: 2\r\n\r\nok",
    "to the close": OK + b"\r\nok",
    "no headers in HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\nok",
    "blank before the colon": OK + b"Content-Length : 2\r\n\r\nok",
    "a line without colon": OK + b"nonsense\r\nContent-Length: 2\r\n\r\nok",
    "a header without name": OK + b": nothing\r\nContent-Length: 2\r\n\r\nok",
    "strange names": OK + b"X\xc3\xa4[]: y\r\nContent-Length: 2\r\n\r\nok",
    "control characters": OK + b"X: a\x01b\x00c\r\nContent-Length: 2\r\n\r\nok",
    "the same length twice": OK + b"Content-Length: 2\r\nContent-Length: 2, 2\r\n\r\nok",
    "a length that is no number": OK + b"Content-Length: -2\r\n\r\nok",
    "a length beyond measure": OK + b"Content-Length: 99999999999999999999999\r\n\r\nok",
    "bytes after the end": OK + b"Content-Length: 2\r\n\r\nok and then some",
    "bytes after the last chunk": CHUNKED + b"2\r\nok\r\n0\r\n\r\nHTTP/1.1 500 No\r\n\r\n",
    "interim responses": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
    + OK
    + b"Content-Length: 2\r\n\r\nok",
    "a fold in the first header": OK + b" odd: x\r\nContent-Length: 2\r\n\r\nok",
}


@pytest.mark.parametrize("name", LENIENT)
def test_what_curl_and_browsers_read_is_read(name: str) -> None:
    seen = read(LENIENT[name])
    assert (seen.reason, seen.status, seen.body, seen.complete) == ("ok", 200, b"ok", True)


def test_folded_headers_are_joined() -> None:
    seen = read(OK + b"X: a\r\n  b\r\n\tc\r\nY: d\r\nContent-Length: 0\r\n\r\n")
    assert seen.headers[:2] == ((b"X", b"a b c"), (b"Y", b"d"))


def test_headers_of_interim_responses_are_not_those_of_the_answer() -> None:
    seen = read(b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n", OK + b"A: b\r\nContent-Length: 0\r\n\r\n")
    assert seen.headers == ((b"A", b"b"), (b"Content-Length", b"0"))


MALFORMED = {
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2"),
    "html alone": (b"<html>hello</html>", "<html>hello</html>"),
    "a letter for the status": (b"HTTP/1.1 2OO OK\r\n\r\n", "HTTP/1.1 2OO OK"),
    "no blank after the status": (b"HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 200OK"),
    "four digits": (b"HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2000 OK"),
    "status 99": (b"HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 099 OK"),
    "lengths that differ": (OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!", "Content-Length 2, 3"),
    "a chunk size in words": (CHUNKED + b"two\r\nok\r\n", "chunk size two"),
    "a chunk size beyond measure": (CHUNKED + b"1" * 17 + b"\r\n", "chunk size 11111111111111111"),
    "a chunk longer than its size": (CHUNKED + b"2\r\nok!\r\n0\r\n\r\n", "chunk !"),
    "a chunk line without end": (CHUNKED + b"1" * 5000, "a chunk line without end"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_response_is_malformed_and_says_what_was_seen(name: str) -> None:
    data, words = MALFORMED[name]
    seen = read(data)
    assert (seen.reason, seen.params) == ("response_malformed", (("seen", words),))


def test_a_server_that_greets_is_known_at_its_first_line() -> None:
    reader = ResponseReader(head_only=False, limit=LIMIT)
    with pytest.raises(LookError) as error:
        reader.feed(b"220 mail.example ESMTP\r\n")
    assert error.value.reason == "response_malformed"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 103 Early\r\n\r\n", b"\r\n"])
def test_a_close_without_an_answer_is_no_response(start: bytes) -> None:
    assert read(start).reason == "no_response"


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"HTTP/1.1 20", 11),
        (OK + b"A: b\r\n", len(OK) + 6),
        (OK + b"Content-Length: 9\r\n\r\nhalf", 4),
        (CHUNKED + b"9\r\nhalf", 4),
        (CHUNKED + b"4\r\nhalf", 4),
        (CHUNKED + b"4\r\nhalf\r\n", 4),
    ],
)
def test_a_close_in_the_middle_is_truncated(data: bytes, count: int) -> None:
    seen = read(data)
    assert (seen.reason, seen.params) == ("response_truncated", (("seen", count),))


def test_a_body_up_to_the_limit_is_whole_and_one_byte_more_is_not() -> None:
    for frame in (
        OK + b"Content-Length: %d\r\n\r\n%s",
        CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n",
        OK + b"X: %d\r\n\r\n%s",
    ):
        whole = read(frame % (LIMIT, b"x" * LIMIT))
        assert (whole.reason, len(whole.body), whole.complete) == ("ok", LIMIT, True)
        more = read(frame % (LIMIT + 1, b"x" * (LIMIT + 1)))
        assert (more.reason, len(more.body), more.complete, more.ended) == ("ok", LIMIT, False, True)


def test_heads_are_capped_in_bytes_and_in_fields() -> None:
    fill = MAX_HEAD_BYTES - len(OK) - len(b"X: \r\n\r\n")
    assert read(OK + b"X: " + b"a" * fill + b"\r\n\r\n").reason == "ok"
    assert read(OK + b"X: " + b"a" * (fill + 1) + b"\r\n\r\n").reason == "response_too_large"
    assert read(OK + b"A: b\r\n" * MAX_FIELDS + b"\r\n").reason == "ok"
    assert read(OK + b"A: b\r\n" * (MAX_FIELDS + 1) + b"\r\n").reason == "response_too_large"


def test_interim_responses_count_towards_the_cap() -> None:
    interim = b"HTTP/1.1 103 Hints\r\nX: " + b"a" * 30_000 + b"\r\n\r\n"
    assert read(interim * 2 + OK + b"\r\n").reason == "ok"
    assert read(interim * 3 + OK + b"\r\n").reason == "response_too_large"


def test_a_body_that_is_all_framing_ends() -> None:
    seen = read(CHUNKED + b"1;" + b"e" * 1000 + b"\r\nx\r\n", *[b"1;" + b"e" * 1000 + b"\r\nx\r\n"] * 200)
    assert (seen.reason, seen.complete, seen.ended) == ("ok", False, True)
    assert len(seen.body) <= MAX_FRAMING_BYTES // 1000 + 1


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_end_at_their_head(status: int) -> None:
    seen = read(b"HTTP/1.1 %d X\r\nContent-Length: 9\r\n\r\n" % status)
    assert (seen.complete, seen.ended, seen.body) == (True, True, b"")


def test_the_answer_to_head_ends_at_its_head() -> None:
    seen = read(OK + b"Content-Length: 9\r\n\r\n", head_only=True)
    assert (seen.complete, seen.ended) == (True, True)


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


SAMPLES = [
    *LENIENT.values(),
    *(data for data, _ in MALFORMED.values()),
    OK + b"Content-Length: 9\r\n\r\nhalf",
]
FRAGMENTS = st.lists(
    st.sampled_from(
        [b"HTTP/1.1 ", b"200", b" OK", b"\r\n", b"\n", b"\r", b": ", b"Content-Length", b"Transfer-Encoding",
         b"chunked", b"2", b"0", b"ok", b"ffff", b" ", b"\t", b"X", b";", b"\x00", b"\xff", b"103", b"HTTP"]
    ),
    max_size=30,
).map(b"".join)  # fmt: skip


@given(st.one_of(st.sampled_from(SAMPLES), FRAGMENTS, st.binary(max_size=60)), st.lists(st.integers(0, 500)))
def test_any_split_of_the_bytes_gives_the_same(data: bytes, cuts: list[int]) -> None:
    assert read(*split(data, cuts), limit=20) == read(data, limit=20)


@given(st.sampled_from(SAMPLES))
def test_byte_by_byte_gives_the_same(data: bytes) -> None:
    assert read(*(bytes((byte,)) for byte in data)) == read(data)


@given(st.one_of(FRAGMENTS, st.binary(max_size=200)))
def test_nothing_that_is_sent_raises_but_a_verdict(data: bytes) -> None:
    seen = read(data)
    assert len(seen.body) <= LIMIT
    assert seen.reason in (
        "ok", "no_response", "response_malformed", "response_truncated", "response_too_large"
    )  # fmt: skip
