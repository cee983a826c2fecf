"""The keys of a ``dns`` probe, checked."""

import ipaddress
import re
from typing import Annotated, Literal

import dns.exception
import dns.name
import dns.rcode
import dns.rdatatype
import dns.reversename
from pydantic import AfterValidator, Field

from probes.spec import Pattern, ProbeSpec, check_host

_PORT = 53
_NOT_IN_NAMES = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_WANT_SERVER = 'want an address or a name, with a port where it is not 53: "127.20.0.53:5353", "[::1]:53"'


def parse_server(text: str) -> tuple[str, int]:
    """Host and port of ``ADDRESS``, ``ADDRESS:PORT`` or ``[V6]:PORT``. Raises ValueError."""
    host, port = text, ""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if ":" not in host or not bracket or rest[:1] not in ("", ":") or rest == ":":
            raise ValueError(_WANT_SERVER)
        port = rest[1:]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        if not port:
            raise ValueError(_WANT_SERVER)
    try:
        check_host(host)
    except ValueError:
        raise ValueError(_WANT_SERVER) from None
    if port and not (port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) <= 65535):
        raise ValueError("want a port from 1 to 65535")
    return host, int(port or _PORT)


def _check_server(text: str) -> str:
    parse_server(text)
    return text


def _check_domain(text: str) -> str:
    try:
        address = str(ipaddress.ip_address(text))
    except ValueError:
        address = ""
    if address:
        reverse = dns.reversename.from_address(address)
        raise ValueError(f'want a domain name; for an address ask type "PTR" of "{reverse}"')
    if not text or _NOT_IN_NAMES.search(text):
        raise ValueError('want a domain name, such as "portal.example"; the root is "."')
    try:
        dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(f"not a domain name: {error}") from error
    return text


def _check_type(text: str) -> str:
    try:
        found = dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError):
        found = dns.rdatatype.NONE
    # ANY is a question that servers answer as they like (RFC 8482), the others are no questions at all.
    if found == dns.rdatatype.NONE or dns.rdatatype.is_metatype(found):
        raise ValueError(
            'want a type of records, such as "A", "AAAA", "MX", "NS", "SOA", "TXT", "SRV", "PTR"'
        )
    return dns.rdatatype.to_text(found)


def _check_rcode(text: str) -> str:
    try:
        return dns.rcode.to_text(dns.rcode.from_text(text))
    except (dns.exception.DNSException, ValueError):
        raise ValueError('want a response code, such as "NOERROR", "NXDOMAIN" or "REFUSED"') from None


Server = Annotated[str, AfterValidator(_check_server)]
Domain = Annotated[str, AfterValidator(_check_domain)]
RecordType = Annotated[str, AfterValidator(_check_type)]
Rcode = Annotated[str, AfterValidator(_check_rcode)]


class DnsSpec(ProbeSpec):
    """One question to one name server, and what its answer must be like.

    Patterns are searched in each record as a zone file writes it: owner, TTL, class, type, data.
    """

    kind: Literal["dns"] = "dns"
    server: Server
    domain: Domain = Field(alias="name")
    type: RecordType = "A"
    transport: Literal["udp", "tcp"] = "udp"
    recursion: bool = True
    rcodes: Annotated[list[Rcode], Field(min_length=1)] = ["NOERROR"]
    allow_empty: bool = False
    answer_must_match: list[Pattern] = []
    answer_must_not_match: list[Pattern] = []
    authority_must_match: list[Pattern] = []
    authority_must_not_match: list[Pattern] = []
    additional_must_match: list[Pattern] = []
    additional_must_not_match: list[Pattern] = []
