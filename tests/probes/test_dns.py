"""Name servers, good and bad: what is asked, what counts as the answer, and what is made of it."""

import asyncio
import itertools
import time
from typing import Any

import dns.flags
import dns.message
import dns.rdata
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.dns_message import Sieve, question, read
from probes.dns_stream import MAX_STRAYS, StreamReader
from probes.failure import LookError
from probes.observation import Observation, Verdict
from tests.fakes.dns_server import (
    NAME,
    RECORD,
    TCP,
    UDP,
    DnsServer,
    Stranger,
    Udp,
    answered,
    built,
    framed,
    healthy,
    raw_record,
    truncated,
    with_another_id,
)
from tests.fakes.looking import look

BRIEF = "600ms"


async def ask(udp: Udp, **keys: Any) -> Observation:
    async with DnsServer(udp) as server:
        return await look("dns", server=server.server, **{"name": NAME, "timeout": "20s", **keys})


async def test_an_answer_is_told_whole() -> None:
    async with DnsServer(healthy) as server:
        seen = await look("dns", server=server.server, name=NAME, answer_must_match=[r" A 127\.20\.2\.59$"])
    assert (seen.kind, seen.verdict, seen.reason) == ("dns", Verdict.UP, "ok")
    assert seen.target == f"dns://127.0.0.1:{server.port}/{NAME}?type=A"
    assert (seen.address, seen.port) == ("127.0.0.1", server.port)
    assert seen.dns is not None
    assert (seen.dns.rcode, seen.dns.authoritative, seen.dns.recursion_available) == ("NOERROR", False, True)
    assert (seen.dns.transport, seen.dns.truncated) == ("udp", False)
    assert (seen.dns.records, seen.dns.answers, seen.excerpt) == (1, (RECORD,), RECORD)
    assert [(one.expr, one.seen, one.ok) for one in seen.expectations] == [
        ("rcode", "NOERROR", True),
        (r"answer =~ A 127\.20\.2\.59$", RECORD, True),
    ]
    assert seen.phases_ms.wait > 0
    assert seen.phases_ms.connect == seen.phases_ms.receive == 0
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Observation) == seen


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_what_is_asked_is_the_plainest_question(transport: str) -> None:
    async with DnsServer(healthy) as server:
        for recursion in (True, False):
            keys = {"name": "Portal.Kota.Example.", "type": "mx", "recursion": recursion}
            await look("dns", server=server.server, transport=transport, **keys)
    for query, flags in zip(server.asked, (dns.flags.RD, 0), strict=True):
        parsed = dns.message.from_wire(query)
        assert [one.to_text() for one in parsed.question] == ["Portal.Kota.Example. IN MX"]
        assert (parsed.flags, parsed.edns, parsed.additional) == (flags, -1, [])
    assert server.over == [transport] * 2


async def test_no_two_looks_have_the_same_id_and_port() -> None:
    async with DnsServer(healthy) as server:
        for _ in range(12):
            await look("dns", server=server.server, name=NAME)
    assert len({query[:2] for query in server.asked}) >= 11
    assert len(set(server.sources)) >= 11


async def test_over_tcp_every_phase_is_timed() -> None:
    async with DnsServer(healthy) as server:
        seen = await look("dns", server=server.server, name=NAME, transport="tcp")
    assert (seen.reason, seen.dns and seen.dns.transport) == ("ok", "tcp")
    assert min(seen.phases_ms.connect, seen.phases_ms.send, seen.phases_ms.wait) > 0


async def test_a_server_may_have_an_ipv6_address_or_a_name() -> None:
    async with DnsServer(healthy, address="::1") as server:
        seen = await look("dns", server=server.server, name=NAME)
        assert (seen.reason, seen.address) == ("ok", "::1")
    async with DnsServer(healthy) as server:
        seen = await look("dns", server=f"localhost:{server.port}", name=NAME, ip_family="4")
        assert seen.reason == "ok"
        assert seen.phases_ms.resolve > 0


