"""Targets that misbehave: every look ends by its deadline with a verdict, and no neighbour is delayed."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from probes.observation import Observation, Verdict
from tests.fakes.looking import look
from tests.fakes.rude_http import BEHAVIOURS
from tests.fakes.rude_servers import rude_servers
from tests.fakes.rude_tls import TLS_BEHAVIOURS

TIMEOUT_S = 1.5
BY_THE_DEADLINE = {"connect_timeout", "tls_timeout", "response_timeout", "deadline"}
ENDLESS: dict[str, Any] = {"body_read": "64KiB"}
BIG_POST: dict[str, Any] = {"method": "POST", "body": "x" * 20_000_000}

# What each behaviour must be called, and the keys that bring it out.
EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    "healthy": ("ok", {}),
    "silent": ("response_timeout", {}),
    "full_backlog": ("connect_timeout", {}),
    "closes_at_once": ("no_response", {}),
    "closes_after_request": ("no_response", {}),
    "resets_after_request": ("connection_reset", {}),
    "resets_in_body": ("connection_reset", {}),
    "ssh_banner": ("response_malformed", {}),
    "never_reads": ("response_timeout", BIG_POST),
    "answers_before_reading": ("status_unexpected", BIG_POST),
    "slow_redirects": ("response_timeout", {"max_redirects": 50}),
    "drips_status_line": ("deadline", {}),
    "binary_garbage": ("response_malformed", {}),
    "http_0_9": ("response_malformed", {}),
    "http_2_frames": ("response_malformed", {}),
    "bad_status": ("response_malformed", {}),
    "empty_status": ("response_malformed", {}),
    "upgrades": ("status_unexpected", {}),
    "many_headers": ("response_too_large", {}),
    "huge_header": ("response_too_large", {}),
    "lengths_differ": ("response_malformed", {}),
    "cut_head": ("response_truncated", {}),
    "cut_body": ("response_truncated", {}),
    "cut_chunk": ("response_truncated", {}),
    "cut_before_last_chunk": ("response_truncated", {}),
    "bad_chunk_size": ("response_malformed", {}),
    "negative_chunk_size": ("response_malformed", {}),
    "only_interim": ("no_response", {}),
    "gzip_bomb": ("ok", {}),
    "deflate_bomb": ("ok", {}),
    "br_bomb": ("ok", {}),
    "zstd_bomb": ("ok", {}),
    "gzip_in_gzip_bomb": ("ok", {}),
    "gzip_broken": ("response_malformed", {}),
    "gzip_cut": ("response_malformed", {}),
    "zstd_many_frames": ("response_malformed", {}),
    "redirect_loop": ("redirect_limit", {}),
    "redirect_to_metadata": ("address_denied", {}),
    "redirect_to_mapped_metadata": ("address_denied", {}),
    "redirect_to_file": ("redirect_invalid", {}),
    "redirect_to_nonsense": ("redirect_invalid", {}),
    "redirect_to_nowhere": ("redirect_invalid", {}),
    "redirect_far": ("redirect_invalid", {}),
    "deep_json": ("json_unexpected", {"json": ["length(@) == `1`"]}),
    "escapes": ("ok", {}),
    "stalls_after_head": ("deadline", {}),
    "huge_chunk": ("deadline", {}),
    "keeps_open": ("ok", {}),
    "drips_headers": ("deadline", {}),
    "floods_headers": ("response_too_large", {}),
    "floods_blank_lines": ("response_too_large", {}),
    "drips_interim": ("deadline", {}),
    "floods_interim": ("response_too_large", {}),
    "drips_body": ("deadline", {}),
    "endless_body": ("ok", ENDLESS),
    "tiny_chunks": ("ok", ENDLESS),
    "chunk_extensions": ("ok", ENDLESS),
    "endless_chunk_line": ("response_malformed", {}),
    "endless_trailers": ("ok", {}),
    "endless_gzip": ("ok", ENDLESS),
    "tls_stalls": ("tls_timeout", {}),
    "tls_closes": ("tls_failed", {}),
    "tls_resets": ("connection_reset", {}),
    "tls_garbage": ("tls_failed", {}),
    "tls_half_a_record": ("tls_timeout", {}),
    "tls_drips": ("tls_timeout", {}),
    "tls_speaks_http": ("tls_failed", {}),
    "tls_then_silent": ("response_timeout", {}),
    "tls_then_closes": ("no_response", {}),
    "tls_then_endless_body": ("ok", ENDLESS),
    "tls_then_cut": ("connection_reset", {}),
}
# These would give for ever or far more than is read; what was read is judged and known to be a part.
CUT_SHORT = {
    "gzip_bomb", "deflate_bomb", "br_bomb", "zstd_bomb", "gzip_in_gzip_bomb", "endless_body", "tiny_chunks",
    "chunk_extensions", "endless_trailers", "endless_gzip", "tls_then_endless_body",
}  # fmt: skip


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with rude_servers() as ports:
        yield ports


async def look_at(name: str, ports: dict[str, int]) -> Observation:
    reason, keys = EXPECTED[name]
    scheme = "https" if name.startswith("tls") else "http"
    # Those that end by themselves may take long on a machine that is busy with something else.
    timeout = TIMEOUT_S if reason in BY_THE_DEADLINE else 20
    keys = {"timeout": f"{timeout}s", "tls": {"verify": False}, **keys}
    return await look(url=f"{scheme}://127.0.0.1:{ports[name]}/", **keys)


async def look_at_all(ports: dict[str, int]) -> dict[str, Observation]:
    """Those that only wait all at once, those that cost something one after the other."""
    one_at_a_time = asyncio.Lock()

    async def look_in_turn(name: str) -> Observation:
        if EXPECTED[name][0] in BY_THE_DEADLINE:
            return await look_at(name, ports)
        async with one_at_a_time:
            return await look_at(name, ports)

    observations = await asyncio.gather(*(look_in_turn(name) for name in EXPECTED))
    return dict(zip(EXPECTED, observations, strict=True))


@pytest.fixture(scope="module")
def seen(ports: dict[str, int]) -> dict[str, Observation]:
    """All of them looked at together, each once."""

    return asyncio.run(look_at_all(ports))


def test_every_behaviour_has_an_expectation() -> None:
    assert {*BEHAVIOURS, *TLS_BEHAVIOURS, "full_backlog"} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_a_misbehaving_target_gets_its_reason_by_the_deadline(
    name: str, seen: dict[str, Observation]
) -> None:
    observation = seen[name]
    assert observation.reason == EXPECTED[name][0], observation
    assert observation.detail.isprintable()


@pytest.mark.parametrize("name", sorted(CUT_SHORT))
def test_what_does_not_end_is_judged_by_its_beginning(name: str, seen: dict[str, Observation]) -> None:
    http = seen[name].http
    assert http is not None
    assert not http.body_complete
    assert http.status == 200
    assert http.body_bytes <= 256 * 1024


def test_a_failure_of_the_target_is_down_and_a_redirect_to_a_denied_address_too(
    seen: dict[str, Observation],
) -> None:
    assert {seen[name].verdict for name, (reason, _) in EXPECTED.items() if reason != "ok"} == {Verdict.DOWN}


def test_an_interim_response_is_no_answer(seen: dict[str, Observation]) -> None:
    for name in ("only_interim", "drips_interim"):
        http = seen[name].http
        assert http is not None
        assert http.status == 0


def test_escape_sequences_and_direction_marks_of_a_target_are_taken_out(seen: dict[str, Observation]) -> None:
    http = seen["escapes"].http
    assert http is not None
    assert http.title
    for text in (http.title, http.excerpt, http.content_type):
        assert text.isprintable(), ascii(text)


async def test_neighbours_are_looked_at_undisturbed_meanwhile(ports: dict[str, int]) -> None:
    hostile = asyncio.ensure_future(look_at_all(ports))
    neighbours = 0
    while not hostile.done():
        observation = await look_at("healthy", ports)
        assert observation.verdict == Verdict.UP, observation
        neighbours += 1
        await asyncio.sleep(0.01)
    await hostile
    # A look that waited for one of the silent ones would have left no room for a second.
    assert neighbours >= 10


@pytest.mark.parametrize(
    "name", sorted({*CUT_SHORT, "huge_header", "floods_headers", "deep_json"} - {"endless_trailers"})
)
async def test_a_hostile_answer_takes_little_memory(name: str, ports: dict[str, int]) -> None:
    await look_at("healthy", ports)
    tracemalloc.start()
    try:
        await look_at(name, ports)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * 1024 * 1024
