"""TLS told apart: what is wrong with a certificate, when it ends, and what a server made of our handshake."""

import contextlib
import hashlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from probes.env import Env
from probes.http import HttpSpec, http_target
from probes.observation import Observation, Verdict
from probes.target import TargetError
from probes.tcp import TcpSpec, tcp_target
from tests.fakes.authority import DAY, Issued, ca_file, issue, now, root
from tests.fakes.looking import look
from tests.fakes.page_server import PageServer, redirect

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def ca() -> Issued:
    return root(ends=now() + 3650 * DAY)


@contextlib.asynccontextmanager
async def serving(issued: Issued, **options: Any) -> AsyncIterator[PageServer]:
    context = issued.server_context()
    for name, value in options.items():
        setattr(context, name, value)
    async with PageServer(tls=context) as server:
        yield server


@contextlib.contextmanager
def blocking_server(context: ssl.SSLContext) -> Iterator[int]:
    """A server for one connection that sends its alerts, which asyncio's does not."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1000)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


async def look_at(issued: Issued, ca: Issued, folder: Path, /, **tls: Any) -> Observation:
    async with serving(issued) as server:
        return await look(url=server.url(), tls={"ca_file": ca_file(folder, ca), **tls})


async def test_a_sound_certificate_is_up_and_its_facts_are_told(ca: Issued, tmp_path: Path) -> None:
    leaf = issue(HOST, by=ca, common_name="web,app", ends=now() + 90 * DAY)
    seen = await look_at(leaf, ca, tmp_path)
    assert (seen.verdict, seen.reason) == (Verdict.UP, "ok")
    assert seen.tls is not None
    assert seen.tls.version == "TLSv1.3"
    assert seen.tls.verified
    der = leaf.certificate.public_bytes(serialization.Encoding.DER)
    assert seen.tls.fingerprint == hashlib.sha256(der).hexdigest()
    assert seen.tls.leaf_expires_at == leaf.certificate.not_valid_after_utc
    assert (seen.tls.subject, seen.tls.issuer) == ("CN=web\\,app", "CN=Test Root")
    assert seen.phases_ms.tls > 0


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_an_expired_certificate_is_down_and_says_when(
    ca: Issued, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    ended = now() - 3 * DAY
    async with serving(issue(HOST, by=ca, ends=ended), maximum_version=version) as server:
        seen = await look(url=server.url(), tls={"ca_file": ca_file(tmp_path, ca)})
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "tls_expired")
    assert seen.params == {"seen": ended.date().isoformat()}
    assert seen.tls is not None
    assert not seen.tls.verified
    assert seen.tls.leaf_expires_at == ended


async def test_a_certificate_of_the_future_is_not_yet_valid(ca: Issued, tmp_path: Path) -> None:
    begins = now() + 2 * DAY
    seen = await look_at(issue(HOST, by=ca, begins=begins), ca, tmp_path)
    assert (seen.reason, seen.params) == ("tls_not_yet_valid", {"seen": begins.date().isoformat()})


async def test_a_certificate_for_another_host_says_for_which(ca: Issued, tmp_path: Path) -> None:
    seen = await look_at(issue("other.example", "10.0.0.1", by=ca), ca, tmp_path)
    assert (seen.reason, seen.params) == ("tls_hostname", {"seen": "other.example, 10.0.0.1", "want": HOST})
    seen = await look_at(issue(HOST, by=ca), ca, tmp_path, server_name="portal.example")
    assert (seen.reason, seen.params["want"]) == ("tls_hostname", "portal.example")


async def test_a_common_name_alone_is_no_host_name(ca: Issued, tmp_path: Path) -> None:
    leaf = issue(by=ca, common_name="portal.example")
    seen = await look_at(leaf, ca, tmp_path, server_name="portal.example")
    assert (seen.reason, seen.params["seen"]) == ("tls_hostname", "no host name")


async def test_a_certificate_of_an_unknown_authority_is_untrusted(ca: Issued, tmp_path: Path) -> None:
    seen = await look_at(issue(HOST, by=root()), ca, tmp_path)
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, "tls_untrusted")
    seen = await look_at(issue(HOST), ca, tmp_path)
    assert (seen.reason, seen.params["seen"]) == ("tls_untrusted", "self-signed certificate")


async def test_without_a_ca_file_the_systems_authorities_count(ca: Issued) -> None:
    async with serving(issue(HOST, by=ca)) as server:
        assert (await look(url=server.url())).reason == "tls_untrusted"


async def test_without_verification_anything_goes_but_is_told(ca: Issued, tmp_path: Path) -> None:
    leaf = issue("other.example", by=root(), ends=now() + 90 * DAY)
    seen = await look_at(leaf, ca, tmp_path, verify=False)
    assert seen.verdict == Verdict.UP
    assert seen.tls is not None
    assert not seen.tls.verified
    assert seen.tls.leaf_expires_at == leaf.certificate.not_valid_after_utc


async def test_an_authority_below_an_unknown_root_may_be_trusted(ca: Issued, tmp_path: Path) -> None:
    below = issue(by=ca, common_name="Below", authority=True)
    assert (await look_at(issue(HOST, by=below), below, tmp_path)).reason == "ok"


@pytest.mark.parametrize(
    ("leaf_days", "below_days", "root_days", "earliest"),
    [(90, 200, 3650, 90), (90, 20, 3650, 20), (90, 200, 30, 30)],
)
async def test_the_earliest_end_of_the_verified_chain_counts_beside_the_leafs(
    tmp_path: Path, leaf_days: int, below_days: int, root_days: int, earliest: int
) -> None:
    top = root(ends=now() + root_days * DAY)
    below = issue(by=top, common_name="Below", authority=True, ends=now() + below_days * DAY)
    leaf = issue(HOST, by=below, ends=now() + leaf_days * DAY)
    seen = await look_at(leaf, top, tmp_path, min_days=earliest + 5)
    assert seen.tls is not None
    assert seen.tls.leaf_expires_at == leaf.certificate.not_valid_after_utc
    assert seen.tls.chain_expires_at is not None
    assert abs(seen.tls.chain_expires_at - (now() + earliest * DAY)) < timedelta(minutes=2)
    assert (seen.verdict, seen.reason) == (Verdict.DEGRADED, "cert_expiring")
    assert (seen.params["want"], seen.params["seen"]) == (earliest + 5, earliest - 1)


async def test_of_an_unverified_chain_what_was_presented_counts(ca: Issued, tmp_path: Path) -> None:
    below = issue(by=ca, common_name="Below", authority=True, ends=now() + 5 * DAY)
    seen = await look_at(issue(HOST, by=below), ca, tmp_path, verify=False)
    # A third of the 35 days that it lives.
    assert (seen.reason, seen.params) == ("cert_expiring", {"seen": 4, "want": 11})


@pytest.mark.parametrize(
    ("life", "left", "min_days", "reason"),
    [
        (365, 15, None, "ok"),
        (365, 13, None, "cert_expiring"),
        (365, 13, 10, "ok"),
        (365, 25, 30, "cert_expiring"),
        (6, 3, None, "ok"),
        (6, 1, None, "cert_expiring"),
        (365, 13, 0, "ok"),
    ],
)
async def test_how_early_an_end_is_told_depends_on_the_certificates_life(
    ca: Issued, tmp_path: Path, life: int, left: int, min_days: int | None, reason: str
) -> None:
    ends = now() + left * DAY + timedelta(hours=1)
    leaf = issue(HOST, by=ca, begins=ends - life * DAY, ends=ends)
    keys = {} if min_days is None else {"min_days": min_days}
    assert (await look_at(leaf, ca, tmp_path, **keys)).reason == reason


async def test_an_expired_certificate_that_is_not_verified_is_expiring(ca: Issued, tmp_path: Path) -> None:
    leaf = issue(HOST, by=ca, ends=now() - 2 * DAY - timedelta(hours=1))
    seen = await look_at(leaf, ca, tmp_path, verify=False)
    assert (seen.verdict, seen.reason, seen.params["seen"]) == (Verdict.DEGRADED, "cert_expiring", -3)


async def test_certificates_are_judged_by_the_clock_that_is_passed_in(ca: Issued, tmp_path: Path) -> None:
    leaf = issue(HOST, by=ca, ends=now() + 90 * DAY)
    later = (now() + 85 * DAY).timestamp()
    async with serving(leaf) as server:
        tls = {"ca_file": ca_file(tmp_path, ca)}
        assert (await look(url=server.url(), tls=tls)).reason == "ok"
        seen = await look(url=server.url(), tls=tls, env=Env(wall=lambda: later))
    assert (seen.reason, seen.started_at) == (
        "cert_expiring",
        datetime.fromtimestamp(later, seen.started_at.tzinfo),
    )


async def test_an_unexpected_status_comes_before_the_certificates_end(ca: Issued, tmp_path: Path) -> None:
    async with serving(issue(HOST, by=ca, ends=now() + DAY)) as server:
        seen = await look(url=server.url("/missing"), tls={"ca_file": ca_file(tmp_path, ca)})
    assert seen.reason == "status_unexpected"
    assert seen.tls is not None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_wants_our_certificate_is_told_apart(
    ca: Issued, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    context = issue(HOST, by=ca).server_context()
    context.load_verify_locations(cadata=ca.pem.decode())
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = version
    with blocking_server(context) as port:
        seen = await look(url=f"https://{HOST}:{port}/", tls={"ca_file": ca_file(tmp_path, ca)})
    # Before TLS 1.3 a server has no alert of its own for this.
    wanted = "tls_client_cert" if version is ssl.TLSVersion.TLSv1_3 else "tls_failed"
    assert (seen.verdict, seen.reason) == (Verdict.DOWN, wanted), seen


async def test_old_versions_are_spoken_only_where_they_are_allowed(ca: Issued, tmp_path: Path) -> None:
    context = issue(HOST, by=ca).server_context()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    async with PageServer(tls=context) as server:
        tls = {"ca_file": ca_file(tmp_path, ca)}
        assert (await look(url=server.url(), tls=tls)).reason == "tls_failed"
        seen = await look(url=server.url(), tls={**tls, "min_version": "1.1"})
    assert (seen.reason, seen.tls and seen.tls.version) == ("ok", "TLSv1.1")


async def test_an_ipv6_address_is_a_host_name_too(ca: Issued, tmp_path: Path) -> None:
    tls = {"ca_file": ca_file(tmp_path, ca)}
    async with PageServer("::1", tls=issue("::1", by=ca).server_context()) as server:
        assert (await look(url=server.url(), tls=tls)).reason == "ok"
    async with PageServer("::1", tls=issue("::2", by=ca).server_context()) as server:
        seen = await look(url=server.url(), tls=tls)
    assert (seen.reason, seen.params) == ("tls_hostname", {"seen": "::2", "want": "::1"})


async def test_a_server_name_holds_for_the_configured_origin_alone(ca: Issued, tmp_path: Path) -> None:
    leaf, other = issue("portal.example", by=ca), issue(HOST, by=ca)
    tls = {"ca_file": ca_file(tmp_path, ca), "server_name": "portal.example"}
    async with serving(leaf) as server, serving(other) as elsewhere:
        server.pages["/"] = redirect("/again")
        server.pages["/again"] = redirect(elsewhere.url())
        seen = await look(url=server.url(), tls=tls)
    assert seen.reason == "ok"
    assert seen.http is not None
    assert len(seen.http.redirects) == 2


async def test_tls_on_an_http_address_holds_for_where_it_leads(ca: Issued, tmp_path: Path) -> None:
    async with serving(issue(HOST, by=ca)) as secure, PageServer() as plain:
        plain.pages["/"] = redirect(secure.url())
        assert (await look(url=plain.url(), tls={"ca_file": ca_file(tmp_path, ca)})).reason == "ok"
        assert (await look(url=plain.url(), tls={"verify": False})).reason == "ok"
        secure.pages["/"] = redirect(plain.url())
        seen = await look(url=secure.url(), tls={"verify": False}, require_tls=True)
    assert (seen.reason, seen.params["seen"]) == ("tls_required", plain.url())


async def test_tls_from_the_first_byte_of_a_port(ca: Issued, tmp_path: Path) -> None:
    tls = {"ca_file": ca_file(tmp_path, ca)}
    async with serving(issue(HOST, "mail.example", by=ca, ends=now() + 20 * DAY)) as server:
        seen = await look("tcp", host=HOST, port=server.port, tls=tls)
        assert (seen.reason, seen.tls and seen.tls.verified) == ("ok", True)
        assert seen.phases_ms.tls > 0
        seen = await look("tcp", host=HOST, port=server.port, tls={**tls, "min_days": 30})
        assert (seen.verdict, seen.reason) == (Verdict.DEGRADED, "cert_expiring")
        seen = await look("tcp", host=HOST, port=server.port, tls={**tls, "server_name": "x.example"})
        assert seen.reason == "tls_hostname"
        seen = await look("tcp", host=HOST, port=server.port, tls={**tls, "server_name": "mail.example"})
        assert seen.reason == "ok"


async def test_a_plain_port_asked_for_tls_fails_at_tls(ca: Issued) -> None:
    async with PageServer() as server:
        seen = await look("tcp", host=HOST, port=server.port, tls={}, timeout="1s", retry="1s")
    assert seen.reason in ("tls_timeout", "tls_failed")


@pytest.mark.parametrize(
    "content",
    [None, b"this is no certificate", b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_a_ca_file_that_can_not_be_used_names_its_key(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    tls = {"ca_file": "ca.pem"}
    with pytest.raises(TargetError, match=r"ca\.pem") as error:
        http_target(HttpSpec.model_validate({"url": "http://app.example/", "tls": tls}), tmp_path)
    assert error.value.key == "tls.ca_file"
    with pytest.raises(TargetError):
        tcp_target(TcpSpec.model_validate({"host": "app.example", "port": 1, "tls": tls}), tmp_path)


def test_equal_sections_share_one_context(ca: Issued, tmp_path: Path) -> None:
    ca_file(tmp_path, ca)

    def context(url: str, **tls: Any) -> ssl.SSLContext:
        keys = {"url": url, "tls": {"ca_file": "authorities.pem", **tls}}
        return http_target(HttpSpec.model_validate(keys), tmp_path).context()

    one = context("https://a.example/", server_name="x.example", min_days=3)
    assert context("https://b.example/") is one
    assert context("https://b.example/", verify=False) is not one