async def test_an_answer_that_does_not_fit_is_asked_for_again_over_tcp() -> None:
    ways = iter((truncated, healthy))
    async with DnsServer(lambda query: next(ways)(query)) as server:
        seen = await look("dns", server=server.server, name=NAME)
    assert server.over == ["udp", "tcp"]
    assert seen.reason == "ok"
    assert seen.dns is not None
    assert (seen.dns.transport, seen.dns.truncated, seen.dns.answers) == ("tcp", True, (RECORD,))
    assert min(seen.phases_ms.connect, seen.phases_ms.wait) > 0


async def test_a_server_that_is_silent_over_tcp_ends_by_the_one_deadline_and_says_so() -> None:
    async with DnsServer(truncated, TCP["hangs"]) as server:
        seen = await look("dns", server=server.server, name=NAME, timeout=BRIEF)
    assert (seen.reason, seen.params["want"]) == ("response_timeout", BRIEF)
    assert seen.dns is not None
    assert (seen.dns.rcode, seen.dns.transport, seen.dns.truncated) == ("", "tcp", True)


# Which reason each behaviour is, and which keys bring it out.
EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    "healthy": ("ok", {}),
    "silent": ("response_timeout", {"timeout": BRIEF}),
    "another id": ("response_timeout", {"timeout": BRIEF}),
    "another question": ("response_timeout", {"timeout": BRIEF}),
    "the query itself": ("response_timeout", {"timeout": BRIEF}),
    "strays, then the answer": ("ok", {}),
    "servfail": ("dns_rcode", {}),
    "servfail without question": ("dns_rcode", {}),
    "refused": ("dns_rcode", {}),
    "nxdomain": ("dns_rcode", {}),
    "empty": ("dns_no_answer", {}),
    "cname only": ("dns_unexpected", {"answer_must_match": [r" A 127\.20\.2\.59$"]}),
    "escapes": ("ok", {"type": "TXT"}),
    "large txt": ("ok", {"type": "TXT", "answer_must_match": ["x{200}"]}),
    "huge txt": ("response_too_large", {"type": "TXT"}),
    "many records": ("ok", {}),
    "pointer to itself": ("dns_malformed", {}),
    "pointers in a circle": ("dns_malformed", {}),
    "name bomb": ("response_too_large", {}),
    "chain bomb": ("response_too_large", {}),
    "bitmap bomb": ("response_too_large", {}),
    "small bitmaps": ("response_too_large", {}),
    "odd types": ("ok", {}),
    "lying counts": ("dns_malformed", {}),
    "short address": ("dns_malformed", {}),
    "header alone": ("dns_malformed", {}),
    "garbage": ("dns_malformed", {}),
    "trailing bytes": ("ok", {}),
}


def test_every_behaviour_has_an_expectation() -> None:
    assert set(UDP) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_name_server_gets_its_reason_by_the_deadline(name: str) -> None:
    reason, keys = EXPECTED[name]
    seen = await ask(UDP[name], **keys)
    assert seen.reason == reason, seen
    assert seen.verdict is (Verdict.UP if reason == "ok" else Verdict.DOWN)
    assert all(
        text.isprintable() for text in (seen.detail, seen.excerpt, *(one.seen for one in seen.expectations))
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("length too large", "deadline"),
        ("length too large, closed", "response_truncated"),
        ("length too small", "dns_malformed"),
        ("drips", "deadline"),
        ("closes", "no_response"),
        ("floods", "dns_malformed"),
        ("in pieces", "ok"),
        ("hangs", "response_timeout"),
    ],
)
async def test_a_stream_gets_its_reason_by_the_deadline(name: str, reason: str) -> None:
    timeout = BRIEF if reason in ("deadline", "response_timeout") else "20s"
    async with DnsServer(healthy, TCP[name]) as server:
        seen = await look("dns", server=server.server, name=NAME, transport="tcp", timeout=timeout)
    assert seen.reason == reason, seen
    assert seen.detail.isprintable()


