"""What was asked of an answer is held against it in a fixed order, and a failure carries what was seen."""

import gzip
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.answer import Answer
from probes.http_spec import HttpSpec
from probes.judge import Rules
from probes.observation import Expectation, Observation, Verdict
from probes.verdict import judge_time
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer, page

HTML = b"<html><head><TITLE lang=id>\n Portal &amp; Layanan </TITLE></head><body>Selamat datang</body></html>"


async def judge(answer: bytes, **keys: Any) -> Observation:
    async with PageServer() as server:
        server.pages["/"] = answer
        return await look(url=server.url(), **keys)


def failed(observation: Observation) -> list[tuple[str, str]]:
    return [(asked.expr, asked.seen) for asked in observation.expectations if not asked.ok]


@pytest.mark.parametrize(
    ("status", "wanted", "reason"),
    [
        (200, ["200-299"], "ok"),
        (299, ["200-299"], "ok"),
        (404, ["200-299"], "status_unexpected"),
        (404, ["200", "400-404"], "ok"),
        (404, [404], "ok"),
        (503, ["200-299", "503"], "ok"),
    ],
)
async def test_a_status_is_expected_or_not(status: int, wanted: list[Any], reason: str) -> None:
    assert (await judge(page(status=f"{status} X"), status=wanted)).reason == reason


async def test_an_unexpected_status_is_seen_and_nothing_after_it_is_judged() -> None:
    seen = await judge(page(b"broken", "503 No"), status=["200-299", "301"], body_must_match=["ok"])
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "status_unexpected")
    assert seen.params == {"seen": 503, "want": "200-299, 301"}
    assert seen.detail == "status 503, want 200-299, 301"
    assert failed(seen) == [("status", "503")]
    assert seen.http is not None
    assert (seen.http.status, seen.http.excerpt) == (503, "broken")


HEADERS = ("Content-Type: application/json", "X-Node: a", "X-Node: b")
JSON_TYPE = {"name": "Content-Type", "pattern": "json"}


@pytest.mark.parametrize(
    ("keys", "ok"),
    [
        ({"header_must_match": [JSON_TYPE]}, True),
        ({"header_must_match": [{"name": "content-type", "pattern": "^text/"}]}, False),
        ({"header_must_match": [{"name": "X-Node", "pattern": "^b$"}]}, True),
        ({"header_must_match": [{"name": "X-Absent", "pattern": "."}]}, False),
        ({"header_must_match": [{"name": "X-Absent", "pattern": ".", "allow_missing": True}]}, True),
        ({"header_must_not_match": [{"name": "X-Node", "pattern": "^b$"}]}, False),
        ({"header_must_not_match": [{"name": "X-Node", "pattern": "^c$"}]}, True),
        ({"header_must_not_match": [{"name": "X-Absent", "pattern": "."}]}, True),
        ({"header_must_not_match": [{"name": "X-Absent", "pattern": ".", "allow_missing": True}]}, True),
    ],
)
async def test_a_pattern_over_a_header_holds_for_any_of_its_values(keys: dict[str, Any], ok: bool) -> None:
    seen = await judge(page(headers=HEADERS), **keys)
    assert seen.reason == ("ok" if ok else "header_unexpected")


async def test_a_header_that_fails_shows_its_value_or_that_it_is_absent() -> None:
    rules = [{"name": "Content-Type", "pattern": "^text/"}, {"name": "X-Absent", "pattern": "."}]
    seen = await judge(page(headers=HEADERS), header_must_match=rules)
    assert seen.params == {"name": "Content-Type", "seen": "application/json", "want": "=~ ^text/"}
    assert failed(seen) == [
        ("header Content-Type =~ ^text/", "application/json"),
        ("header X-Absent =~ .", "-"),
    ]


async def test_a_body_must_match_each_pattern_and_none_of_the_forbidden() -> None:
    keys = {"body_must_match": ["Selamat", "(?i)DATANG"], "body_must_not_match": ["(?i)perbaikan"]}
    assert (await judge(page(HTML), **keys)).reason == "ok"
    seen = await judge(page(b"Sedang dalam Perbaikan"), **keys)
    assert seen.reason == "body_unexpected"
    assert seen.params == {"want": "=~ Selamat", "seen": "Sedang dalam Perbaikan"}
    assert failed(seen) == [
        ("body =~ Selamat", "Sedang dalam Perbaikan"),
        ("body =~ (?i)DATANG", "Sedang dalam Perbaikan"),
        ("body !~ (?i)perbaikan", "Perbaikan"),
    ]


async def test_a_pattern_meets_a_coded_body_decoded_and_by_its_charset() -> None:
    body = gzip.compress("pelayanan ditutup – café".encode("windows-1252"))
    headers = ("Content-Encoding: gzip", "Content-Type: text/html; charset=windows-1252")
    seen = await judge(page(body, headers=headers), body_must_match=["ditutup – café$"])
    assert seen.reason == "ok"
    assert seen.http is not None
    assert (seen.http.wire_bytes, seen.http.body_bytes) == (len(body), 24)


async def test_a_pattern_that_would_never_end_elsewhere_ends_here() -> None:
    seen = await judge(page(b"a" * 50_000 + b"b"), body_must_match=["(a+)+$"])
    assert seen.reason == "body_unexpected"


