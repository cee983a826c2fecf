"""Which addresses may be connected to, in every form an address can be wrapped in."""

from ipaddress import ip_address, ip_network

import pytest

from probes.policy import Reach, denial, examine

DENIED = {
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "169.254.169.254": "link-local",
    "169.254.0.1": "link-local",
    "100.100.100.200": "metadata",
    "168.63.129.16": "metadata",
    "192.0.0.192": "reserved",
    "224.0.0.1": "multicast",
    "239.255.255.255": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
}
DENIED_V6 = {
    "::": "unspecified",
    "fe80::1": "link-local",
    "fe80::1%lo": "link-local",
    "febf::1": "link-local",
    "ff02::1": "multicast",
    "fd00:ec2::254": "metadata",
    "fd20:ce::254": "metadata",
    "fec0::1": "reserved",
    "100::1": "reserved",
    "5f00::1": "reserved",
    "::1%lo": "reserved",
    "::127.0.0.1": "reserved",
    "::ffff:0:127.0.0.1": "reserved",
}
REACHES = {
    "8.8.8.8": Reach.PUBLIC,
    "192.0.2.1": Reach.PUBLIC,
    "2606:4700::1": Reach.PUBLIC,
    "64:ff9b::8.8.8.8": Reach.PUBLIC,
    "2002:808:808::1": Reach.PUBLIC,
    "10.1.2.3": Reach.PRIVATE,
    "172.31.255.255": Reach.PRIVATE,
    "192.168.0.1": Reach.PRIVATE,
    "100.64.0.1": Reach.PRIVATE,
    "fd12:3456::1": Reach.PRIVATE,
    "::ffff:10.0.0.1": Reach.PRIVATE,
    "64:ff9b::10.0.0.1": Reach.PRIVATE,
    "64:ff9b:1::8.8.8.8": Reach.PRIVATE,
    "2002:a00:1::1": Reach.PRIVATE,
    "127.0.0.1": Reach.LOOPBACK,
    "127.20.4.9": Reach.LOOPBACK,
    "::1": Reach.LOOPBACK,
    "::ffff:127.0.0.1": Reach.LOOPBACK,
    "64:ff9b::127.0.0.1": Reach.LOOPBACK,
    "2002:7f00:1::1": Reach.LOOPBACK,
}


def wrapped(address: str) -> dict[str, str]:
    """Every form in which an IPv6 address can stand for an IPv4 one, by the name of the form."""
    number = int(ip_address(address))
    high, low = number >> 16, number & 0xFFFF

    def v6(value: int) -> str:
        return str(ip_address(value.to_bytes(16)))

    return {
        "mapped": v6(0xFFFF << 32 | number),
        "mapped in hex": f"::ffff:{high:x}:{low:x}",
        "NAT64": v6(0x64FF9B << 96 | number),
        "NAT64 of its own, /96": v6(0x64FF9B0001 << 80 | number),
        "NAT64 of its own, /48": v6(0x64FF9B0001 << 80 | high << 64 | low << 40),
        "6to4": v6(0x2002 << 112 | number << 80),
        "Teredo server": v6(0x20010000 << 96 | number << 64 | 0x8000 << 48 | (~0x08080808 & 0xFFFFFFFF)),
        "Teredo client": v6(0x20010000 << 96 | 0x08080808 << 64 | (~number & 0xFFFFFFFF)),
        "ISATAP": v6(0x2606 << 112 | 0x5EFE << 32 | number),
        "ISATAP, global": v6(0x2606 << 112 | 0x02005EFE << 32 | number),
    }


@pytest.mark.parametrize(("address", "rule"), [*DENIED.items(), *DENIED_V6.items()])
def test_addresses_of_no_application_are_always_denied(address: str, rule: str) -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert examine(address).denied == rule
    assert denial(examine(address), None, everything) == rule
    assert denial(examine(address), Reach.LOOPBACK, everything) == rule


@pytest.mark.parametrize(
    ("address", "form"),
    [
        (address, form)
        for address in DENIED
        for form in wrapped(address)
        if not (address == "0.0.0.0" and "of its own" in form)
    ],
)
def test_a_denied_address_is_denied_in_whatever_it_is_wrapped(address: str, form: str) -> None:
    assert examine(wrapped(address)[form]).denied == DENIED[address], wrapped(address)[form]


@pytest.mark.parametrize("address", ["169.254.169.254", "169.254.1.1"])
@pytest.mark.parametrize("form", wrapped("0.0.0.0"))
def test_metadata_is_denied_in_whatever_it_is_wrapped(address: str, form: str) -> None:
    assert examine(wrapped(address)[form]).denied


@pytest.mark.parametrize(("address", "reach"), REACHES.items())
def test_an_address_is_known_to_be_public_private_or_our_own(address: str, reach: Reach) -> None:
    found = examine(address)
    assert (found.denied, found.reach) == ("", reach)


@pytest.mark.parametrize("address", REACHES)
def test_a_configured_target_may_be_public_private_or_our_own(address: str) -> None:
    assert denial(examine(address), None, ()) == ""


@pytest.mark.parametrize(
    ("origin", "leads_to", "rule"),
    [
        ("8.8.8.8", "1.1.1.1", ""),
        ("8.8.8.8", "10.0.0.1", "private"),
        ("8.8.8.8", "::ffff:10.0.0.1", "private"),
        ("8.8.8.8", "fd00::1", "private"),
        ("8.8.8.8", "127.0.0.1", "loopback"),
        ("8.8.8.8", "64:ff9b::7f00:1", "loopback"),
        ("10.0.0.1", "192.168.0.1", ""),
        ("10.0.0.1", "8.8.8.8", ""),
        ("10.0.0.1", "127.0.0.1", "loopback"),
        ("127.0.0.1", "10.0.0.1", ""),
        ("127.0.0.1", "127.0.0.2", ""),
    ],
)
def test_a_redirect_may_not_lead_further_in(origin: str, leads_to: str, rule: str) -> None:
    assert denial(examine(leads_to), examine(origin).reach, ()) == rule


def test_a_network_allowed_by_name_may_be_redirected_to() -> None:
    allowed = (ip_network("10.7.0.0/16"), ip_network("fd07::/16"))
    for address in ("10.7.1.1", "fd07::1", "::ffff:10.7.1.1"):
        assert denial(examine(address), Reach.PUBLIC, allowed) == ""
    for address in ("10.8.1.1", "fd08::1", "::ffff:10.8.1.1"):
        assert denial(examine(address), Reach.PUBLIC, allowed) == "private"


@pytest.mark.parametrize("text", ["localhost", "", "1.2.3", "0x7f000001", "2130706433", "[::1]"])
def test_what_is_no_literal_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        examine(text)