async def test_an_answer_from_another_port_is_never_seen() -> None:
    async with Stranger(lambda query: []) as server:
        seen = await look("dns", server=server.server, name=NAME, timeout=BRIEF)
    assert (seen.reason, seen.dns, seen.expectations) == ("response_timeout", None, ())
    async with Stranger(healthy) as server:
        seen = await look("dns", server=server.server, name=NAME)
    assert seen.dns is not None
    assert seen.dns.answers == (RECORD,)


async def test_what_was_passed_over_is_told() -> None:
    seen = await ask(UDP["another id"], timeout=BRIEF)
    (told,) = seen.expectations
    assert (told.expr, told.seen, told.ok) == (
        "an answer to our question",
        "ignored: 1 with another id",
        False,
    )
    seen = await ask(UDP["strays, then the answer"])
    told = seen.expectations[0]
    assert told.ok
    assert told.seen == "ignored: 2 with another id, 1 with another question, 1 with no answer"


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("name bomb", "20000 labels"),
        ("chain bomb", "10000 pointers"),
        ("bitmap bomb", "512 bytes a record"),
        ("small bitmaps", "262144 characters"),
        ("huge txt", "16384 bytes a record"),
    ],
)
async def test_what_unfolds_beyond_a_bound_is_read_no_further(name: str, bound: str) -> None:
    assert (await ask(UDP[name])).params == {"want": bound}


async def test_types_that_nobody_knows_leave_no_trace_in_the_library() -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    body = b"".join(raw_record(kind, b"\x01\x02") for kind in range(40_000, 40_050))
    before = len(dns.rdata._rdata_classes)
    assert len((await read(built(sieve.query, 50, body))).records["answer"]) == 50
    assert len(dns.rdata._rdata_classes) == before


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_closed_port_refuses_over_either_transport(transport: str) -> None:
    seen = await look("dns", server="127.0.0.1:1", name=NAME, transport=transport)
    assert (seen.verdict, seen.reason, seen.params) == (
        Verdict.DOWN,
        "connect_refused",
        {"address": "127.0.0.1"},
    )
    assert (seen.address, seen.port, seen.phases_ms.wait) == ("127.0.0.1", 1, 0)


@pytest.mark.parametrize(
    "server", ["169.254.169.254", "0.0.0.0:53", "224.0.0.251:5353", "[::ffff:169.254.1.1]:53"]
)
async def test_a_denied_address_is_our_own_mistake_and_nothing_is_sent(server: str) -> None:
    seen = await look("dns", server=server, name=NAME)
    assert (seen.verdict, seen.reason, seen.address) == (Verdict.UNKNOWN, "address_denied", "")


@pytest.mark.parametrize(
    ("name", "rcode"),
    [
        ("servfail", "SERVFAIL"),
        ("refused", "REFUSED"),
        ("nxdomain", "NXDOMAIN"),
        ("servfail without question", "SERVFAIL"),
    ],
)
async def test_a_response_code_that_is_not_wanted_is_named(name: str, rcode: str) -> None:
    seen = await ask(UDP[name])
    assert seen.params == {"seen": rcode, "want": "NOERROR"}
    assert (await ask(UDP[name], rcodes=["noerror", rcode.lower()])).reason == "ok"


async def test_an_empty_answer_passes_where_it_may_be_empty() -> None:
    assert (await ask(UDP["empty"], allow_empty=True)).reason == "ok"
    seen = await ask(UDP["empty"], allow_empty=True, answer_must_match=["A"])
    assert (seen.reason, seen.params["seen"]) == ("dns_unexpected", "-")


TWO = (f"{NAME}. 300 IN A 127.20.2.59", f"{NAME}. 300 IN A 127.20.2.60")
SOA = "kota.example. 60 IN SOA ns1.kota.example. hostmaster.kota.example. 7 7200 900 1209600 300"
GLUE = "ns1.kota.example. 60 IN A 127.20.0.53"