NODES = b'{"status": "degraded", "nodes": [1, 2], "when": null}'


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("status == 'degraded'", ""),
        ("length(nodes) >= `2`", ""),
        ("contains(status, 'gra')", ""),
        ("status == 'ok'", '"degraded"'),
        ("length(nodes) > `2`", "2"),
        ("nodes", "[1,2]"),
        ("missing", "null"),
        ("when == `1`", "null"),
        ("status", '"degraded"'),
    ],
)
async def test_a_json_rule_must_yield_exactly_true(rule: str, shown: str) -> None:
    seen = await judge(page(NODES), json=[rule])
    assert seen.reason == ("json_unexpected" if shown else "ok")
    assert seen.params == ({"seen": shown, "want": rule} if shown else {})


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": NaN}', b"[" * 5000, b'{"a": 1} trailing', b'"\xff"'[:1], b"{'a': 1}"]
)
async def test_a_body_that_is_no_json_fails_its_rules(body: bytes) -> None:
    assert (await judge(page(body), json=["@ != `0`"])).reason == "json_unexpected"


async def test_an_expression_that_fails_on_the_value_says_so() -> None:
    seen = await judge(page(NODES), json=["length(when) == `0`"])
    assert seen.reason == "json_unexpected"
    assert "length" in str(seen.params["seen"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
        max_leaves=6,
    ),
    st.sampled_from(
        [
            "a", "a.b > `1`", "length(a) == `2`", "sort_by(a, &b)[0].b == 'x'", "max(a) < `5`",
            "a[?b == `1`] | [0]", "to_number(a) == `1`", "sum(a) >= `0`", "join(',', a) == 'x'", "&a",
            "a[::-1] == b", "keys(a) == ['b']",
        ]
    ),
)  # fmt: skip
def test_any_rule_on_any_value_holds_or_shows_why(value: object, rule: str) -> None:
    rules = Rules(HttpSpec.model_validate({"url": "http://app.example/", "json": [rule]}))
    answer = Answer(200, httpx.Headers(), b"", json.dumps(value).encode(), complete=True)
    failure, expectations = rules.judge(answer)
    assert failure is None or failure.reason == "json_unexpected"
    assert expectations[-1].ok is (failure is None)


async def test_json_rules_on_a_body_that_was_not_read_whole_fail() -> None:
    seen = await judge(page(b'{"a": 1, "b": "' + b"x" * 2000 + b'"}'), json=["a == `1`"], body_read="1KiB")
    assert (seen.reason, seen.params["seen"]) == ("json_unexpected", "> 1024B")


async def test_a_body_longer_than_what_is_read_is_judged_by_its_beginning() -> None:
    seen = await judge(page(b"begin" + b"x" * 5000 + b"end"), body_read="1KiB", body_must_not_match=["end"])
    assert seen.reason == "ok"
    assert seen.http is not None
    assert (seen.http.body_complete, seen.http.body_bytes) == (False, 1024)


@pytest.mark.parametrize(("size", "reason"), [(2048, "ok"), (2049, "response_too_large")])
@pytest.mark.parametrize("read", ["1KiB", "64KiB"])
async def test_only_a_body_limit_makes_a_larger_body_a_failure(size: int, reason: str, read: str) -> None:
    seen = await judge(page(b"x" * size), body_limit="2KiB", body_read=read)
    assert seen.reason == reason
    assert seen.params == ({} if reason == "ok" else {"want": "2KiB"})


async def test_an_unexpected_status_comes_before_a_body_that_is_too_large() -> None:
    seen = await judge(page(b"x" * 5000, "500 No"), body_limit="1KiB")
    assert seen.reason == "status_unexpected"


async def test_a_slow_answer_is_degraded_and_says_how_slow() -> None:
    seen = await judge(page(), slow_over="1ms", timeout="10s")
    if seen.duration_ms > 1:
        assert (seen.verdict, seen.reason, seen.params["want"]) == (Verdict.DEGRADED, "slow", "1ms")
        assert failed(seen) == [("slow_over 1ms", str(seen.params["seen"]))]
    assert (await judge(page(), slow_over="9s")).reason == "ok"


@pytest.mark.parametrize(
    ("seconds", "seen"),
    [
        (0.0002, "<1ms"),
        (0.0026, "3ms"),
        (2.9998, "3s"),
        (3.0, "3s"),
        (3.0002, "3.001s"),
        (3.0049, "3.005s"),
    ],
)
def test_the_time_that_is_shown_lies_on_the_side_of_the_limit_that_it_was_judged_by(
    seconds: float, seen: str
) -> None:
    spec = HttpSpec.model_validate({"kind": "http", "url": "http://127.0.0.1/", "slow_over": "3s"})
    expectations: list[Expectation] = []
    failure = judge_time(spec, seconds, expectations)
    assert (failure is None) is (seconds <= 3)
    assert [(one.seen, one.ok) for one in expectations] == [(seen, seconds <= 3)]


async def test_a_failure_comes_before_slowness() -> None:
    assert (await judge(page(status="500 No"), slow_over="1ms")).reason == "status_unexpected"


async def test_the_page_is_told_by_title_type_and_beginning() -> None:
    seen = await judge(page(HTML, headers=("Content-Type: text/html; charset=utf-8",)))
    assert seen.http is not None
    assert seen.http.title == "Portal & Layanan"
    assert seen.http.content_type == "text/html; charset=utf-8"
    assert seen.http.excerpt.startswith("<html>")
    assert seen.http.version == "1.1"


@pytest.mark.parametrize(
    "body", [b"", b"<title", b"<title>open", b"</title>", b"<title" * 9000, b"<title>" * 9000, b"x" * 100_000]
)
async def test_a_page_without_a_sound_title_has_none(body: bytes) -> None:
    seen = await judge(page(body, headers=("Content-Type: text/html",)))
    assert seen.http is not None
    assert seen.http.title == ""
