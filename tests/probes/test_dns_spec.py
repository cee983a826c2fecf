"""The keys of a ``dns`` probe: what can be asked, and what is refused with a word on what to write."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from probes.dns import dns_target
from probes.dns_spec import DnsSpec, parse_server
from tests.fakes.dns_server import NAME


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.20.0.53", "127.20.0.53", 53),
        ("127.20.0.53:5353", "127.20.0.53", 5353),
        ("::1", "::1", 53),
        ("[::1]", "::1", 53),
        ("[2001:db8::53]:5353", "2001:db8::53", 5353),
        ("ns1.kota.example", "ns1.kota.example", 53),
        ("ns1.kota.example:5353", "ns1.kota.example", 5353),
    ],
)
def test_a_server_is_an_address_or_a_name_with_or_without_a_port(text: str, host: str, port: int) -> None:
    assert parse_server(text) == (host, port)
    label = dns_target(DnsSpec.model_validate({"server": text, "name": "."}), Path()).label
    shown = f"[{host}]" if ":" in host else host
    assert label == f"dns://{shown}:{port}/.?type=A"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":53",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "[::1",
        "[::1]53",
        "[::1]:",
        "[a]:53",
        "a b",
        "a:٣",
    ],
)
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="want"):
        parse_server(text)


def refused(**keys: Any) -> dict[str, str]:
    """Message by dotted place."""
    with pytest.raises(ValidationError) as error:
        DnsSpec.model_validate({"server": "127.0.0.1", "name": NAME, **keys})
    return {".".join(map(str, one["loc"])): one["msg"] for one in error.value.errors()}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"name": ""}, "want a domain name"),
        ({"name": "a b"}, "want a domain name"),
        ({"name": "a..b"}, "not a domain name"),
        ({"name": "a" * 64}, "not a domain name"),
        ({"name": "103.0.2.20"}, '"20.2.0.103.in-addr.arpa."'),
        ({"type": "B"}, "want a type"),
        ({"type": "AXFR"}, "want a type"),
        ({"type": "ANY"}, "want a type"),
        ({"type": "OPT"}, "want a type"),
        ({"rcodes": []}, "at least 1"),
        ({"rcodes": ["NOPE"]}, "want a response code"),
        ({"transport": "tls"}, "'udp' or 'tcp'"),
        ({"answer_must_match": ["("]}, "RE2"),
        ({"recursion": 1}, "boolean"),
        ({"nameserver": "x"}, "not permitted"),
    ],
)
def test_what_can_not_be_asked_is_refused_and_says_what_to_write(keys: dict[str, Any], says: str) -> None:
    (message,) = refused(**keys).values()
    assert says in message


def test_a_name_may_be_written_in_its_own_letters() -> None:
    spec = DnsSpec.model_validate({"server": "127.0.0.1", "name": "bücher.example", "type": "caa"})
    target = dns_target(spec, Path())
    assert (target.question.name.to_text(), spec.type, spec.name) == ("xn--bcher-kva.example.", "CAA", "dns")
