"""Configured probes are typed and checked; what is wrong says what to write instead."""

from typing import Any

import pytest
from pydantic import ValidationError

from probes.http import HttpSpec
from probes.spec import format_duration, format_size, parse_duration, parse_size
from probes.tcp import TcpSpec


def errors(spec: type[HttpSpec] | type[TcpSpec], **keys: Any) -> dict[str, str]:
    """Message by dotted place."""
    with pytest.raises(ValidationError) as refused:
        spec.model_validate(keys)
    return {".".join(map(str, error["loc"])): error["msg"] for error in refused.value.errors()}


def http_errors(**keys: Any) -> dict[str, str]:
    return errors(HttpSpec, **{"url": "http://app.example/", **keys})


def test_an_address_is_enough() -> None:
    spec = HttpSpec.model_validate({"url": "https://app.example/"})
    assert (spec.name, spec.every, spec.retry, spec.timeout, spec.attempts) == ("http", 60, 15, 10, 3)
    assert (spec.method, spec.status, spec.max_redirects, spec.body_read) == ("GET", ["200-299"], 10, 262_144)
    assert (spec.tls.verify, spec.tls.min_days, spec.require_tls, spec.ip_family) == (
        True,
        None,
        False,
        "auto",
    )


def test_a_fast_rhythm_needs_no_retry_of_its_own() -> None:
    keys = {"url": "https://app.example/", "every": "10s"}
    assert HttpSpec.model_validate(keys).retry == 10
    assert HttpSpec.model_validate({**keys, "retry": "2s"}).retry == 2


def test_every_key_of_a_file_is_taken() -> None:
    spec = HttpSpec.model_validate(
        {
            "kind": "http", "id": "main", "was": ["old"], "url": "https://127.20.4.9:9443/health",
            "every": "60s", "retry": "15s", "timeout": "10s", "slow_over": "3s", "attempts": 3,
            "recoveries": 2, "essential": True, "method": "GET", "body": "",
            "headers": {"Accept": "application/json"},
            "status": ["200-299"], "follow_redirects": True, "max_redirects": 10,
            "body_must_match": ['"status"\\s*:\\s*"ok"'],
            "body_must_not_match": ["(?i)sedang (dalam )?perbaikan"],
            "header_must_match": [{"name": "Content-Type", "pattern": "json"}], "header_must_not_match": [],
            "json": ["status == 'ok'", "length(nodes) >= `2`"], "body_read": "256KiB", "body_limit": "",
            "tls": {"verify": True, "ca_file": "", "server_name": "", "min_days": 14}, "require_tls": False,
            "ip_family": "auto",
        }
    )  # fmt: skip
    assert (spec.name, spec.slow_over, spec.body_limit, spec.json_rules[0]) == (
        "main",
        3.0,
        0,
        "status == 'ok'",
    )
    assert HttpSpec.model_validate({"url": "http://a.example/", "body_limit": "1MiB"}).body_limit == 2**20


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("app.example", "http:// or https://"),
        ("ftp://app.example/", "http:// or https://"),
        ("http:///path", "host name"),
        ("http://user:secret@app.example/", "secrets are never values"),
        ("http://app.example:0/", "port"),
        ("http://app.example:70000/", "port"),
        ("http://app.example/a b", "%20"),
        ("http://app.example/\x1b", "control characters"),
        ("http://[::1/", "not an address"),
        ("http://app.example/" + "a" * 5000, "4096"),
    ],
)
def test_an_address_that_can_not_be_looked_at_is_refused(url: str, says: str) -> None:
    assert says in http_errors(url=url)["url"]


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "cookie",
        "X-Api-Key",
        "Proxy-Authorization",
        "X-Vault-Token",
        "PRIVATE-TOKEN",
        "Ocp-Apim-Subscription-Key",
        "apikey",
        "X-Client-Secret-Id",
        "X-Password",
    ],
)
def test_a_header_that_carries_a_secret_is_refused_and_the_secret_not_repeated(name: str) -> None:
    message = http_errors(headers={name: "hunter2"})["headers"]
    assert "secrets are never values" in message
    assert "write auth = {" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("name", ["Accept", "X-Keyboard", "Host", "X-Session", "Tokens", "X-Monkey"])
def test_a_header_that_only_sounds_like_one_is_sent(name: str) -> None:
    assert HttpSpec.model_validate({"url": "http://app.example/", "headers": {name: "1"}}).headers


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"Content-Length": "5"}, "set by the probe itself"),
        ({"transfer-encoding": "chunked"}, "set by the probe itself"),
        ({"X Y": "1"}, "not the name of a header"),
        ({"X\r\nY": "1"}, "not the name of a header"),
        ({"X": "a\r\nY: b"}, "printable ASCII"),
        ({"X": "é"}, "printable ASCII"),
    ],
)
def test_headers_can_not_break_the_request(headers: dict[str, str], says: str) -> None:
    assert says in http_errors(headers=headers)["headers"]


def test_each_mistake_is_told_at_its_own_key() -> None:
    found = http_errors(
        status=["200", "2xx"],
        body_must_match=["ok", "(unclosed"],
        json=["a ="],
        header_must_match=[{"name": "a b", "pattern": "x"}],
        body_read="1GB",
        body_limit="65MiB",
        method="TRACE",
        slow_over="soon",
        tls={"min_version": "0.9", "verify": "yes", "server_name": "a b"},
    )
    assert set(found) == {
        "status.1", "body_must_match.1", "json.0", "header_must_match.0.name", "body_read", "body_limit",
        "method", "slow_over", "tls.min_version", "tls.verify", "tls.server_name",
    }  # fmt: skip
    assert all("\n" not in message for message in found.values())


@pytest.mark.parametrize("key", ["second_look", "proxy"])
def test_a_key_that_is_not_built_is_refused(key: str) -> None:
    assert http_errors(**{key: "x"})[key] == "Extra inputs are not permitted"


@pytest.mark.parametrize("wanted", [[], ["600-100"], ["abc"], ["99"], [True], [None]])
def test_statuses_are_numbers_or_ranges(wanted: list[Any]) -> None:
    assert http_errors(status=wanted)


@pytest.mark.parametrize(
    "host", ["", "a b", "http://a.example", "a.example:80", "[::1]", "-a.example", "a" * 300]
)
def test_a_host_is_a_name_or_an_address(host: str) -> None:
    assert "host name or an IP address" in errors(TcpSpec, host=host, port=1)["host"]


@pytest.mark.parametrize("port", [0, 65_536, "80"])
def test_a_port_is_a_number_in_range(port: Any) -> None:
    assert "port" in errors(TcpSpec, host="a.example", port=port)


@pytest.mark.parametrize("text", ["500ms", "10s", "5m", "23h", "30d", "1.5s"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0ms"), (0.0004, "0ms"), (3.412, "3.412s"), (90.0, "1.5m"), (61.0, "61s")]
)
def test_any_duration_can_be_written(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize("value", ["", "10", 10, "10 s", "-1s", "s", "1w", None, "9" * 400 + "s", "400d"])
def test_what_is_no_duration_is_refused(value: Any) -> None:
    assert "every" in http_errors(every=value)


@pytest.mark.parametrize("text", ["100B", "256KiB", "1MiB"])
def test_sizes_are_written_as_they_are_read(text: str) -> None:
    assert format_size(parse_size(text)) == text


@pytest.mark.parametrize("value", ["", "0B", "10", 10, "1GiB", "1 KiB", "-1B"])
def test_what_is_no_size_is_refused(value: Any) -> None:
    assert "body_read" in http_errors(body_read=value)