def full(query: bytes) -> list[bytes]:
    return [answered(query, *TWO, authority=(SOA,), additional=(GLUE,))]


@pytest.mark.parametrize(
    "keys",
    [
        {"answer_must_match": [r"^portal\.kota\.example\. 300 IN A 127\.20\.2\.59$", r"\.60$"]},
        {"answer_must_not_match": [r"127\.66\."]},
        {"authority_must_match": [" SOA .* 7 7200 "], "authority_must_not_match": ["evil"]},
        {"additional_must_match": [r"^ns1\."], "additional_must_not_match": ["AAAA"]},
    ],
)
async def test_patterns_are_searched_in_each_record_as_a_zone_file_writes_it(keys: dict[str, Any]) -> None:
    assert (await ask(full, **keys)).reason == "ok"


@pytest.mark.parametrize(
    ("keys", "want", "seen"),
    [
        ({"answer_must_match": [r"\.59$", "nowhere"]}, "answer =~ nowhere", " | ".join(TWO)),
        ({"answer_must_not_match": [r"\.60$"]}, r"answer !~ \.60$", TWO[1]),
        ({"authority_must_match": [" NS "]}, "authority =~ NS ", SOA),
        ({"authority_must_not_match": ["SOA"]}, "authority !~ SOA", SOA),
        ({"additional_must_match": ["AAAA"]}, "additional =~ AAAA", GLUE),
        ({"additional_must_not_match": ["127"]}, "additional !~ 127", GLUE),
    ],
)
async def test_a_pattern_that_fails_tells_what_was_seen(keys: dict[str, Any], want: str, seen: str) -> None:
    observation = await ask(full, **keys)
    section, _, rule = want.partition(" ")
    told = {"name": section, "want": rule, "seen": seen}
    assert (observation.reason, observation.params) == ("dns_unexpected", told)
    failed = [(one.expr, one.seen) for one in observation.expectations if not one.ok]
    assert failed == [(want, seen)]


async def test_a_slow_answer_is_degraded() -> None:
    async def late(query: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        await TCP["in pieces"](query, writer)

    async with DnsServer(healthy, late) as server:
        keys = {"name": NAME, "transport": "tcp", "slow_over": "100ms"}
        seen = await look("dns", server=server.server, **keys)
    assert (seen.verdict, seen.reason) == (Verdict.DEGRADED, "slow")


async def test_escape_sequences_in_a_record_come_out_as_a_zone_file_escapes_them() -> None:
    seen = await ask(UDP["escapes"], type="TXT", answer_must_match=[r"\\027\]0;owned"])
    assert seen.dns is not None
    assert seen.dns.answers == (NAME + r'. 60 IN TXT "\027]0;owned\007\1551"',)


async def test_many_records_are_counted_and_the_first_ones_told() -> None:
    seen = await ask(UDP["many records"])
    assert seen.dns is not None
    assert (seen.dns.records, len(seen.dns.answers)) == (3700, 10)
    assert len(seen.excerpt) == 300


async def test_an_unknown_type_of_record_is_told_by_its_bytes() -> None:
    seen = await ask(UDP["odd types"])
    assert seen.dns is not None
    assert seen.dns.answers[0] == rf"{NAME}. 60 IN TYPE1000 \# 2 0102"


@pytest.mark.parametrize(
    "name", ["name bomb", "chain bomb", "bitmap bomb", "small bitmaps", "many records", "odd types"]
)
async def test_a_bomb_costs_little(name: str) -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    (message,) = UDP[name](sieve.query)
    begun = time.thread_time()
    try:
        await read(message)
    except LookError:
        pass
    # What the worst of them takes when nothing is bounded is many seconds.
    assert time.thread_time() - begun < 2


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300), head=st.binary(min_size=10, max_size=10), own=st.booleans())
def test_whatever_bytes_come_they_are_read_refused_or_passed_over(
    body: bytes, head: bytes, own: bool
) -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    message = (sieve.query[:2] + b"\x81\x80" + head[2:] if own else head) + body
    assert asyncio.run(outcome(sieve, message)) in {"", "ok", "dns_malformed", "response_too_large"}


async def test_many_large_answers_at_once_are_read_no_longer_than_the_deadline() -> None:
    async with DnsServer(UDP["many records"]) as server:
        keys = {"server": server.server, "name": NAME, "transport": "tcp", "timeout": BRIEF, "retry": BRIEF}
        # Each alone is in time; together they are seconds of work.
        seen = await asyncio.gather(*(look("dns", **keys) for _ in range(60)))
    reasons = {one.reason for one in seen}
    assert "deadline" in reasons
    assert reasons <= {"ok", "deadline", "response_timeout"}


def test_of_several_questions_none_is_read() -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    with pytest.raises(LookError) as found:
        sieve.takes(sieve.query[:2] + b"\x81\x80\x23\x28" + bytes(6))
    assert found.value.params["seen"] == "9000 questions"


def test_a_stream_of_answers_to_other_questions_comes_to_an_end() -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    stray = framed(with_another_id(healthy(sieve.query)[0]))
    reader = StreamReader(sieve)
    assert not reader.feed(stray * MAX_STRAYS)
    with pytest.raises(LookError, match="dns_malformed"):
        reader.feed(stray + framed(healthy(sieve.query)[0]))


@settings(max_examples=300, deadline=None)
@given(kind=st.integers(0, 300), data=st.binary(max_size=120), counts=st.tuples(*[st.integers(0, 3)] * 3))
def test_whatever_a_record_holds_it_is_read_or_refused(
    kind: int, data: bytes, counts: tuple[int, ...]
) -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    head = sieve.query[:2] + b"\x81\x80\x00\x01" + b"".join(count.to_bytes(2, "big") for count in counts)
    record = b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\7" + len(data).to_bytes(2, "big") + data
    message = head + sieve.query[12:] + record * sum(counts)
    assert asyncio.run(outcome(sieve, message)) in {"ok", "dns_malformed", "response_too_large"}


async def outcome(sieve: Sieve, message: bytes) -> str:
    try:
        if not sieve.takes(message):
            return ""
        for text in itertools.chain(*(await read(message)).records.values()):
            assert text.isprintable(), ascii(text)
    except LookError as error:
        return error.reason
    return "ok"


@settings(max_examples=100, deadline=None)
@given(cuts=st.lists(st.integers(1, 30), max_size=8), strays=st.integers(0, 3))
def test_a_stream_is_read_however_it_was_split(cuts: list[int], strays: int) -> None:
    sieve = Sieve(question(NAME, "A", recursion=True))
    message = healthy(sieve.query)[0]
    stream = b"".join(
        len(one).to_bytes(2, "big") + one for one in [*[with_another_id(message)] * strays, message]
    )
    reader, done, rest = StreamReader(sieve), False, stream
    for cut in [*cuts, len(stream)]:
        piece, rest = rest[:cut], rest[cut:]
        done = done or reader.feed(piece)
    assert done
    assert reader.answer == message
    assert sieve.ignored.total() == strays


async def test_a_random_answer_is_never_our_own_trouble() -> None:
    """The whole look, over the wire."""
    number = itertools.count()

    def noise(query: bytes) -> list[bytes]:
        made = next(number)
        return [query[:2] + bytes((made * 37 + at * at) % 256 for at in range(made * 7))]

    async with DnsServer(noise) as server:
        looks = [
            await look("dns", server=server.server, name=NAME, transport=way, timeout="200ms")
            for way in ("udp", "tcp") * 6
        ]
    assert {seen.verdict for seen in looks} == {Verdict.DOWN}


async def test_a_look_may_be_cancelled_and_leaves_its_socket_to_nobody() -> None:
    async with DnsServer(lambda query: []) as server:
        looking = asyncio.ensure_future(look("dns", server=server.server, name=NAME, timeout="60s"))
        while not server.asked:
            await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
